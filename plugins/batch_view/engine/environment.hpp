// The world as the plugin sees it: clocks, chance, timers, a thread to come back to, and the way to an
// engine. One implementation runs on Asio; tests put a simulated one in its place. Thread: the plugin's own,
// where everything that is handed over here is called, too. Owner: the plugin; it outlives all that uses it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "rest_client/message.hpp"
#include "rest_client/options.hpp"
#include "rest_client/timer.hpp"

namespace batch_view {

using Clock = std::chrono::steady_clock;

using rest_client::Timer;

// The way to one engine with one person's credentials. Every callback is called once, never from inside a
// function of this class, also when the transport is gone by then. Destroying it closes it.
class Transport {
 public:
  using CallId = std::uint64_t;  // never 0

  virtual ~Transport() = default;
  virtual CallId send(rest_client::Request request, rest_client::Callback callback) = 0;
  // The call ends with FailureKind::cancelled, or outcome_unknown for a change that was already sent.
  virtual void cancel(CallId call) = 0;
  // Every call ends, as by cancel(), with FailureKind::shutting_down; secrets are wiped.
  virtual void close() = 0;
};

class Environment {
 public:
  virtual ~Environment() = default;
  virtual Clock::time_point now() const = 0;
  virtual std::chrono::system_clock::time_point wall_now() const = 0;
  virtual std::uint64_t random() = 0;  // cannot be guessed from outside
  // Calls `then` once, when the time has come, never from inside at().
  virtual std::unique_ptr<Timer> at(Clock::time_point time, std::function<void()> then) = 0;
  // Calls it soon, never from inside post().
  virtual void post(std::function<void()> then) = 0;
  // Throws rest_client::InvalidOptions.
  virtual std::unique_ptr<Transport> connect(rest_client::Options options) = 0;
  // A line for the operator's log: what went wrong inside the plugin itself.
  virtual void report(std::string_view line) noexcept = 0;

  std::int64_t wall_ms() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(wall_now().time_since_epoch()).count();
  }
  std::unique_ptr<Timer> after(std::chrono::milliseconds time, std::function<void()> then) {
    return at(now() + time, std::move(then));
  }
};

}  // namespace batch_view
