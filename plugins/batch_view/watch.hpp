// One question that stays asked: polls, says what changed, slows down when nothing does.
//
// Thread: the plugin's own. Owner: the plugin. The call completes once, by end().
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cockpit/sdk.hpp>
#include <functional>
#include <memory>
#include <string>

#include "reads.hpp"

namespace batch_view {

class Watch : public std::enable_shared_from_this<Watch> {
 public:
  static constexpr std::chrono::milliseconds quick{1000};     // just after an action
  static constexpr std::chrono::milliseconds moving{2000};    // while something changes by itself
  static constexpr std::chrono::milliseconds resting{8000};   // while nothing does
  static constexpr std::chrono::milliseconds slowest{30000};  // while the engine answers errors
  static constexpr int quick_polls = 6;

  using Ended = std::function<void(cockpit_status)>;

  // `ended` is told when the watch completes by itself: the thing is gone, or the credentials are refused.
  Watch(boost::asio::io_context& io, cockpit::Call call, Sessions sessions, Request request, Ended ended);

  void begin();
  // Something was done: look at once, and closely for a while.
  void poke();
  void end(cockpit_status status, const std::string& body);
  const Sessions& sessions() const { return sessions_; }

 private:
  void poll();
  void replied(const Reply& reply, std::uint64_t as_of, std::chrono::steady_clock::duration took);
  void wait(std::chrono::milliseconds time);

  boost::asio::steady_timer timer_;
  cockpit::Call call_;
  Sessions sessions_;
  Request request_;
  Ended ended_;
  std::string last_;
  bool polling_ = false;
  bool again_ = false;
  bool over_ = false;
  int quick_left_ = 0;
  int unchanged_ = 0;
  std::chrono::milliseconds error_wait_ = moving;
};

}  // namespace batch_view
