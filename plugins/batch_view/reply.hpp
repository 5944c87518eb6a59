// What a read replies with: the shapes every answer shares. Inline, any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "reads.hpp"

namespace batch_view {

inline Reply refusal(const Problem& problem) {
  return {problem.status, problem_body(problem), false};
}

inline Reply done(const nlohmann::json& body, bool moving) {
  return {COCKPIT_OK, body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), moving};
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
