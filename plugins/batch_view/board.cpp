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
  ask();
}

void Board::forget() {
  asked_at_ = {};
}

void Board::ask() {
  asking_ = true;
  asked_at_ = now();
  Page page;
  page.size = most_batches;
  page.sort = "startTime";
  page.descending = true;
  engine_->running({}, page,
                   owed_answer<std::vector<Batch>>(
                       [self = shared_from_this(), this,
                        as_of = engine_->environment().wall_ms()](Got<std::vector<Batch>> got) {
                         if (auto* problem = std::get_if<Problem>(&got)) return tell(std::move(*problem));
                         auto look = std::make_shared<Look>();
                         look->batches = std::get<0>(std::move(got));
                         look->as_of_ms = as_of;
                         const auto here = static_cast<std::int64_t>(look->batches.size());
                         if (look->batches.size() < most_batches) return counted(std::move(look), here);
                         if (seen_ && seen_->total > here && now() - counted_at_ < counted_for)
                           return counted(std::move(look), seen_->total);
                         engine_->running_count(
                             {}, owed_answer<std::int64_t>([self, this, look, here](Got<std::int64_t> total) {
                               if (auto* problem = std::get_if<Problem>(&total))
                                 return tell(std::move(*problem));
                               counted_at_ = now();
                               counted(look, std::max(here, std::get<std::int64_t>(total)));
                             }));
                       }));
}

void Board::counted(std::shared_ptr<Look> look, std::int64_t total) {
  look->total = total;
  if (seen_ && std::any_of(seen_->batches.begin(), seen_->batches.end(),
                           [&look](const Batch& batch) { return look->find(batch.id) == nullptr; }))
    ++departures_;
  look->departures = departures_;
  look->quiet = seen_ && numbers_of(*seen_) == numbers_of(*look) ? seen_->quiet + 1 : 0;
  pace_.saw(look->batches, now());
  seen_ = std::move(look);
  tell(seen_);
}

void Board::tell(const Got<Seen>& got) {
  asking_ = false;
  latest_ = got;
  answered_at_ = now();
  const auto told = std::exchange(waiting_, std::exchange(waiting_anew_, {}));
  if (!waiting_.empty()) ask();
  for (const auto& then : told) call_guarded(engine_->environment(), then, got);
}

std::optional<double> Board::rate(const Batch& batch) const {
  return pace_.rate(batch, engine_->environment().wall_ms() + engine_->clock_ahead().count());
}

}  // namespace batch_view
