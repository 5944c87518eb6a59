// Waits for what several engines are asked at once: one that does not answer does not hold up the others.
//
// Thread: the plugin's own. Owner: whoever asks, until `then` was called, once.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "session/session.hpp"

namespace batch_view {

class FanIn : public std::enable_shared_from_this<FanIn> {
 public:
  static constexpr std::chrono::milliseconds patience{5000};
  static constexpr std::chrono::milliseconds patience_after_failure{
      300};  // for an engine whose last answer was none

  FanIn(const Sessions& sessions, std::function<void()> then);
  // Of one engine alone the answer is waited for, however long it takes.
  void begin();
  // Answers that arrive when it is over are of no use any more.
  bool is_waiting() const { return !over_; }
  void arrived(std::size_t engine);

 private:
  struct Part {
    std::shared_ptr<Session> session;
    bool was_failing = false, arrived = false;
  };
  void wait(std::chrono::milliseconds time, bool last);
  void check();

  std::vector<Part> parts_;
  std::function<void()> then_;
  Environment& environment_;
  std::unique_ptr<Timer> timer_;
  bool failed_had_their_time_ = false, all_had_their_time_ = false, over_ = false;
};

}  // namespace batch_view
