#include "board.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "owed.hpp"

namespace batch_view {
namespace {

// What changes when something happens.
auto numbers_of(const Board::Look& look) {
  std::vector<std::tuple<std::string, std::int64_t, std::int64_t, std::int64_t, bool>> numbers;
  numbers.reserve(look.batches.size());
  for (const auto& batch : look.batches)
    numbers.emplace_back(batch.id, batch.created, batch.remaining, batch.failed, batch.suspended);
  return numbers;
}

}  // namespace

const Batch* Board::Look::find(const std::string& id) const {
  const auto at =
      std::find_if(batches.begin(), batches.end(), [&id](const Batch& batch) { return batch.id == id; });
  return at == batches.end() ? nullptr : &*at;
}

void Board::look(Then<Seen> then, std::chrono::milliseconds at_most) {
  if (asking_) {
    // After forget() the answer on its way is of no use for who asks now.
    (asked_at_ == Clock::time_point{} ? waiting_anew_ : waiting_).push_back(std::move(then));
    return;
  }
  const bool failed = std::holds_alternative<Problem>(latest_);
  // A problem is shared only with who asks in the same breath: whoever tries again means it.
  const auto since = failed ? answered_at_ : asked_at_;
  if (asked_at_ != Clock::time_point{} && now() - since < (failed ? problem_shared_for : at_most))
    return then(latest_);
  waiting_.push_back(std::move(then));
  begin();
}

// Whoever waits is answered, also when asking fails by itself.
void Board::begin() {
  const auto question = ++question_;
  asking_ = true;
  try {
    ask(question);
  } catch (const std::exception& error) {
    engine_->environment().report(error.what());
    tell(question, internal_problem());
  }
}

void Board::forget() {
  asked_at_ = {};
}

void Board::ask(std::uint64_t question) {
  asked_at_ = now();
  Page page;
  page.size = most_batches;
  page.sort = "startTime";
  page.descending = true;
  const auto came = [self = shared_from_this(), question,
                     as_of = engine_->environment().wall_ms()](Got<std::vector<Batch>> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return self->tell(question, std::move(*problem));
    auto look = std::make_shared<Look>();
    look->batches = std::get<0>(std::move(got));
    look->as_of_ms = as_of;
    self->count(question, std::move(look));
  };
  engine_->running({}, page, owed_answer<std::vector<Batch>>(came));
}

void Board::count(std::uint64_t question, std::shared_ptr<Look> look) {
  const auto here = static_cast<std::int64_t>(look->batches.size());
  if (look->batches.size() < most_batches) return counted(question, std::move(look), here);
  if (seen_ && seen_->total > here && now() - counted_at_ < counted_for)
    return counted(question, std::move(look), seen_->total);
  const auto came = [self = shared_from_this(), question, look, here](Got<std::int64_t> total) {
    if (auto* problem = std::get_if<Problem>(&total)) return self->tell(question, std::move(*problem));
    self->counted_at_ = self->now();
    self->counted(question, look, std::max(here, std::get<std::int64_t>(total)));
  };
  engine_->running_count({}, owed_answer<std::int64_t>(came));
}

void Board::counted(std::uint64_t question, std::shared_ptr<Look> look, std::int64_t total) {
  look->total = total;
  if (seen_ && std::any_of(seen_->batches.begin(), seen_->batches.end(),
                           [&look](const Batch& batch) { return look->find(batch.id) == nullptr; }))
    ++departures_;
  look->departures = departures_;
  look->quiet = seen_ && numbers_of(*seen_) == numbers_of(*look) ? seen_->quiet + 1 : 0;
  pace_.saw(look->batches, now());
  seen_ = std::move(look);
  tell(question, seen_);
}

// Nothing is reported again for a question that is over already.
void Board::tell(std::uint64_t question, const Got<Seen>& got) {
  if (!asking_ || question != question_) return;
  asking_ = false;
  const auto told = std::exchange(waiting_, std::exchange(waiting_anew_, {}));
  auto& environment = engine_->environment();
  call_guarded(environment, [&] {
    latest_ = got;
    answered_at_ = now();
  });
  if (!waiting_.empty()) begin();
  for (const auto& then : told) call_guarded(environment, then, got);
}

std::optional<double> Board::rate(const Batch& batch) const {
  return pace_.rate(batch, engine_->environment().wall_ms() + engine_->clock_ahead().count());
}

}  // namespace batch_view
