// What a request is answered with: a status and a body, in the shapes that every answer shares. Plain values,
// any thread.
#pragma once

#include <chrono>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>

#include "model/problem.hpp"

namespace batch_view {

struct Reply {
  cockpit_status status = COCKPIT_OK;
  std::string body;
  bool moving = false;  // something that changes by itself within seconds
  // A watch asks the engine again no sooner than this, unless what the answer depends on has changed. 0: an
  // answer from the running snapshot alone.
  std::chrono::milliseconds again_after{5000};
};
using Replied = std::function<void(Reply)>;

// How long an answer is good enough while what it depends on has not changed.
inline constexpr std::chrono::milliseconds of_the_snapshot{0}, of_a_job{2500}, of_a_log{5000}, of_jobs{20000},
    of_the_past{30000};

Reply done(const nlohmann::json& body, bool moving, std::chrono::milliseconds again_after = of_a_log);
Reply refusal(const Problem& problem);

std::string problem_body(const Problem& problem);
// Its detail as a text for a person, as exchange.md has it.
nlohmann::json problem_detail(const Problem& problem);

// A text for a person by its key among the description's strings; `fallback` for who knows no strings.
nlohmann::json words(const char* key, nlohmann::json args, std::string fallback);

// Continues with the value, or replies with the problem.
template <class Value, class Next>
Then<Value> or_reply(Replied then, Next next) {
  return [then = std::move(then), next = std::move(next)](Got<Value> got) {
    if (const auto* problem = std::get_if<Problem>(&got)) return then(refusal(*problem));
    next(std::get<Value>(std::move(got)));
  };
}

}  // namespace batch_view
