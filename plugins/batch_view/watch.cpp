#include "watch.hpp"

#include <algorithm>

#include "batches.hpp"
#include "gathering.hpp"
#include "owed.hpp"
#include "reply.hpp"

namespace batch_view {
namespace {

// What waiting does not mend: the one who looks has to do something.
bool is_final(cockpit_status status) {
  return status == COCKPIT_SIGN_IN_REQUIRED || status == COCKPIT_NOT_FOUND || status == COCKPIT_GONE ||
         status == COCKPIT_UNSUPPORTED;
}

constexpr int polls_until_slower = 8;  // unchanged ones

}  // namespace

Watch::Watch(Environment& environment, cockpit::Call call, Sessions sessions, Request request, Ended ended)
    : environment_(environment),
      call_(std::move(call)),
      sessions_(std::move(sessions)),
      request_(std::move(request)),
      ended_(std::move(ended)) {}

bool Watch::looks_at(const std::string& engine) const {
  return std::any_of(sessions_.begin(), sessions_.end(),
                     [&engine](const auto& session) { return session->engine_id() == engine; });
}

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
  try {
    begin_poll();
  } catch (...) {
    broken();
    throw;
  }
}

void Watch::begin_poll() {
  timer_.reset();
  // What it said last is said again, and nothing is asked: an engine that asked for rest gets it.
  if (const auto rest = all_rest()) return replied(refusal(rest->second));
  polling_ = true;
  polled_at_ = environment_.now();
  // The answer is as old as its first question: what was done meanwhile it may not know.
  as_of_ = static_cast<std::uint64_t>(environment_.wall_ms());
  looks_.assign(sessions_.size(), nullptr);
  look();
}

// The boards first; an engine that does not answer is reported by the answer itself.
void Watch::look() {
  const bool begins = asked_at_ == Clock::time_point{};
  const auto gathering =
      std::make_shared<Gathering>(sessions_, owed<>([self = shared_from_this()] { self->decide(); },
                                                    [self = shared_from_this()] { self->broken(); }));
  for (std::size_t i = 0; i < sessions_.size(); ++i)
    if (sessions_[i]->engine().resting())
      gathering->came(i);
    else
      sessions_[i]->board().look(
          [self = shared_from_this(), gathering, i](const Got<Board::Seen>& got) {
            const auto* seen = std::get_if<Board::Seen>(&got);
            if (seen != nullptr && gathering->waits()) {
              self->looks_[i] = *seen;
              self->as_of_ = std::min(self->as_of_, static_cast<std::uint64_t>((*seen)->as_of_ms));
            }
            gathering->came(i);
          },
          begins ? Board::glance : Board::shared_for);
  gathering->begin();
}

// Whether to ask for more than the boards have reported.
void Watch::decide() {
  if (over_) return;
  auto stands = stands_on(request_, looks_);
  const bool due =
      quick_left_ > 0 || last_.empty() || stands != stands_on_ || polled_at_ - asked_at_ >= again_after_;
  if (!due) {
    polling_ = false;
    return wait(next_look());
  }
  stands_on_ = std::move(stands);
  ask();
}

void Watch::ask() {
  asked_at_ = polled_at_;
  answer(sessions_, request_,
         owed<Reply>(
             [self = shared_from_this()](const Reply& reply) {
               self->polling_ = false;
               self->replied(reply);
             },
             [self = shared_from_this()] { self->broken(); }));
}

void Watch::replied(const Reply& reply) {
  if (over_) return;
  if (is_final(reply.status)) {
    const auto ended = ended_;
    end(reply.status, reply.body);
    if (ended) ended();
    return;
  }
  const bool same = reply.status == COCKPIT_OK && reply.body == last_;
  const auto sent =
      call_.update(reply.status, as_of_, same ? std::string_view{} : std::string_view{reply.body});
  const bool dropped = sent == COCKPIT_TOO_LARGE || sent == COCKPIT_BUSY;
  if (reply.status != COCKPIT_OK || dropped) {
    last_.clear();  // whoever saw the error, or nothing, gets the whole answer again
    wait(error_wait_);
    error_wait_ = std::min(error_wait_ * 2, slowest);
    return;
  }
  error_wait_ = beat;
  again_after_ = reply.again_after;
  unchanged_ = same ? unchanged_ + 1 : 0;
  last_ = reply.body;
  if (std::exchange(again_, false)) return poll();
  moves_ = reply.moving && unchanged_ < polls_until_slower;
  if (quick_left_ > 0) --quick_left_;
  const auto next = next_look();
  // An engine that answers slowly is asked less: at most a fifth of the time somebody waits for it.
  // Several are asked at once, and the slowest is not to slow down the others.
  const auto took = sessions_.size() > 1 ? Clock::duration{} : environment_.now() - polled_at_;
  wait(std::max(next, std::chrono::duration_cast<std::chrono::milliseconds>(took * 4)));
}

// Soon while anything moves on the engine: the board's call is shared, and what ends here may begin there.
std::chrono::milliseconds Watch::next_look() const {
  const bool busy = std::any_of(looks_.begin(), looks_.end(), [](const Board::Seen& look) {
    return look && look->quiet < polls_until_slower;
  });
  return busy || moves_ || quick_left_ > 0 ? beat : resting;
}

std::optional<std::pair<Clock::time_point, Problem>> Watch::all_rest() const {
  std::optional<std::pair<Clock::time_point, Problem>> first;
  for (const auto& session : sessions_) {
    auto rest = session->engine().resting();
    if (!rest) return std::nullopt;
    if (!first || rest->first < first->first) first = std::move(rest);
  }
  return first;
}

// The next beat that is about so far away.
void Watch::wait(std::chrono::milliseconds time) {
  auto earliest = environment_.now() + time;
  if (const auto rest = all_rest()) earliest = std::max(earliest, rest->first + beat / 2);
  const auto wanted = (earliest - beat / 2).time_since_epoch();
  const Clock::duration one = beat;
  timer_ = environment_.at(Clock::time_point{(wanted / one + 1) * one}, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->poll();
  });
}

// An exception took away what was asked.
void Watch::broken() {
  if (over_) return;
  const auto ended = ended_;
  end(COCKPIT_INTERNAL, problem_body(internal_problem()));
  if (ended) ended();
}

void Watch::end(cockpit_status status, const std::string& body) {
  if (std::exchange(over_, true)) return;
  timer_.reset();
  call_.complete(status, body);
}

}  // namespace batch_view
