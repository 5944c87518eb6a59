// Waits for what several engines are asked at once: one that does not answer does not hold up the others.
//
// Thread: the plugin's own. Owner: whoever asks, until `then` was called, once.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "reads.hpp"

namespace batch_view {

class Gathering : public std::enable_shared_from_this<Gathering> {
 public:
  static constexpr std::chrono::milliseconds patience{5000};
  static constexpr std::chrono::milliseconds of_who_failed{300};  // its last answer was none

  Gathering(const Sessions& sessions, std::function<void()> then);
  // Of one engine alone the answer is waited for, however long it takes.
  void begin();
  // What comes when it is over is of no use any more.
  bool waits() const { return !over_; }
  void came(std::size_t engine);
  bool late(std::size_t engine) const { return !parts_[engine].came; }

 private:
  struct Part {
    std::shared_ptr<Session> session;
    bool was_failing = false, came = false;
  };
  void wait(std::chrono::milliseconds time, bool last);
  void look();

  std::vector<Part> parts_;
  std::function<void()> then_;
  Environment& environment_;
  std::unique_ptr<Timer> timer_;
  bool failed_had_their_time_ = false, all_had_their_time_ = false, over_ = false;
};

}  // namespace batch_view
