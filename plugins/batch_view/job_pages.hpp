// A page of jobs read as it stands in the answer, job by job: of 100,000 jobs no tree is built. Pure, any
// thread.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "engine.hpp"

namespace batch_view {

// Tells `see` of each job of a JSON list; how many there were, or nothing when it is no list of jobs.
std::optional<std::size_t> each_job(std::string_view json, const std::function<void(const Job&)>& see);

// How many rows an engine allows that refused with "Max results limit of 50 exceeded!".
std::optional<std::size_t> allowed_rows(std::string_view refusal);

}  // namespace batch_view
