#include "model/batch_state.hpp"

#include <cstddef>
#include <iterator>

namespace batch_view {

const char* name_of(State state) {
  static constexpr const char* names[] = {
      "seeding",   "running",      "suspended",   "jobsSuspended",  "failing",   "blocked",     "finishing",
      "stuckSeed", "stuckMonitor", "missingSeed", "missingMonitor", "completed", "deletedEarly"};
  static_assert(std::size(names) == static_cast<std::size_t>(State::deleted_early) + 1, "one name a state");
  return names[static_cast<std::size_t>(state)];
}

std::optional<std::string> driving_definition(const Batch& batch) {
  if (batch.ended()) return std::nullopt;
  if (batch.created < batch.total) return batch.seed_definition;
  if (batch.remaining == 0) return batch.monitor_definition;
  return std::nullopt;
}

State state_of(const Batch& batch, DrivingJob driving_job, bool deleted_early) {
  if (batch.ended()) return deleted_early ? State::deleted_early : State::completed;
  const bool unseeded = batch.created < batch.total;
  // A job that is gone does not come back, suspended or not; one without retries cannot run before the batch
  // is resumed anyway.
  if (driving_job == DrivingJob::missing && unseeded) return State::missing_seed;
  if (driving_job == DrivingJob::missing && batch.remaining == 0) return State::missing_monitor;
  if (batch.suspended) return State::suspended;
  if (driving_job == DrivingJob::suspended) return State::jobs_suspended;
  if (driving_job == DrivingJob::without_retries && unseeded) return State::stuck_seed;
  if (driving_job == DrivingJob::without_retries && batch.remaining == 0) return State::stuck_monitor;
  if (batch.remaining == 0) return State::finishing;
  if (batch.failed > 0 && batch.failed >= batch.remaining) return State::blocked;
  if (batch.failed > 0) return State::failing;
  return unseeded ? State::seeding : State::running;
}

bool is_moving(State state) {
  return state == State::seeding || state == State::running || state == State::failing ||
         state == State::finishing;
}

bool needs_attention(State state) {
  switch (state) {
    case State::failing:
    case State::blocked:
    case State::stuck_seed:
    case State::stuck_monitor:
    case State::jobs_suspended:
    case State::missing_seed:
    case State::missing_monitor:
      return true;
    default:
      return false;
  }
}

}  // namespace batch_view
