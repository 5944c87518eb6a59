// What the plugin does to batches and jobs: each thing is looked at first, its rights are asked anew, and
// when an answer is lost its state is read back before anything is said of it. Nothing is ever sent twice.
//
// Thread: the plugin's own. `act` tells `then` once.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "reads.hpp"

namespace batch_view {

struct Acting {
  std::function<void(const std::string& body)> progress;
  std::shared_ptr<std::atomic<bool>> cancelled;  // what has not begun then is skipped
};

inline constexpr std::size_t most_targets = 1000;  // of one action

void act(const std::shared_ptr<Session>& session, const Request& request, Acting acting, Replied then);

}  // namespace batch_view
