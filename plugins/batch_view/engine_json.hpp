// The engine's JSON and error bodies as values. Pure functions, any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine.hpp"

namespace batch_view {

// A row of a list, or one thing. Missing and null members are their type's "nothing"; so are members of
// another type than engines give them, and then `lost` is set. Nothing: its subject cannot be determined.
template <class Row>
struct ReadRow {
  std::optional<Row> row;
  bool lost = false;
};
ReadRow<Batch> batch_of(const nlohmann::json& from);
ReadRow<Job> job_of(const nlohmann::json& from);
ReadRow<LogEntry> log_entry_of(const nlohmann::json& from);

// What an answer that is no success says: status and the engine's own message.
Problem problem_of(const rest_client::Response& response);
Problem problem_of(const rest_client::Failure& failure);

}  // namespace batch_view
