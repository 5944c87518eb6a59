// What a batch is doing, derived from its numbers. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine.hpp"

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
  deleted_early,  // deleted before it finished
};

// The key of the state in the description's map.
const char* name_of(State state);

// What is known of the one job that has to move a batch on: its seed or its monitor job.
enum class Mover { unknown, alive, without_retries, missing, suspended };

State state_of(const Batch& batch, Mover mover, bool deleted_early);

// Whether its numbers change by themselves within seconds.
bool is_moving(State state);

// Whether it needs attention before it can end.
bool needs_someone(State state);

// Which of its jobs would have to move the batch on, when its numbers alone say that nothing moves: the seed
// or the monitor definition. None: there is no suspicion.
std::optional<std::string> suspect_definition(const Batch& batch);

// Whether an engine of that version can what Camunda can since 7.`minor`. Operaton and CIB seven, which count
// from 1, are younger than all of what is asked for here. A version that cannot be read counts as a new one.
bool is_at_least(const std::string& version, int minor);

// An engine's time (2026-11-23T16:08:03.430+0000) as ISO 8601 with a colon in the offset; anything else as it
// is.
std::string iso(const std::string& engine_time);
// Ms since 1970 of an engine's time, if it is one.
std::optional<std::int64_t> ms_of(const std::string& engine_time);
// The way back: an ISO 8601 time as engines take it; none if it is no time.
std::optional<std::string> engine_time(const std::string& iso);

}  // namespace batch_view
