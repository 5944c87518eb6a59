#include "watch.hpp"

#include <algorithm>

#include "batches.hpp"

namespace batch_view {
namespace {

// What waiting does not mend: the one who looks has to do something.
bool is_final(cockpit_status status) {
  return status == COCKPIT_SIGN_IN_REQUIRED || status == COCKPIT_NOT_FOUND || status == COCKPIT_GONE ||
         status == COCKPIT_UNSUPPORTED;
}

constexpr int polls_until_slower = 5;  // unchanged ones

}  // namespace

Watch::Watch(boost::asio::io_context& io, cockpit::Call call, Sessions sessions, Request request, Ended ended)
    : timer_(io),
      call_(std::move(call)),
      sessions_(std::move(sessions)),
      request_(std::move(request)),
      ended_(std::move(ended)) {}

void Watch::begin() {
  poll();
}

void Watch::poke() {
  quick_left_ = quick_polls;
  if (polling_)
    again_ = true;  // the answer on its way may be from before
  else if (!over_)
    poll();
}

void Watch::poll() {
  if (over_) return;
  polling_ = true;
  timer_.cancel();
  const auto began = std::chrono::steady_clock::now();
  // The answer is as old as its first question: what was done meanwhile it may not know.
  const auto as_of = static_cast<std::uint64_t>(now_ms());
  answer(sessions_, request_, [self = shared_from_this(), began, as_of](const Reply& reply) {
    self->polling_ = false;
    self->replied(reply, as_of, std::chrono::steady_clock::now() - began);
  });
}

void Watch::replied(const Reply& reply, std::uint64_t as_of, std::chrono::steady_clock::duration took) {
  if (over_) return;
  if (is_final(reply.status)) {
    const auto ended = ended_;
    end(reply.status, reply.body);
    if (ended) ended(reply.status);
    return;
  }
  const bool same = reply.status == COCKPIT_OK && reply.body == last_;
  call_.update(reply.status, as_of, same ? std::string_view{} : std::string_view{reply.body});
  if (reply.status != COCKPIT_OK) {
    last_.clear();  // whoever saw the error gets the whole answer again
    wait(error_wait_);
    error_wait_ = std::min(error_wait_ * 2, slowest);
    return;
  }
  error_wait_ = moving;
  unchanged_ = same ? unchanged_ + 1 : 0;
  last_ = reply.body;
  if (std::exchange(again_, false)) return poll();
  auto next = reply.moving && unchanged_ < polls_until_slower ? moving : resting;
  if (quick_left_ > 0) {
    --quick_left_;
    next = quick;
  }
  // An engine that answers slowly is asked less: at most a fifth of the time somebody waits for it.
  wait(std::max(next, std::chrono::duration_cast<std::chrono::milliseconds>(took * 4)));
}

void Watch::wait(std::chrono::milliseconds time) {
  timer_.expires_after(time);
  timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    if (const auto self = weak.lock(); self && !error) self->poll();
  });
}

void Watch::end(cockpit_status status, const std::string& body) {
  if (std::exchange(over_, true)) return;
  timer_.cancel();
  call_.complete(status, body);
}

}  // namespace batch_view
