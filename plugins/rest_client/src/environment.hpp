// The world as the decisions of the client see it: clock, chance, timers, connections, and the way back to
// callers. One implementation runs on Asio; tests put a simulated one in its place. Thread: the client's.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

#include "connection.hpp"
#include "rest_client/message.hpp"
#include "rest_client/timer.hpp"

namespace rest_client {

using Time = std::chrono::steady_clock::time_point;

class Environment {
 public:
  virtual ~Environment() = default;
  virtual Time now() const = 0;
  virtual double chance() = 0;  // in [0, 1)
  // Calls `then` once, when the time has come, never from inside at().
  virtual std::unique_ptr<Timer> at(Time time, std::function<void()> then) = 0;
  // Calls the callback with the answer, never from inside deliver(), even if the environment is gone by then.
  virtual void deliver(Callback callback, Answer answer) = 0;
  virtual std::unique_ptr<Connection> connection_to(std::size_t node) = 0;  // not opened yet
};

}  // namespace rest_client
