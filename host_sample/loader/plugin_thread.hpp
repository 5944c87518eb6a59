// The one thread on which the host calls a plugin. A plugin that hangs holds up its own thread and
// nothing else.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace host::loader {

class PluginThread {
 public:
  static constexpr std::size_t longest_queue = 1024;

  explicit PluginThread(const std::string& name);
  // Joins the thread when it is idle; one that hangs in a plugin is let go, with all it needs.
  ~PluginThread();
  PluginThread(const PluginThread&) = delete;
  PluginThread& operator=(const PluginThread&) = delete;

  // Any thread. False: the queue is full, or the thread ends.
  bool post(std::function<void()> work);
  // Any thread. How long the work now running has been running; 0 when idle.
  std::chrono::milliseconds busy_for() const;
  // Any thread. True on that thread itself.
  bool is_current() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace host::loader
