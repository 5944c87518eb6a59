// What the plugin does to batches and jobs: each thing is looked at first, its rights are asked anew, and
// when an answer is lost its state is read back before anything is said of it. Nothing is ever sent twice.
//
// Thread: the plugin's own. `act` tells `then` once.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "watch/read_router.hpp"

namespace batch_view {

struct ActionContext {
  std::function<void(const std::string& body)> progress;
  std::shared_ptr<std::atomic<bool>> cancelled;  // what has not begun then is skipped
  std::optional<Clock::time_point> deadline;     // and what has not begun by then; none: there is none
};

inline constexpr std::size_t most_targets = 4000;  // ids that a request names

Problem unknown_plan();
bool has_twice(std::vector<std::string> ids);

void act(const std::shared_ptr<Session>& session, const Request& request, ActionContext context, Replied then);

}  // namespace batch_view
