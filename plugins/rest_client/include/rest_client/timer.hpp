// A moment to come, on the thread that runs the io_context.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace rest_client {

// Destroying a timer stops it: its function is not called afterwards. The function may destroy the timer.
class Timer {
 public:
  virtual ~Timer() = default;
};

// Calls `then` once, when the time has come, never from inside this function.
std::unique_ptr<Timer> start_timer(boost::asio::io_context& context,
                                   std::chrono::steady_clock::time_point time, std::function<void()> then);

}  // namespace rest_client
