// Batches, their jobs and the entries of the job log, as an engine describes them, and what lists of these
// may be asked for. Plain values. All counts are jobs, not items.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace batch_view {

// A running batch (from its statistics) or one of the history.
struct Batch {
  std::string id, type;
  std::int64_t total = 0, created = 0, per_seed = 0, per_job = 0;
  std::int64_t remaining = 0, completed = 0, failed = 0;  // running ones only
  std::string seed_definition, monitor_definition, job_definition;
  bool suspended = false;
  std::optional<std::string> tenant, user, start, first_done, end,
      removal;  // times as the engine writes them
  bool ended() const { return end.has_value(); }
};

struct Job {
  std::string id, definition;
  std::string batch;  // empty: of none, or see batch_unknown
  std::optional<std::string> message, activity, due, created;
  std::optional<std::string>
      instance;  // the process instance, for those types of batches that have one a job
  // Before 7.22 an engine's jobs do not name their batch, and it was not found out.
  bool batch_unknown = false;
  std::int64_t retries = 0, priority = 0;
  bool suspended = false;
};

// How a job is tried again. Without a due date: as soon as the engine acquires jobs.
struct Retry {
  std::int64_t retries = 1;
  std::optional<std::string> due;  // as the engine writes times
};

// What happened to a job. Engines cut messages at 666 characters here, too.
struct LogEntry {
  std::string id, job, batch, type;  // type: of the job's definition
  std::string state;                 // creation, failure, success or deletion
  std::optional<std::string> at, message, host, activity, due;
  std::optional<std::string> instance;  // as of Job
  std::int64_t retries = 0;             // before it happened
};

enum class LogKind { success, deletion };

enum class Permission { update, remove, remove_history };

// Rows of one list. What could not be read of them was left out: `unread` of them have lost something, or
// all.
template <class Row>
struct RowsOf : std::vector<Row> {
  std::size_t unread = 0;
};

struct Page {
  std::uint64_t first = 0, size = 20;
  std::string sort;  // an engine's sort key; empty: its own order
  bool descending = false;
};

// Engines answer a filter they do not know with everything, so only names they are known to take are sent,
// and the rows are checked again.
struct BatchFilter {
  std::string id, type, user, tenant;
  std::set<std::string> same_name;  // further users that are meant beside `user`
  std::string state;                // derived, so no engine knows it; "stuck" and "needs" stand for several
  std::optional<bool> suspended, failures;                   // failures: with (true) or without (false)
  std::optional<std::string> started_after, started_before;  // as the engine writes times
  bool without_tenant = false;
  std::string log_state;  // of the job log: creation, failure, success or deletion
  std::string instance;   // of jobs and the job log: a process instance
};

// Whether a batch passes a filter by its own values; `state` and what is not of batches is not looked at.
bool passes(const Batch& batch, const BatchFilter& filter);

struct LogFilter {
  std::string batch, job;     // job: empty: all of the batch
  std::string state = {};     // empty: any
  std::string instance = {};  // a process instance; empty: any
};

// Whether it may stand in a path: ids of engines hold no slash, and some servers answer a web page to one.
bool possible_id(const std::string& id);

}  // namespace batch_view
