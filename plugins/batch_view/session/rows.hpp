// Batches and jobs as the rows and fields that the description names. Pure functions, any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "session/session.hpp"

namespace batch_view {

// What is shown of a batch in lists and details alike: state, numbers in jobs, times as ISO 8601, durations
// in ms by the engine's clock. `deleted_early` matters for ended ones only.
nlohmann::json batch_fields(const Session& session, const Batch& batch, Session::Known driving_job,
                            bool deleted_early);

// Which actions the header and the banner of a batch offer: id → true, or why not now.
nlohmann::json batch_actions(const Batch& batch, State state, const Session::Rights& rights);

enum class JobKind { execution, seed, monitor };
nlohmann::json job_fields(const Session& session, const Job& job, const Batch& batch);
nlohmann::json job_actions(const Job& job, const Session::Rights& rights);
// What may be done to many failed jobs at once.
nlohmann::json job_actions(const Session::Rights& rights);

// The link of a process instance, where links are configured; "linked", "told" or "none", for the
// description's caps.
const char* add_instance(const Session& session, const std::optional<std::string>& instance,
                         nlohmann::json& fields);

// What the person should know of an engine before 7.18.
nlohmann::json lacks_start(const Session& session);

// Rows of a list that could not be read; the others are shown.
nlohmann::json unread_rows(std::size_t count);

// Whether a batch passes a filter by its own values: engines ignore filters they do not know.
bool passes(const Batch& batch, const BatchFilter& filter);

// A text whose rest is left out where it is too long, without tearing a character.
nlohmann::json cut(const std::string& text, std::size_t longest);

// A stack trace, or its beginning where an answer to a watch could not hold it: the first lines say what
// failed.
nlohmann::json trace_of(const std::string& text);

}  // namespace batch_view
