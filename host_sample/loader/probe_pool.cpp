#include "loader/probe_pool.hpp"

#include <utility>

namespace host::loader {

ProbePool::ProbePool(std::filesystem::path program, bool allow_drafts, const StopSignal& stop)
    : program_(std::move(program)), allow_drafts_(allow_drafts), stop_(stop) {}

ProbePool::~ProbePool() {
  {
    const std::lock_guard lock{mutex_};
    asked_.clear();
  }
  for (auto& thread : threads_) thread.join();
}

void ProbePool::begin(std::string hash, std::filesystem::path library) {
  const std::lock_guard lock{mutex_};
  asked_.push_back({std::move(hash), std::move(library)});
  ++open_;
  if (working_ == most_at_once) return;
  ++working_;
  threads_.emplace_back([this] { work(); });
}

std::optional<ProbePool::Ended> ProbePool::next(bool wait) {
  std::unique_lock lock{mutex_};
  if (wait) ended_one_.wait(lock, [this] { return !ended_.empty() || open_ == 0; });
  if (ended_.empty()) return std::nullopt;
  auto one = std::move(ended_.front());
  ended_.pop_front();
  --open_;
  return one;
}

void ProbePool::work() {
  std::unique_lock lock{mutex_};
  while (!asked_.empty()) {
    auto one = std::move(asked_.front());
    asked_.pop_front();
    lock.unlock();
    auto result = probe(program_, one.library, allow_drafts_, stop_);
    lock.lock();
    ended_.push_back({std::move(one.hash), std::move(result)});
    ended_one_.notify_one();
  }
  --working_;
}

}  // namespace host::loader
