// Batches and jobs as the rows and fields that the description names. Thread: the plugin's own.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "model/batch_state.hpp"
#include "session/session.hpp"

namespace batch_view {

// What is shown of a batch in lists and details alike: state, numbers in jobs, times as ISO 8601, durations
// in ms by the engine's clock. `deleted_early` matters for ended ones only.
nlohmann::json batch_fields(const Session& session, const Batch& batch, const DrivingJobStatus& driving_job,
                            bool deleted_early);

// Which actions the header and the banner of a batch offer: id → true, or why not now.
nlohmann::json batch_actions(const Batch& batch, State state, const Rights& rights);

enum class JobKind { execution, seed, monitor };
nlohmann::json job_fields(const Session& session, const Job& job, const Batch& batch);
nlohmann::json job_actions(const Job& job, const Rights& rights);
// What may be done to many failed jobs at once.
nlohmann::json job_actions(const Rights& rights);

// The link of a process instance, where links are configured; "linked", "known" or "none", for the
// description's caps.
const char* add_instance(const Session& session, const std::optional<std::string>& instance,
                         nlohmann::json& fields);

// What the person should know of an engine before 7.18.
nlohmann::json lacks_start(const Session& session);

// Why no batch that runs now will be among the ended ones.
nlohmann::json hidden_history(const Session& session);

// Rows of a list that could not be read; the others are shown.
nlohmann::json unread_rows(std::size_t count);

}  // namespace batch_view
