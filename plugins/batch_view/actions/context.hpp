// What an action is carried out with: how it reports progress, when it must not go on, and how many targets
// it may have. Plain values.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/environment.hpp"

namespace batch_view {

struct ActionContext {
  std::function<void(const std::string& body)> progress;
  std::shared_ptr<std::atomic<bool>> cancelled;  // what has not begun then is skipped
  std::optional<Clock::time_point> deadline;     // and what has not begun by then; none: there is none
};

inline constexpr std::size_t most_targets = 4000;  // ids that a request names

}  // namespace batch_view
