#include "session/running_snapshot.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/callback_guard.hpp"

namespace batch_view {
namespace {

// What changes when something happens.
auto numbers_of(const Snapshot& snapshot) {
  std::vector<std::tuple<std::string, std::int64_t, std::int64_t, std::int64_t, bool>> numbers;
  numbers.reserve(snapshot.batches.size());
  for (const auto& batch : snapshot.batches)
    numbers.emplace_back(batch.id, batch.created, batch.remaining, batch.failed, batch.suspended);
  return numbers;
}

}  // namespace

const Batch* Snapshot::find(const std::string& id) const {
  const auto at =
      std::find_if(batches.begin(), batches.end(), [&id](const Batch& batch) { return batch.id == id; });
  return at == batches.end() ? nullptr : &*at;
}

void RunningSnapshot::get(Then<SnapshotPointer> then, std::chrono::milliseconds oldest) {
  if (asking_) {
    // After forget() the answer on its way is of no use for who asks now.
    (asked_at_ == Clock::time_point{} ? waiting_anew_ : waiting_).push_back(std::move(then));
    return;
  }
  const bool failed = std::holds_alternative<Problem>(last_answer_);
  // A problem is shared only with who asks in the same breath: whoever tries again means it.
  const auto since = failed ? answered_at_ : asked_at_;
  if (asked_at_ != Clock::time_point{} && now() - since < (failed ? problem_max_age : oldest))
    return then(last_answer_);
  waiting_.push_back(std::move(then));
  begin();
}

// Whoever waits is answered, also when asking fails by itself.
void RunningSnapshot::begin() {
  const auto question = ++question_;
  asking_ = true;
  try {
    ask(question);
  } catch (const std::exception& error) {
    engine_->environment().report(error.what());
    answer(question, internal_problem());
  }
}

void RunningSnapshot::forget() {
  asked_at_ = {};
}

void RunningSnapshot::ask(std::uint64_t question) {
  asked_at_ = now();
  Page page;
  page.size = most_batches;
  page.sort = "startTime";
  page.descending = true;
  const auto answered = [self = shared_from_this(), question,
                         as_of = engine_->environment().wall_ms()](Got<std::vector<Batch>> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return self->answer(question, std::move(*problem));
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->batches = std::get<0>(std::move(got));
    snapshot->as_of_ms = as_of;
    self->count(question, std::move(snapshot));
  };
  engine_->running({}, page, guard_answer<std::vector<Batch>>(answered));
}

void RunningSnapshot::count(std::uint64_t question, std::shared_ptr<Snapshot> snapshot) {
  const auto here = static_cast<std::int64_t>(snapshot->batches.size());
  if (snapshot->batches.size() < most_batches) return counted(question, std::move(snapshot), here);
  if (latest_snapshot_ && latest_snapshot_->total > here && now() - counted_at_ < count_max_age)
    return counted(question, std::move(snapshot), latest_snapshot_->total);
  const auto answered = [self = shared_from_this(), question, snapshot, here](Got<std::int64_t> total) {
    if (auto* problem = std::get_if<Problem>(&total)) return self->answer(question, std::move(*problem));
    self->counted_at_ = self->now();
    self->counted(question, snapshot, std::max(here, std::get<std::int64_t>(total)));
  };
  engine_->running_count({}, guard_answer<std::int64_t>(answered));
}

void RunningSnapshot::counted(std::uint64_t question, std::shared_ptr<Snapshot> snapshot,
                              std::int64_t total) {
  snapshot->total = total;
  if (latest_snapshot_ &&
      std::any_of(latest_snapshot_->batches.begin(), latest_snapshot_->batches.end(),
                  [&snapshot](const Batch& batch) { return snapshot->find(batch.id) == nullptr; }))
    ++departures_;
  snapshot->departures = departures_;
  snapshot->unchanged = latest_snapshot_ && numbers_of(*latest_snapshot_) == numbers_of(*snapshot)
                            ? latest_snapshot_->unchanged + 1
                            : 0;
  rate_.add(snapshot->batches, now());
  latest_snapshot_ = std::move(snapshot);
  answer(question, latest_snapshot_);
}

// A question that is over already is not answered again.
void RunningSnapshot::answer(std::uint64_t question, const Got<SnapshotPointer>& got) {
  if (!asking_ || question != question_) return;
  asking_ = false;
  const auto waiting = std::exchange(waiting_, std::exchange(waiting_anew_, {}));
  auto& environment = engine_->environment();
  call_guarded(environment, [&] {
    last_answer_ = got;
    answered_at_ = now();
  });
  if (!waiting_.empty()) begin();
  for (const auto& then : waiting) call_guarded(environment, then, got);
}

std::optional<double> RunningSnapshot::rate(const Batch& batch) const {
  return rate_.rate(batch, engine_->now_ms());
}

}  // namespace batch_view
