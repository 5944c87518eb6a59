#include "lists/attention_count.hpp"

#include <algorithm>
#include <utility>

#include "engine/callback_guard.hpp"

namespace batch_view {

void AttentionCounter::count(const std::shared_ptr<Session>& session, const SnapshotPointer& snapshot,
                             Then<AttentionCount> then) {
  const auto now = session->environment().now();
  const bool fresh = counted_at_ != Clock::time_point{} && now - counted_at_ < counted_every;
  if (!asking_ && fresh && std::holds_alternative<AttentionCount>(latest_)) return then(latest_);
  waiting_.push_back(std::move(then));
  if (std::exchange(asking_, true)) return;
  const auto done = guard_callback<std::optional<Problem>>(
      [self = shared_from_this(), session, of = snapshot->total](const std::optional<Problem>& problem) {
        if (problem) return self->answer(*problem);
        self->counted_at_ = session->environment().now();
        session->driving_jobs().check(self->stall_candidates_, checks_a_poll,
                                      [self, session, of] { self->answer(self->add_up(*session, of)); });
      },
      [self = shared_from_this()] { self->answer(internal_problem()); });
  const auto counted = [self = shared_from_this(), session, done](std::optional<Problem> problem) {
    if (problem) return done(std::move(problem));
    self->count_failing(session, done);
  };
  if (read_at_ != Clock::time_point{} && now - read_at_ < read_every) return counted(std::nullopt);
  session->learn_abilities([self = shared_from_this(), session, counted] { self->read(session, counted); });
}

// In the order of their ids, which no batch changes while it is read.
void AttentionCounter::read(const std::shared_ptr<Session>& session,
                            std::function<void(std::optional<Problem>)> then) {
  Page page;
  page.size = most_read;
  page.sort = "batchId";
  session->engine().running(
      {}, page, [self = shared_from_this(), session, then = std::move(then)](Got<std::vector<Batch>> got) {
        if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
        auto& batches = std::get<0>(got);
        self->read_at_ = session->environment().now();
        self->read_ = static_cast<std::int64_t>(batches.size());
        self->failing_ = std::count_if(batches.begin(), batches.end(), [](const Batch& batch) {
          return batch.failed > 0 && !batch.suspended;
        });
        std::erase_if(batches, [](const Batch& batch) { return !driving_definition(batch); });
        self->stall_candidates_ = std::move(batches);
        then(std::nullopt);
      });
}

// The engine counts them all, however many there are.
void AttentionCounter::count_failing(const std::shared_ptr<Session>& session,
                                     std::function<void(std::optional<Problem>)> then) {
  if (!session->abilities().filters_statistics) return then(std::nullopt);
  BatchFilter filter;
  filter.failures = true;
  filter.suspended = false;
  session->engine().running_count(filter,
                                  [self = shared_from_this(), then = std::move(then)](Got<std::int64_t> got) {
                                    if (auto* problem = std::get_if<Problem>(&got))
                                      return then(std::move(*problem));
                                    self->failing_ = std::get<std::int64_t>(got);
                                    then(std::nullopt);
                                  });
}

AttentionCount AttentionCounter::add_up(const Session& session, std::int64_t of) const {
  AttentionCount count;
  count.read = read_;
  count.of = std::max(read_, read_ < static_cast<std::int64_t>(most_read) ? read_ : of);
  // Those that failed as well are among the failing ones already.
  count.need =
      failing_ +
      std::count_if(stall_candidates_.begin(), stall_candidates_.end(), [&session](const Batch& batch) {
        return (batch.failed == 0 || batch.suspended) &&
               needs_attention(state_of(batch, session.driving_jobs().status(batch).job, false));
      });
  return count;
}

void AttentionCounter::answer(const Got<AttentionCount>& got) {
  if (!std::exchange(asking_, false)) return;
  latest_ = got;
  for (const auto& then : std::exchange(waiting_, {})) try {
      then(got);
    } catch (const std::exception&) {
      continue;  // its own call ends for itself
    }
}

}  // namespace batch_view
