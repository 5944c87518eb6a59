// A callback that is sure to be called: where it is dropped without one, or an exception leaves it, `dropped`
// is called, once. For whoever keeps a state that waits for an answer. Inline, the thread of its user.
#pragma once

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "engine/engine.hpp"

namespace batch_view {

template <class... Args>
std::function<void(Args...)> guard_callback(std::type_identity_t<std::function<void(Args...)>> then,
                                            std::function<void()> dropped) {
  struct Guarded {
    std::function<void(Args...)> then;
    std::function<void()> dropped;
    ~Guarded() {
      if (then) drop();
    }
    void drop() noexcept {
      try {
        dropped();
      } catch (...) {  // a second failure on the way out: whoever waits is dropped, too, and ends for itself
        then = nullptr;
      }
    }
  };
  const auto state = std::make_shared<Guarded>();
  state->then = std::move(then);
  state->dropped = std::move(dropped);
  return [state](Args... args) {
    const auto once = std::exchange(state->then, nullptr);
    if (!once) return;
    try {
      once(std::forward<Args>(args)...);
    } catch (...) {
      state->drop();
      throw;
    }
  };
}

inline Problem internal_problem() {
  return {COCKPIT_INTERNAL, "Something went wrong in this plugin",
          "This was not answered because of an error in the plugin; the host's log has it. Try again.",
          "problemInternal"};
}

// The same for an answer: dropped, it is an internal problem.
template <class Value>
Then<Value> guard_answer(Then<Value> then) {
  return guard_callback<Got<Value>>(then, [then] { then(internal_problem()); });
}

// Calls one of many that wait for the same: what goes wrong in it is its own, and goes into the log.
template <class Call, class... Args>
void call_guarded(Environment& environment, const Call& call, const Args&... args) noexcept {
  try {
    call(args...);
  } catch (const std::exception& error) {
    environment.report(std::string{"an unexpected error ended one call: "} + error.what());
  } catch (...) {
    environment.report("an unexpected error ended one call");
  }
}

}  // namespace batch_view
