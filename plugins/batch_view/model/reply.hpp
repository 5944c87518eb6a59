// What a read replies with: the shapes every answer shares. Inline, any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "watch/read_router.hpp"

namespace batch_view {

inline Reply refusal(const Problem& problem) {
  return {problem.status, problem_body(problem), false};
}

// How long an answer is good enough while what it stands on has not changed.
inline constexpr std::chrono::milliseconds of_the_board{0}, of_a_job{2500}, of_a_log{5000}, of_jobs{20000},
    of_the_past{30000};

inline Reply done(const nlohmann::json& body, bool moving, std::chrono::milliseconds again_after = of_a_log) {
  return {COCKPIT_OK, body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), moving,
          again_after};
}

// Continues with the value, or replies with the problem.
template <class Value, class Next>
Then<Value> or_reply(Replied then, Next next) {
  return [then = std::move(then), next = std::move(next)](Got<Value> got) {
    if (const auto* problem = std::get_if<Problem>(&got)) return then(refusal(*problem));
    next(std::get<Value>(std::move(got)));
  };
}

// A text for a person by its key among the description's strings; `fallback` for who knows no strings.
inline nlohmann::json words(const char* key, nlohmann::json args, std::string fallback) {
  return {{"key", key}, {"args", std::move(args)}, {"fallback", std::move(fallback)}};
}

}  // namespace batch_view
