// What a batch is doing, derived from its numbers. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>

#include "model/batch.hpp"

namespace batch_view {

enum class State {
  seeding,
  running,
  suspended,
  jobs_suspended,   // its jobs, or those of one kind, are suspended, though the batch is not: nothing moves
  failing,          // some failed, others still run
  blocked,          // only failed jobs remain: it cannot end until they are retried or deleted
  finishing,        // all jobs are done; the monitor job ends it at its next check
  stuck_seed,       // the seed job has no retries left: the rest is never created
  stuck_monitor,    // the monitor job has no retries left: it never ends
  missing_seed,     // the seed job was deleted
  missing_monitor,  // the monitor job was deleted
  completed,
  deleted_early,  // it was deleted before it had finished
};

// The key of the state in the description's map.
const char* name_of(State state);

// What is known of the one job that drives a batch: its seed job while jobs are created, then its monitor
// job.
enum class DrivingJob { unknown, alive, without_retries, missing, suspended };
struct DrivingJobStatus {
  DrivingJob job = DrivingJob::unknown;
  std::string due;  // when the monitor job checks next, if that is what it waits for
};

State state_of(const Batch& batch, DrivingJob driving_job, bool deleted_early);

// Whether its numbers change by themselves within seconds.
bool is_moving(State state);

// Whether it cannot end, or not well, unless a person acts.
bool needs_attention(State state);

// The definition of the job that has to drive the batch on when its own numbers say that nothing else does:
// the seed or the monitor definition. None: its jobs run, or it has ended.
std::optional<std::string> driving_definition(const Batch& batch);

}  // namespace batch_view
