// The engine's JSON and error bodies as values. Pure functions, any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine.hpp"

namespace batch_view {

// Missing and null members are their type's "nothing"; members of a wrong type are a std::exception of
// nlohmann.
Batch batch_of(const nlohmann::json& from);
Job job_of(const nlohmann::json& from);

// What an answer that is no success says: status and the engine's own message.
Problem problem_of(const rest_client::Response& response);
Problem problem_of(const rest_client::Failure& failure);

}  // namespace batch_view
