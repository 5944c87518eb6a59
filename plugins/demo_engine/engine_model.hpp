// The demo engine's state and its rules: batches with seed, execution and monitor jobs that advance with a
// clock the caller moves, and the changes a client can make. Knows nothing of HTTP or JSON. One thread; the
// caller owns it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <unordered_map>

#include "records.hpp"

namespace demo_engine {

/// How often the engine checks whether a batch is done.
inline constexpr Milliseconds kMonitorPoll{30'000};
/// Worker slots of each batch. A real engine shares its threads; here a long batch must not hold up the
/// others.
inline constexpr std::size_t kSlotsPerBatch = 3;
/// An engine is not woken by a retry: the job waits this long for the next acquisition.
inline constexpr Milliseconds kRetryDelayLeast{300};
inline constexpr Milliseconds kRetryDelayMost{3'000};

/// Bounds of memory. The oldest completed batches go first, with their logs; then the oldest entries of a
/// live batch.
inline constexpr std::size_t kMaxCompletedBatches = 500;
inline constexpr std::size_t kMaxLogEntries = 800'000;
inline constexpr std::size_t kMaxMonitorEntriesPerBatch = 2'000;
inline constexpr std::size_t kMaxLiveBatches = 1'000;
inline constexpr std::uint32_t kMaxItemsPerBatch = 100'000;

/// A change of a job's due date that comes with its retries: absent keeps it, null clears it.
struct DueChange {
  bool given = false;
  std::optional<Instant> value;
};

enum class JobDeletion { deleted, missing, running };

class EngineModel {
 public:
  /// `old_words`: as older engines do, see Failure.
  EngineModel(Instant now, std::uint64_t seed, bool old_words = false);

  Instant now() const { return now_; }

  /// Lets everything happen that is due up to `now`. Going back in time does nothing.
  void advance(Instant now);

  /// Nothing when a bound of the engine (batches alive, items) is reached.
  const Batch* create_batch(NewBatch request);

  /// false: there is no such batch. The same state twice is fine.
  bool set_batch_suspended(const Id& batch, bool suspended);
  bool delete_batch(const Id& batch, bool cascade);
  /// Also of a running batch: its record and job log go, the batch runs on.
  bool delete_history(const Id& batch);

  bool set_job_retries(const Id& job, int retries, const DueChange& due);
  /// Only jobs without retries; nothing happens with 0 or an unknown definition.
  void set_definition_retries(const Id& definition, int retries, const DueChange& due);
  /// Nothing: not before any time.
  bool set_job_due(const Id& job, std::optional<Instant> due);
  bool set_job_suspended(const Id& job, bool suspended);
  JobDeletion delete_job(const Id& job);

  const std::map<Id, Batch>& batches() const { return batches_; }
  const std::map<Id, HistoricBatch>& history() const { return history_; }
  const std::map<Id, BatchLog>& logs() const { return logs_; }

  const Batch* find_batch(const Id& batch) const;
  struct FoundJob {
    const Batch* batch;
    const Job* job;
  };
  std::optional<FoundJob> find_job(const Id& job) const;
  struct FoundDefinition {
    const Batch* batch;
    JobKind kind;
  };
  /// Definitions exist as long as their batch runs.
  std::optional<FoundDefinition> find_definition(const Id& definition) const;

 private:
  Batch* live_batch(const Id& batch);
  std::pair<Batch*, Job*> live_job(const Id& job);

  // The executor (engine_executor.cpp).
  std::optional<Instant> next_event(const Batch& batch) const;
  void process_event(Batch& batch);
  void begin_run(Batch& batch);
  void end_run(Batch& batch, const Run& run);
  FailurePtr outcome_of(Batch& batch, const Job& job);
  void run_seed(Batch& batch);
  void run_monitor(Batch& batch);
  void job_failed(Batch& batch, Job& job, const FailurePtr& failure);

  // Pieces shared by the executor and the changes (engine_jobs.cpp).
  Job& add_job(Batch& batch, JobKind kind, std::uint32_t number, std::optional<Instant> due);
  void remove_job(Batch& batch, const Id& job, LogState how);
  void make_ready(Batch& batch, Job& job, Instant earliest);
  void take_off_ready(Batch& batch, Job& job);
  void change_retries(Batch& batch, Job& job, int retries, const DueChange& due);
  void open_incident(Job& job);
  void disturb_run(Batch& batch, const Job& job);
  void log(const Batch& batch, const Job& job, LogState state, FailurePtr failure = nullptr);
  void end_batch(const Id& batch);
  void drop_history(const Id& batch);
  void keep_bounds();
  Milliseconds between(Milliseconds least, Milliseconds most);

  Instant now_;
  bool old_words_;
  IdSource ids_;
  std::mt19937_64 random_;
  std::map<Id, Batch> batches_;
  std::map<Id, HistoricBatch> history_;
  std::map<Id, BatchLog> logs_;
  std::size_t completed_ = 0;
  std::size_t log_entries_ = 0;
  std::unordered_map<Id, Id, IdHash> batch_of_job_;
  std::unordered_map<Id, std::pair<Id, JobKind>, IdHash> batch_of_definition_;
};

}  // namespace demo_engine
