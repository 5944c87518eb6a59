// The one thread on which the host calls a plugin. A plugin that hangs holds up its own lane and nothing
// else.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace host::plugins {

class Lane {
 public:
  static constexpr std::size_t longest_queue = 1024;

  explicit Lane(const std::string& name);
  // Joins the thread when it is idle; one that hangs in a plugin is let go, with all it needs.
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  // Any thread. False: the queue is full, or the lane has ended.
  bool post(std::function<void()> work);
  // Any thread. How long the work now running has been running; 0 when idle.
  std::chrono::milliseconds busy_for() const;
  // Any thread. True on the lane itself.
  bool is_current() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace host::plugins
