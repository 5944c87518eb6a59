// One question that stays asked: polls, says what changed, slows down when nothing does.
//
// Thread: the plugin's own. Owner: the plugin. The call completes once, by end().
#pragma once

#include <chrono>
#include <cockpit/sdk.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "reads.hpp"

namespace batch_view {

class Watch : public std::enable_shared_from_this<Watch> {
 public:
  // Watches look at multiples of one beat, all at the same moment, so that they share the calls.
  static constexpr std::chrono::milliseconds beat{
      1400};  // while something changes by itself, and after actions
  static constexpr std::chrono::milliseconds resting{5600};   // while nothing does
  static constexpr std::chrono::milliseconds slowest{30000};  // while the engine answers errors
  static constexpr int quick_polls = 6;

  using Ended = std::function<void()>;

  // `ended` is called when the watch completes by itself: the thing is gone, or the credentials are refused.
  Watch(Environment& environment, cockpit::Call call, Sessions sessions, Request request, Ended ended);

  void begin();
  // Something was done: look at once, and closely for a while.
  void poke();
  void end(cockpit_status status, const std::string& body);
  const Sessions& sessions() const { return sessions_; }
  bool looks_at(const std::string& engine) const;
  // Else it is of all that are configured.
  bool asks_again() const { return request_.again; }
  bool names_engines() const { return !request_.engines.empty(); }

 private:
  void poll();
  void begin_poll();
  void look();
  void decide();
  void ask();
  void replied(const Reply& reply);
  std::chrono::milliseconds next_look() const;
  void wait(std::chrono::milliseconds time);
  void broken();
  // Every engine asked to be left alone: until when, and why.
  std::optional<std::pair<Clock::time_point, Problem>> all_rest() const;

  Environment& environment_;
  std::unique_ptr<Timer> timer_;
  cockpit::Call call_;
  Sessions sessions_;
  Request request_;
  Ended ended_;
  std::string last_;
  std::vector<Board::Seen> looks_;  // of this poll, one a session
  std::string stands_on_;           // what the last answer stood on
  Clock::time_point polled_at_{}, asked_at_{};
  std::chrono::milliseconds again_after_{0};
  std::uint64_t as_of_ = 0;
  bool polling_ = false;
  bool again_ = false;
  bool over_ = false;
  int quick_left_ = 0;
  int unchanged_ = 0;
  bool moves_ = true;
  std::chrono::milliseconds error_wait_ = beat;
};

}  // namespace batch_view
