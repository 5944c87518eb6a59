// What the demo engine keeps in memory: batches, their jobs, their history and their job log. Plain data,
// owned by the EngineModel and read on its thread.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "failure.hpp"
#include "id.hpp"
#include "instant.hpp"

namespace demo_engine {

enum class JobKind { seed, execution, monitor };

inline constexpr int kTriesAtCreation = 3;
inline constexpr int kBatchJobsPerSeed = 100;

struct Incident {
  Id id;
  Instant at;
  FailurePtr
      failure;  ///< Null when somebody set the retries to 0: the engine's incidentMessage is null then.
};

struct Job {
  Id id;
  JobKind kind = JobKind::execution;
  std::uint32_t number = 0;  ///< Which of the batch's jobs of its kind, from 0: the scripts go by it.
  int retries = kTriesAtCreation;
  int failed_runs = 0;
  std::optional<Instant> due;
  Instant created;
  bool suspended = false;
  bool running = false;
  FailurePtr failure;  ///< Of the latest failed run; null before the first.
  std::optional<Incident> incident;
  std::optional<Instant> ready;  ///< When a worker slot may take it; its key in Batch::ready.
};

/// A run in a worker slot. `disturbed`: somebody changed the job meanwhile, so the run is rolled back at its
/// end.
struct Run {
  Id job;
  Instant begun;
  Instant ends;
  bool disturbed = false;
};

/// A job that fails: its first `failing_runs` runs, or every one when that is negative.
struct ScriptedFailure {
  FailureCause cause = FailureCause::payment_refused;
  int failing_runs = -1;
};

enum class WorkKind { scripted, external_task_retries, job_retries };

/// What the execution jobs of a batch do.
struct Work {
  WorkKind kind = WorkKind::scripted;
  Milliseconds duration{20};                         ///< Of one execution job, varied by a third either way.
  Milliseconds seed_duration{60};                    ///< Of one run of the seed job.
  std::map<std::uint32_t, ScriptedFailure> failing;  ///< By job number; the others succeed.
  std::optional<std::uint32_t>
      failing_seed_run;            ///< The run of the seed job that fails three times, then works.
  std::vector<std::string> items;  ///< The ids of the request, where the work looks at them.
  int new_retries = 1;             ///< job_retries: what the named jobs are set to.
};

/// The fields a batch has while it runs and after.
struct BatchFacts {
  Id id;
  std::string type;
  std::uint32_t total_jobs = 0;
  int invocations_per_job = 1;
  Id seed_definition;
  Id monitor_definition;
  Id execution_definition;
  std::optional<std::string> tenant;
  std::optional<std::string> creator;
  Instant started;
  std::optional<Instant> execution_started;
};

struct Batch {
  BatchFacts facts;
  std::uint32_t jobs_created = 0;
  std::uint32_t seed_runs = 0;
  bool suspended = false;
  Work work;
  std::map<Id, Job> jobs;
  std::set<std::pair<Instant, Id>> ready;
  std::vector<Run> runs;
};

struct HistoricBatch {
  BatchFacts facts;
  std::optional<Instant> ended;
};

enum class LogState { created, failed, succeeded, deleted };

struct LogEntry {
  Id id;
  Id job;
  Instant at;
  JobKind kind;
  LogState state;
  int retries;  ///< Before the event.
  std::optional<Instant> due;
  FailurePtr failure;
};

/// The job log of one batch, oldest first. Monitor jobs come and go for ever, so their entries are bounded
/// apart.
struct BatchLog {
  BatchFacts facts;
  std::deque<LogEntry> work;
  std::deque<LogEntry> monitor;
};

/// A new batch as a caller describes it.
struct NewBatch {
  std::string type;
  std::uint32_t items = 0;
  int invocations_per_job = 1;
  std::optional<std::string> tenant;
  std::optional<std::string> creator;
  Work work;
};

struct BatchCounts {
  std::uint32_t remaining = 0;  ///< Failed ones and those not created yet included.
  std::uint32_t completed = 0;  ///< Deleted ones included.
  std::uint32_t failed = 0;
};

BatchCounts count_jobs(const Batch& batch);

}  // namespace demo_engine
