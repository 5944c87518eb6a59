// Waiting for several answers. Inline, the thread of its user.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

namespace batch_view {

// To be called `count` times, at least once: with the last call it calls `then`.
inline std::function<void()> after_all(std::size_t count, std::function<void()> then) {
  return [left = std::make_shared<std::size_t>(count), then = std::move(then)] {
    if (--*left == 0) then();
  };
}

}  // namespace batch_view
