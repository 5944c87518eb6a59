#include "base/io.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

namespace host {

namespace asio = boost::asio;
using boost::system::error_code;

void post(IoContext& io, std::function<void()> work) {
  asio::post(io, std::move(work));
}

struct WorkGuard::Parts {
  asio::executor_work_guard<asio::io_context::executor_type> guard;
};

WorkGuard::WorkGuard(IoContext& io)
    : parts_(std::make_unique<Parts>(Parts{asio::make_work_guard(io.get_executor())})) {}
WorkGuard::~WorkGuard() = default;

struct Timer::Parts {
  asio::steady_timer timer;
  // Which start() is the newest. The functions that wait hold this, and not the timer: what they hold may
  // own the timer.
  std::shared_ptr<std::uint64_t> round = std::make_shared<std::uint64_t>(0);
};

Timer::Timer(IoContext& io) : parts_(std::make_unique<Parts>(Parts{asio::steady_timer{io}})) {}

Timer::~Timer() {
  stop();
}

void Timer::start(std::chrono::steady_clock::duration after, std::function<void()> due) {
  const auto round = ++*parts_->round;
  parts_->timer.expires_after(after);
  parts_->timer.async_wait([newest = parts_->round, round, due = std::move(due)](const error_code& error) {
    if (!error && *newest == round) due();
  });
}

void Timer::stop() {
  ++*parts_->round;
  parts_->timer.cancel();
}

struct Signals::Parts : std::enable_shared_from_this<Signals::Parts> {
  explicit Parts(IoContext& io) : set(io) {}
  void wait() {
    set.async_wait([self = shared_from_this()](const error_code& error, int) {
      if (error || !self->arrived) return;
      self->wait();
      self->arrived();
    });
  }

  asio::signal_set set;
  std::function<void()> arrived;
};

Signals::Signals(IoContext& io) : parts_(std::make_shared<Parts>(io)) {}

Signals::~Signals() {
  stop();
}

void Signals::start(std::initializer_list<int> numbers, std::function<void()> arrived) {
  parts_->arrived = std::move(arrived);
  for (const int number : numbers) parts_->set.add(number);
  parts_->wait();
}

void Signals::stop() {
  parts_->arrived = nullptr;
  parts_->set.cancel();
}

}  // namespace host
