// One action on many jobs: each is looked at directly before it is changed, a few at once, until all are
// settled, somebody cancels, or the engine is not there any more. Nothing is ever sent twice.
//
// Thread: the plugin's own. Owner: itself, until it has called `then` once.
#pragma once

#include <memory>
#include <set>
#include <unordered_set>
#include <vector>

#include "actions/context.hpp"
#include "actions/guarded_changes.hpp"
#include "actions/summary.hpp"

namespace batch_view {

constexpr std::size_t most_samples = 20;  // of what a plan is about

enum class JobEffect { retry, run_now, remove };

struct JobWork {
  JobEffect effect = JobEffect::retry;
  Retry retry;
  std::vector<std::string> jobs;
  std::string batch;  // all are failed jobs of this one; empty: whatever batches they belong to
  SuccessText said;
  bool dry_run = false;  // answers which would be acted on, as a plan of:
  std::string action;
  bool name_ids = false;    // in the result: the request named none
  std::int64_t on_top = 0;  // more than the person saw
};

class JobRun : public std::enable_shared_from_this<JobRun> {
 public:
  static constexpr std::size_t at_once = 6;        // changes; two connections are left for who looks on
  static constexpr std::size_t looked_at = 500;    // jobs looked at with one call, directly before their turn
  static constexpr std::size_t most_in_a_row = 5;  // unanswered changes; then the engine is taken for dead
  static constexpr auto tick = std::chrono::milliseconds{300};  // between two words about the progress
  static constexpr auto alive = std::chrono::seconds{5};        // repeated when nothing moves

  JobRun(std::shared_ptr<Session> session, JobWork work, ActionContext context, Replied then);
  void begin();

 private:
  struct Ready {
    std::string job, batch;
    std::int64_t retries = 0;
  };
  struct May {  // what is known of a batch in this run
    bool known = false;
    std::optional<Problem> refused;
  };
  void next_chunk();
  struct Chunk {
    std::vector<std::string> ids;
    std::vector<Job> jobs;  // those of them that exist
  };
  void chunk_seen(std::vector<std::string> ids, Got<Engine::Jobs> got);
  void learn_rights(const std::shared_ptr<const Chunk>& chunk);
  void sort_out(const Chunk& chunk);
  void keep_busy();
  void change(const Ready& ready);
  // Why this job is not acted on; nothing: it is. `skipped`: and that is no failure.
  std::optional<Problem> why_not(const std::string& id, const Job& job, bool& skipped);
  void changed(const std::string& id, const std::string& batch, std::optional<Problem> problem);
  void not_begun(const std::string& id);
  void stop(std::optional<Problem> why);
  void report_progress();
  void finish();

  std::shared_ptr<Session> session_;
  JobWork work_;
  ActionContext context_;
  std::shared_ptr<GuardedChanges> changes_;
  Replied then_;
  ActionSummary summary_;
  std::size_t at_ = 0;        // the first that has not been looked at
  std::vector<Ready> ready_;  // looked at, not begun
  std::map<std::string, May> batches_;
  std::set<std::string> changed_batches_;
  std::unordered_set<std::string> settled_;
  std::vector<std::string> planned_;
  std::set<std::string> open_;  // sent, not answered
  std::size_t unanswered_ = 0;
  bool looking_ = false, stopped_ = false, over_ = false;
  std::string current_, reported_;
  Clock::time_point reported_at_{};
  std::unique_ptr<Timer> timer_;
};

// Whether nobody answered, so that going on makes no sense.
bool engine_is_away(const Problem& problem);

// Why a job of a plan is passed over, in words.
Problem no_failed_job();

}  // namespace batch_view
