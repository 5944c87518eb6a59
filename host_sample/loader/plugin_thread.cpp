#include "loader/plugin_thread.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#if defined(__linux__)
#include <pthread.h>
#endif

namespace host::loader {

using Clock = std::chrono::steady_clock;

// Shared by the PluginThread's owner and its thread, so that either may go first.
struct PluginThread::State {
  mutable std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::function<void()>> queue;
  std::optional<Clock::time_point> busy_since;
  bool ending = false;
  std::thread thread;

  void run() {
    std::unique_lock lock{mutex};
    while (true) {
      wake.wait(lock, [this] { return ending || !queue.empty(); });
      if (queue.empty()) return;
      auto work = std::move(queue.front());
      queue.pop_front();
      busy_since = Clock::now();
      lock.unlock();
      work();
      work = nullptr;
      lock.lock();
      busy_since.reset();
    }
  }
};

PluginThread::PluginThread(const std::string& name) : state_(std::make_shared<State>()) {
  state_->thread = std::thread{[state = state_, name] {
#if defined(__linux__)
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
#endif
    state->run();
  }};
}

PluginThread::~PluginThread() {
  bool hangs = false;
  {
    const std::lock_guard lock{state_->mutex};
    state_->ending = true;
    hangs = state_->busy_since.has_value();
  }
  state_->wake.notify_all();
  if (hangs || is_current())
    state_->thread.detach();
  else
    state_->thread.join();
}

bool PluginThread::post(std::function<void()> work) {
  {
    const std::lock_guard lock{state_->mutex};
    if (state_->ending || state_->queue.size() >= longest_queue) return false;
    state_->queue.push_back(std::move(work));
  }
  state_->wake.notify_one();
  return true;
}

std::chrono::milliseconds PluginThread::busy_for() const {
  const std::lock_guard lock{state_->mutex};
  if (!state_->busy_since) return std::chrono::milliseconds{0};
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - *state_->busy_since);
}

bool PluginThread::is_current() const {
  return std::this_thread::get_id() == state_->thread.get_id();
}

}  // namespace host::loader
