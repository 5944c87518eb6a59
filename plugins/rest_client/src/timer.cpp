#include "rest_client/timer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

namespace rest_client {
namespace {

class AsioTimer final : public Timer {
 public:
  AsioTimer(boost::asio::io_context& context, std::chrono::steady_clock::time_point time,
            std::function<void()> then)
      : state_(std::make_shared<State>(State{boost::asio::steady_timer(context, time), std::move(then)})) {
    state_->timer.async_wait([state = state_](const boost::system::error_code&) {
      // Taken out first: it may destroy the timer. Empty if that has happened already.
      if (const auto due = std::exchange(state->then, nullptr)) due();
    });
  }
  ~AsioTimer() override {
    state_->then = nullptr;
    state_->timer.cancel();
  }
  AsioTimer(const AsioTimer&) = delete;
  AsioTimer& operator=(const AsioTimer&) = delete;

 private:
  struct State {
    boost::asio::steady_timer timer;
    std::function<void()> then;
  };
  std::shared_ptr<State> state_;
};

}  // namespace

std::unique_ptr<Timer> start_timer(boost::asio::io_context& context,
                                   std::chrono::steady_clock::time_point time, std::function<void()> then) {
  return std::make_unique<AsioTimer>(context, time, std::move(then));
}

}  // namespace rest_client
