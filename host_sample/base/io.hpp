// What the host does later, on the thread that runs its I/O context: at once, after a time, at a signal.
//
// The one header of the host for that; what it takes of Asio is in io.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace host {

using IoContext = boost::asio::io_context;

// Any thread. Runs `work` on the I/O thread, never from inside this call.
void post(IoContext& io, std::function<void()> work);

// While it is there run() does not return for want of work.
class WorkGuard {
 public:
  explicit WorkGuard(IoContext& io);
  ~WorkGuard();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// I/O thread; must not outlive the I/O context.
class Timer {
 public:
  explicit Timer(IoContext& io);
  ~Timer();  // stop()

  // Calls `due` once, after that time and never from inside this call. What waited before is not called.
  void start(std::chrono::steady_clock::duration after, std::function<void()> due);
  void stop();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// I/O thread. While it is there the signals do not end the process.
class Signals {
 public:
  explicit Signals(IoContext& io);
  ~Signals();  // stop()
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // Once: from then on calls `arrived` for each of these signals.
  void start(std::initializer_list<int> numbers, std::function<void()> arrived);
  // `arrived` is not called any more.
  void stop();

 private:
  struct Parts;
  std::shared_ptr<Parts> parts_;
};

}  // namespace host
