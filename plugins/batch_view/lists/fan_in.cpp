#include "lists/fan_in.hpp"

#include <algorithm>
#include <utility>

namespace batch_view {

FanIn::FanIn(const Sessions& sessions, std::function<void()> then)
    : then_(std::move(then)), environment_(sessions.front()->environment()) {
  parts_.reserve(sessions.size());
  for (const auto& session : sessions)
    parts_.push_back({session, session->engine().failing_since_ms() != 0, false});
}

void FanIn::begin() {
  if (parts_.size() > 1 && !over_) wait(patience_after_failure, false);
}

void FanIn::arrived(std::size_t engine) {
  if (over_) return;
  parts_[engine].arrived = true;
  check();
}

void FanIn::wait(std::chrono::milliseconds time, bool last) {
  timer_ = environment_.after(time, [self = shared_from_this(), last] {
    if (self->over_) return;
    (last ? self->all_had_their_time_ : self->failed_had_their_time_) = true;
    self->check();
    if (!last && !self->over_) self->wait(patience - patience_after_failure, true);
  });
}

void FanIn::check() {
  const bool waits = std::any_of(parts_.begin(), parts_.end(), [this](const Part& part) {
    return !part.arrived && !all_had_their_time_ && !(part.was_failing && failed_had_their_time_);
  });
  if (waits) return;
  over_ = true;
  timer_.reset();
  for (const auto& part : parts_)
    if (!part.arrived) part.session->engine().keeps_waiting();
  std::exchange(then_, {})();
}

}  // namespace batch_view
