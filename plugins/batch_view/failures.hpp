// The failed jobs of a batch by their causes: read once in pages, then remembered until their number changes.
//
// Owner: Session. Thread: the plugin's own.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "bounds.hpp"
#include "cause_groups.hpp"
#include "engine.hpp"

namespace batch_view {

class Session;

// Failures whose messages are the same once masked; or several of these joined.
struct Cause {
  std::string key;        // of the masked message
  std::string text;       // the masked message; empty: they have none, their retries were set to 0 by hand
  std::string sample;     // one message as it is
  std::string job;        // and whose it is
  std::string activity;   // where they failed, if at one place
  std::string last_job;   // the last one that was read
  std::string exception;  // the innermost one of that job's stack trace, once it is read
  bool without_exception = false;  // of jobs without a message: the last one has no stack trace
  std::size_t count = 0;
  // Creation of the jobs: ms since 1970, and as the engine wrote it.
  std::optional<std::pair<std::int64_t, std::string>> first, last;
  bool other = false;  // of many causes, too many to tell apart
};

// What is shown as one cause: one, or several that differ in words at one place of their message.
struct CauseGroup {
  Cause whole;
  std::vector<std::size_t> parts;  // of the causes, those with the most jobs first
  bool joined() const { return parts.size() > 1; }
};

// Ids of many jobs and the cause of each, in one piece of memory.
class CausedJobs {
 public:
  void add(std::string_view id, std::size_t cause);
  std::size_t size() const { return jobs_.size(); }
  std::string_view id(std::size_t i) const {
    return std::string_view{ids_}.substr(jobs_[i].begin, jobs_[i].length);
  }
  std::size_t cause(std::size_t i) const { return jobs_[i].cause; }

 private:
  struct One {
    std::uint32_t begin;
    std::uint16_t length, cause;
  };
  std::string ids_;
  std::vector<One> jobs_;
};

// One reading of all failed jobs of a batch.
class FailureScan : public std::enable_shared_from_this<FailureScan> {
 public:
  static constexpr std::size_t most_jobs = 100'000;
  static constexpr std::size_t most_causes = 1000;  // what is found after them joins one, or is "others"
  static constexpr std::size_t most_groups = 200;   // shown; the smallest are one, "others"
  static constexpr std::size_t most_traces = 20;    // stack traces read, of the causes with the most jobs
  static constexpr std::size_t traces_at_once = 2;
  static constexpr std::size_t page_rows = 2000;
  static constexpr auto patience = std::chrono::seconds{12};  // then who waits gets what is there

  // `definitions`: those whose jobs are read. `before`: an older reading, whose exceptions are still true.
  FailureScan(const std::shared_ptr<Session>& session, const Batch& batch,
              std::vector<std::string> definitions, const FailureScan* before);

  void begin();
  // Called once it is over; at once if it is over already.
  void when_over(std::function<void()> tell);
  // Called once something was read; at once if something was.
  void when_there_is_something(std::function<void()> tell);
  // Called once it is over, or its time limit has passed.
  void when_there_is_enough(std::function<void()> tell);

  bool over() const { return over_; }
  // All that failed were read.
  // Rows of the engine's answers that could not be read, wholly or in part.
  std::size_t unread() const { return unread_; }
  bool whole() const {
    return over_ && !problem_ && unread_ == 0 && (jobs_.size() < most_jobs || of_ <= jobs_.size());
  }
  const std::optional<Problem>& problem() const { return problem_; }
  const std::vector<Cause>& causes() const { return causes_; }
  // The causes that have jobs, joined where many differ at one place; those with the most jobs first.
  const std::vector<CauseGroup>& groups() const;
  // By cause: whether it is the one of that key, or belongs to the group of that key.
  std::vector<bool> of_key(const std::string& key) const;
  const CausedJobs& jobs() const { return jobs_; }
  std::size_t of() const { return of_; }
  Clock::time_point ended() const { return ended_; }
  Clock::time_point began() const { return began_; }
  Clock::duration took() const { return ended_ - began_; }
  std::int64_t failed_then() const { return failed_then_; }

  // What was retried or deleted is failed no more.
  void take_out(const std::unordered_set<std::string>& jobs);

 private:
  void read_page();
  void page_read(Got<Engine::PageRead> got);
  void see(const Job& job);
  std::size_t cause_of(const Job& job);
  std::size_t cause_beyond_bound(const std::string& text);
  std::size_t new_cause(Cause cause);
  void join_causes();
  void fold_the_smallest() const;
  void ask_traces();
  void next_trace();
  void read_trace(Session& session, std::size_t cause, const std::string& job);
  void finish();

  Environment& environment_;
  std::weak_ptr<Session> session_;
  std::vector<std::string> definitions_;
  std::size_t definition_ = 0, of_ = 0;
  std::uint64_t first_ = 0;
  std::int64_t failed_then_;
  std::vector<Cause> causes_;
  std::unordered_map<std::string, std::size_t> known_;  // cause by masked message
  std::map<std::string, std::string> exceptions_;       // by cause, of an older reading
  std::vector<Sentence> sentences_;                     // that many causes share
  std::vector<std::size_t> sentence_of_;                // by cause; none: its own
  std::size_t next_join_ = 64;                          // with so many causes
  mutable std::vector<CauseGroup> groups_;
  mutable std::unordered_map<std::string, std::vector<std::size_t>> group_of_;  // causes by group's key
  mutable bool grouped_ = false;
  CausedJobs jobs_;
  std::vector<std::size_t> to_trace_;  // causes
  std::size_t traces_open_ = 0;
  std::optional<Problem> problem_;
  std::size_t unread_ = 0;
  std::vector<std::function<void()>> waiting_, impatient_, curious_;
  Clock::time_point began_{}, ended_{};
  bool over_ = false;
};

// The readings of one session, and when to read again.
class Failures {
 public:
  using Scan = std::shared_ptr<FailureScan>;
  static constexpr std::size_t most_scans = 8;  // batches; the one asked for longest ago goes
  static constexpr auto oldest = std::chrono::minutes{5};
  static constexpr auto pause = std::chrono::seconds{2};  // between two readings, or ten times what one took

  explicit Failures(Environment& environment) : environment_(environment) {}

  // What is there to show now, begun or begun again if need be; none when nothing failed. `dead_mover`: the
  // seed or monitor definition whose job has no retries left.
  Scan look(const std::shared_ptr<Session>& session, const Batch& batch,
            const std::optional<std::string>& dead_mover);
  // The reading that goes on, or a new one whatever is remembered: at most one a batch at once.
  Scan read_again(const std::shared_ptr<Session>& session, const Batch& batch,
                  const std::optional<std::string>& dead_mover);
  void take_out(const std::string& batch, const std::unordered_set<std::string>& jobs);

  // Jobs that this authority retried: until they ran they wait for the engine, and one that is without
  // retries again has failed again. `follow`: it stays in sight until it ran; many would fill the first page.
  static constexpr auto retries_for = std::chrono::minutes{10};
  static constexpr std::size_t most_retried =
      FailureScan::most_jobs;                       // of a batch; what is more is not known
  static constexpr std::size_t most_followed = 20;  // of a batch at once
  void remember_retried(const std::string& batch, const std::string& job, bool follow);
  void forget_retried(const std::string& batch, const std::string& job);
  bool was_retried(const std::string& batch, const std::string& job) const;
  std::vector<std::string> followed(const std::string& batch) const;

  // Of every cache here.
  Bounds bounds() const;

  // How many rows of jobs the engine allows in one answer, as far as it said.
  std::size_t most_rows(std::size_t wanted) const { return std::min(wanted, allowed_); }
  void allow(std::size_t rows) { allowed_ = rows; }

 private:
  struct Kept {
    Scan shown, running;
    Clock::time_point asked;
  };
  Kept& kept(const std::string& batch);
  static void take_over(Kept& kept);
  bool is_old(const FailureScan& scan, const Batch& batch) const;

  Environment& environment_;
  std::map<std::string, Kept> scans_;  // by batch
  struct Retried {
    Clock::time_point at;  // the latest
    std::unordered_map<std::string, Clock::time_point> jobs;
    std::vector<std::string> followed;  // the newest last
  };
  std::map<std::string, Retried> retried_;  // by batch, of at most most_scans batches
  std::size_t allowed_ = 1'000'000;
};

}  // namespace batch_view
