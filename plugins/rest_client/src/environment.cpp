#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "asio_environment.hpp"

namespace rest_client {
namespace {

class AsioTimer final : public Timer {
 public:
  AsioTimer(boost::asio::io_context& context, Time time, std::function<void()> then)
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

AsioEnvironment::AsioEnvironment(boost::asio::io_context& context, const std::vector<BaseUrl>& nodes,
                                 const TlsFiles& files, const Limits& limits)
    : context_(context), connections_(context, nodes, files, limits), random_(std::random_device{}()) {}

Time AsioEnvironment::now() const {
  return std::chrono::steady_clock::now();
}

double AsioEnvironment::chance() {
  return std::uniform_real_distribution<double>(0, 1)(random_);
}

std::unique_ptr<Timer> AsioEnvironment::at(Time time, std::function<void()> then) {
  return std::make_unique<AsioTimer>(context_, time, std::move(then));
}

void AsioEnvironment::deliver(Callback callback, Answer answer) {
  boost::asio::post(context_, [callback = std::move(callback), answer = std::move(answer)]() mutable {
    callback(std::move(answer));
  });
}

std::unique_ptr<Connection> AsioEnvironment::connection_to(std::size_t node) {
  return connections_.connection_to(node);
}

}  // namespace rest_client
