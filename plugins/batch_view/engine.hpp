// One engine, as one authority sees it: the engine's batch REST API as typed calls.
//
// Owner: Session, and every call that has no answer yet, so that an answer always finds its engine. Thread:
// the plugin's own; every callback comes there, once, and never from inside the call that asked. Where what
// an engine answers differs from what its documentation says, the comment names what was seen.
#pragma once

#include <cockpit/base.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "environment.hpp"
#include "rest_base.hpp"
#include "rest_client/message.hpp"

namespace batch_view {

// Why there is no answer, in the words for the person who looks.
struct Problem {
  cockpit_status status = COCKPIT_INTERNAL;
  std::string title;
  std::string detail;
  // For who reads another language: among the description's strings `key` has the title and `key`Text the
  // detail, whose {what} is `what`. Where they are not, title and detail stand. Empty for what only a program
  // meets.
  std::string key = {};
  std::string what = {};
};

template <class Value>
using Got = std::variant<Value, Problem>;
template <class Value>
using Then = std::function<void(Got<Value>)>;

// A running batch (from its statistics) or one of the history. All counts are jobs, not items.
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

// Rows of one list. What could not be read of them was left out: `unread` of them have lost something, or
// all.
template <class Row>
struct RowsOf : std::vector<Row> {
  std::size_t unread = 0;
};

struct Job {
  std::string id, definition;
  std::string batch;  // empty: of none, or see batch_unknown
  std::optional<std::string> message, activity, due, created;
  std::optional<std::string> instance;  // the process instance; engines tell it for some types of batches
  // The engine does not tell (before 7.22 its jobs do not name their batch), and it was not found out.
  bool batch_unknown = false;
  std::int64_t retries = 0, priority = 0;
  bool suspended = false;
};

// What a list of batches may be asked for. Engines answer a filter they do not know with everything, so only
// names they are known to take are sent, and the rows are checked again.
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

// Whether it may stand in a path: ids of engines hold no slash, and some servers answer a web page to one.
bool possible_id(const std::string& id);

struct Page {
  std::uint64_t first = 0, size = 20;
  std::string sort;  // an engine's sort key; empty: its own order
  bool descending = false;
};

enum class LogKind { success, deletion };

// How a job is tried again. Without a due date: as soon as the engine looks for work.
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

struct LogFilter {
  std::string batch, job;     // job: empty: all of the batch
  std::string state = {};     // empty: any
  std::string instance = {};  // a process instance; empty: any
};

enum class Permission { update, remove, remove_history };

class Engine : public std::enable_shared_from_this<Engine> {
 public:
  static constexpr std::chrono::seconds read_deadline{15};
  static constexpr std::chrono::seconds change_deadline{25};
  static constexpr std::size_t longest_stack_trace = 32U << 20U;
  static constexpr std::uint64_t most_rows_at_once = 2000;  // less where the engine's configuration says so

  // Throws rest_client::InvalidOptions.
  Engine(Environment& environment, rest_client::Options options);

  void running(const BatchFilter& filter, const Page& page, Then<std::vector<Batch>> then);
  void running_count(const BatchFilter& filter, Then<std::int64_t> then);
  void ended(const BatchFilter& filter, const Page& page, Then<std::vector<Batch>> then);
  void ended_count(const BatchFilter& filter, Then<std::int64_t> then);
  // The running batch, or none (over, unknown, or not for these credentials).
  void one_running(const std::string& id, Then<std::optional<Batch>> then);
  // The record of the history, or none. Absent below history level "full", too.
  void one_historic(const std::string& id, Then<std::optional<Batch>> then);

  // Jobs of a definition without retries, ordered by key and then id. By id when `sort` is empty.
  // `instance`: those of one process instance; empty: all.
  void failed_jobs(const std::string& definition, const Page& page, Then<RowsOf<Job>> then,
                   const std::string& instance = {});
  void failed_jobs_count(const std::string& definition, Then<std::int64_t> then,
                         const std::string& instance = {});
  // Jobs of a definition that are suspended.
  void suspended_jobs_count(const std::string& definition, Then<std::int64_t> then);
  // The first job of a seed or monitor definition, or none.
  void only_job(const std::string& definition, Then<std::optional<Job>> then);
  // Where the engine does not name its batch, that is found out by other questions.
  void job(const std::string& id, Then<std::optional<Job>> then);
  // None: the job has no stack trace (204), as one whose retries somebody set to 0.
  void stack_trace(const std::string& job, Then<std::optional<std::string>> then);
  // How many jobs of a definition ran or were deleted, by the job log: it is empty below history level
  // "full".
  void log_count(const std::string& definition, LogKind kind, Then<std::int64_t> then);
  // When the entry at that place, the oldest first, was written; none: there are not so many.
  void log_time(const std::string& definition, LogKind kind, std::int64_t place,
                Then<std::optional<std::string>> then);
  // Failed jobs of a definition in the order of their ids, read without making a row of each: `see` is called
  // with of every one of the page. `limit`: how many rows the engine allows, when it allows fewer than were
  // asked for (then none was seen).
  struct PageRead {
    std::size_t rows = 0, unread = 0;
    std::optional<std::size_t> limit;
  };
  void each_failed_job(const std::string& definition, std::uint64_t first, std::size_t size,
                       std::function<void(const Job&)> see, Then<PageRead> then);
  // Those of some jobs (at most 1,000) that still exist, in any order.
  struct Jobs {
    std::vector<Job> jobs;
    std::optional<std::size_t> limit;
  };
  void jobs_among(const std::vector<std::string>& ids, Then<Jobs> then);
  // Jobs that failed and have retries left, in the order of their ids.
  void retrying_jobs(const std::string& definition, const Page& page, Then<RowsOf<Job>> then);
  void retrying_jobs_count(const std::string& definition, Then<std::int64_t> then);
  // The job log, by time. Below history level "full" it is empty.
  void log(const LogFilter& filter, const Page& page, Then<RowsOf<LogEntry>> then);
  void log_count(const LogFilter& filter, Then<std::int64_t> then);
  // The batches whose seed or whose monitor job somebody deleted, as deleting a batch does, the newest
  // deletions first: at most `most` entries of the log are read.
  void deletions(bool of_monitors, std::size_t most, Then<std::set<std::string>> then);
  void log_entry(const std::string& id, Then<std::optional<LogEntry>> then);
  void log_stack_trace(const std::string& entry, Then<std::optional<std::string>> then);

  // Names by user id; who may not be read is left out.
  using Names = std::vector<std::pair<std::string, std::string>>;
  void users(const std::vector<std::string>& ids, Then<Names> then);
  // Whose name, as users() gives it, is that: at most twenty.
  void users_named(const std::string& name, Then<Names> then);
  // Whether the credentials' owner may do that to a batch.
  void allowed(Permission permission, const std::string& batch, Then<bool> then);

  using Done = std::function<void(std::optional<Problem>)>;
  // Asked directly before a change is sent, whatever has to be asked before it: why not to send it.
  using Gate = std::function<std::optional<Problem>()>;
  void retry_job(const std::string& job, const Retry& retry, const Gate& gate, Done done);
  void delete_job(const std::string& job, const Gate& gate, Done done);
  // Where the engine cannot delay them all with one call (see delays_many), a retry with a due date is
  // refused.
  void retry_all(const std::string& definition, const Retry& retry, const Gate& gate, Done done);
  void suspend(const std::string& batch, bool suspended, const Gate& gate, Done done);
  void delete_batch(const std::string& batch, bool with_history, const Gate& gate, Done done);
  void delete_history(const std::string& batch, const Gate& gate, Done done);

  // A password that was refused is sent no more, since it would lock the account: every later call ends with
  // the same refusal, until somebody begins to look anew.
  void try_again();
  // Since when it has answered nothing of use, in ms since 1970; 0: its last answer was a good one.
  std::int64_t failing_since_ms() const { return failing_since_ms_; }
  // It asked to be left alone (Retry-After): until when, and what it said. Polls obey; a person may ask.
  static constexpr std::chrono::hours longest_rest{1};
  std::optional<std::pair<Clock::time_point, Problem>> resting() const;
  // Somebody has waited for an answer as long as he can.
  void keeps_waiting();

  // How far the engine's clock is ahead of ours, by its latest answer; 0 within two seconds.
  std::chrono::milliseconds clock_ahead() const { return clock_ahead_; }

  // What the engine calls its version, such as 7.24.0 or 1.0.3. Asked once.
  void version(Then<std::string> then);
  // Whether a retry of many jobs may have a due date: since 7.19. Tells once the version was asked; an engine
  // that does not tell it is taken for an old one.
  void delays_many(std::function<void(bool)> then);
  // Rows of the latest list of running or of ended batches that could not be read, wholly or in part.
  std::size_t unread_batches(bool running) const { return running ? unread_running_ : unread_ended_; }
  // That of an engine which does not know when running batches started, nor find or order them by it; empty:
  // it does, or nobody has noticed yet.
  const std::string& old_version() const { return old_version_; }

  // Every call without an answer ends; later ones end at once.
  void close() {
    transport_->close();
    base_.close();
  }
  Environment& environment() const { return environment_; }

 private:
  using Json = nlohmann::json;
  void set_clock(std::chrono::sys_seconds date);
  void get(const std::string& target, Then<Json> then);
  void text_of(const std::string& target, Then<std::optional<std::string>> then);
  void ask(rest_client::Request request, std::function<void(Got<rest_client::Response>)> then,
           const Gate& gate = {});
  void count(const std::string& target, Then<std::int64_t> then);
  void change(rest_client::Method method, const std::string& target, const std::string& body,
              const Gate& gate, Done done);
  // A page that may need several calls, where the engine's configuration limits the rows of one.
  template <class Row>
  struct Listing;
  template <class Row>
  void list_on(const std::shared_ptr<Listing<Row>>& listing);
  void list_batches(const std::string& path, const std::string& query, const Page& page, std::size_t& unread,
                    Then<std::vector<Batch>> then);

  struct People;
  void next_people(const std::shared_ptr<People>& people);

  // Which batch a job belongs to, where the job does not say it (engine_owner.cpp). Empty: none that this
  // person could see; nothing: it could not be found out.
  void find_owner(const Job& job, Then<std::optional<std::string>> then);
  void owner_by_log(const Job& job, Then<std::optional<std::string>> then);
  void owner_by_list(const Job& job, Then<std::optional<std::string>> then);
  void know_owner(const std::string& definition, const std::string& batch);
  void know_owner(const Batch& batch);
  struct Owning;
  void find_owners(const std::shared_ptr<Owning>& owning);

  // What a 401 means (engine_access.cpp).
  struct Asking;
  void answered(const std::shared_ptr<Asking>& asking, rest_client::Answer answer);
  void wait_for_first(const std::shared_ptr<Asking>& asking, rest_client::Request request, const Gate& gate);
  void was_refused(const std::shared_ptr<Asking>& asking, const Problem& problem);
  void ask_if_guarded(std::function<void(bool)> then);
  void doubt_address(const std::shared_ptr<Asking>& asking, const rest_client::Response& response);

  void heard(bool well);
  void take_rest(const rest_client::Response& response, const Problem& problem);
  std::optional<std::pair<Clock::time_point, Problem>> rest_;

  Environment& environment_;
  const bool has_credentials_;
  RestBase base_;
  std::unique_ptr<Transport> transport_;
  std::optional<Problem> refused_;
  bool first_is_asked_ = false;  // whether the credentials are any good is not known yet
  std::vector<std::function<void()>> after_first_;
  std::set<std::string> accepted_;               // parts of the interface that took the credentials
  std::map<std::string, Problem> part_refused_;  // parts that alone refuse them
  std::set<std::string> open_parts_;             // parts that answer only without credentials
  std::optional<bool> guarded_;                  // whether it asks anybody for credentials
  std::map<std::string, std::string> owners_;    // definitions of jobs and their batches
  std::size_t unread_running_ = 0, unread_ended_ = 0;
  std::string version_;
  std::int64_t failing_since_ms_ = 0;
  std::uint64_t most_rows_ = most_rows_at_once;
  std::string old_version_;
  std::chrono::milliseconds clock_ahead_{0};
};

}  // namespace batch_view
