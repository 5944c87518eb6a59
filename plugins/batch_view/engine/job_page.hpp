// A page of jobs read as it stands in the answer, job by job: of 100,000 jobs no tree is built. Pure, any
// thread.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "engine/engine.hpp"

namespace batch_view {

// The rows of a JSON list; `unread` of them could not be read, wholly or in part.
struct JobsRead {
  std::size_t rows = 0, unread = 0;
};

// Tells `see` of each job of a JSON list; nothing when it is no list.
std::optional<JobsRead> each_job(std::string json, const std::function<void(const Job&)>& see);

// Asks for so many jobs that pass a filter.
rest_client::Request asking_jobs(std::uint64_t first, std::size_t size, const nlohmann::json& filter,
                                 Clock::time_point deadline);

// How many rows an engine allows that refused with "Max results limit of 50 exceeded!".
std::optional<std::size_t> allowed_rows(std::string_view refusal);

}  // namespace batch_view
