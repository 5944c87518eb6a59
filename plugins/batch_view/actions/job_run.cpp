#include "actions/job_run.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "actions/permission.hpp"
#include "actions/plans.hpp"
#include "engine/callback_guard.hpp"
#include "failures/failure_cache.hpp"
#include "model/reply.hpp"
#include "session/access.hpp"

namespace batch_view {
namespace {

using nlohmann::json;

Problem unknown_outcome(const std::string& why) {
  return {COCKPIT_UNKNOWN_OUTCOME, "Outcome unknown", why, "problemUnknown", why};
}

}  // namespace

bool engine_is_away(const Problem& problem) {
  switch (problem.status) {
    case COCKPIT_UNAVAILABLE:
    case COCKPIT_TIMEOUT:
    case COCKPIT_UNKNOWN_OUTCOME:
    case COCKPIT_SIGN_IN_REQUIRED:
    case COCKPIT_STOPPING:
      return true;
    default:
      return false;
  }
}

Problem no_failed_job() {
  return {COCKPIT_GONE, "No longer failed",
          "This job is no longer a failed job of this batch: it ran, was retried or was deleted.",
          "problemNotFailed"};
}

JobRun::JobRun(std::shared_ptr<Session> session, JobWork work, ActionContext context, Replied then)
    : session_(std::move(session)),
      work_(std::move(work)),
      context_(std::move(context)),
      changes_(std::make_shared<GuardedChanges>(session_, context_)),
      then_(std::move(then)),
      summary_(work_.jobs.size()) {}

void JobRun::begin() {
  if (work_.jobs.size() > 1) report_progress();
  next_chunk();
}

void JobRun::next_chunk() {
  if (looking_ || over_) return;
  if (!stopped_ && changes_->stopped()) stop(std::nullopt);
  if (stopped_ || at_ == work_.jobs.size()) return keep_busy();
  const auto size = std::min(session_->state<FailureCache>().most_rows(looked_at), work_.jobs.size() - at_);
  const auto begin = work_.jobs.begin() + static_cast<std::ptrdiff_t>(at_);
  std::vector<std::string> ids{begin, begin + static_cast<std::ptrdiff_t>(size)};
  at_ += size;
  looking_ = true;
  session_->engine().jobs_among(ids, [self = shared_from_this(), ids](Got<Engine::Jobs> got) {
    self->looking_ = false;
    self->chunk_seen(ids, std::move(got));
  });
}

void JobRun::chunk_seen(std::vector<std::string> ids, Got<Engine::Jobs> got) {
  const auto again = [this, &ids] { at_ -= ids.size(); };
  if (auto* problem = std::get_if<Problem>(&got)) {
    again();
    if (work_.jobs.size() == 1) {
      summary_.failed(ids.front(), *problem);
      at_ = 1;
    } else {
      stop(std::move(*problem));
    }
    return keep_busy();
  }
  auto& found = std::get<Engine::Jobs>(got);
  if (found.limit) {
    again();
    if (*found.limit >= ids.size()) {
      stop(Problem{COCKPIT_UNAVAILABLE, "The engine allows too few rows",
                   "It refuses even the number of rows that it allows."});
      return keep_busy();
    }
    session_->state<FailureCache>().allow(*found.limit);
    return next_chunk();
  }
  learn_rights(std::make_shared<const Chunk>(Chunk{std::move(ids), std::move(found.jobs)}));
}

// Each batch once a run: whether it may be seen, and its jobs be changed.
void JobRun::learn_rights(const std::shared_ptr<const Chunk>& chunk) {
  for (const auto& job : chunk->jobs) {
    const auto& batch = job.batch;
    if (batch.empty() || batches_[batch].known || (!work_.batch.empty() && batch != work_.batch)) continue;
    looking_ = true;
    const Engine::Done learned = [self = shared_from_this(), batch, chunk](std::optional<Problem> problem) {
      self->batches_[batch] = {true, std::move(problem)};
      self->looking_ = false;
      self->learn_rights(chunk);
    };
    return visible_batch(session_, batch, [session = session_, batch, learned](Got<Batch> got) {
      if (auto* problem = std::get_if<Problem>(&got)) return learned(std::move(*problem));
      if_allowed(session, batch, &Rights::update, "UPDATE", learned, [learned] { learned(std::nullopt); });
    });
  }
  sort_out(*chunk);
  keep_busy();
}

void JobRun::sort_out(const Chunk& chunk) {
  std::map<std::string_view, const Job*> found;
  for (const auto& job : chunk.jobs) found[job.id] = &job;
  for (const auto& id : chunk.ids) {
    const auto at = found.find(id);
    if (at == found.end() || at->second->batch.empty()) {
      if (work_.batch.empty())
        summary_.failed(id, no_job(id));
      else
        summary_.skipped(id, no_failed_job());
      continue;
    }
    const auto& job = *at->second;
    bool skipped = false;
    const auto why = why_not(id, job, skipped);
    if (!why)
      ready_.push_back({id, job.batch, job.retries});
    else if (skipped)
      summary_.skipped(id, *why);
    else
      summary_.failed(id, *why);
  }
  std::reverse(ready_.begin(), ready_.end());  // taken from the end
}

std::optional<Problem> JobRun::why_not(const std::string& id, const Job& job, bool& skipped) {
  skipped = !work_.batch.empty() && (job.batch != work_.batch || job.retries != 0);
  if (skipped) return no_failed_job();
  const auto& refused = batches_[job.batch].refused;
  if (refused) return refused->status == COCKPIT_NOT_FOUND ? no_job(id) : *refused;
  if (work_.effect == JobEffect::retry && job.retries > 0)
    return Problem{COCKPIT_CONFLICT, "Not failed",
                   "This job has retries left; it waits for the engine already.", "problemWaits"};
  if (work_.effect == JobEffect::run_now && job.retries == 0)
    return Problem{COCKPIT_CONFLICT, "No retries left", "This job has failed; retry it instead.",
                   "problemNotScheduled"};
  if (work_.effect == JobEffect::run_now && !job.due) {
    skipped = true;
    return Problem{COCKPIT_CONFLICT, "Not scheduled", "This job waits for no date; it waits for the engine.",
                   "problemNoDate"};
  }
  return std::nullopt;
}

void JobRun::keep_busy() {
  if (!stopped_ && changes_->stopped()) stop(std::nullopt);
  if (work_.dry_run) {
    for (auto at = ready_.rbegin(); at != ready_.rend(); ++at) planned_.push_back(at->job);
    ready_.clear();
  }
  while (!stopped_ && open_.size() < at_once && !ready_.empty()) {
    const auto ready = std::move(ready_.back());
    ready_.pop_back();
    open_.insert(ready.job);
    change(ready);
  }
  if (!open_.empty() || looking_) return;
  if (!stopped_ && at_ < work_.jobs.size()) return next_chunk();
  finish();
}

void JobRun::change(const Ready& ready) {
  current_ = ready.job;
  const auto self = shared_from_this();
  const auto done = guard_callback<std::optional<Problem>>(
      [self, id = ready.job, batch = ready.batch](std::optional<Problem> problem) {
        self->changed(id, batch, std::move(problem));
      },
      // What became of this one nobody knows; the others are not begun.
      [self, id = ready.job, batch = ready.batch] {
        self->stop(internal_problem());
        self->changed(id, batch, unknown_outcome("an error in the plugin took the answer away"));
      });
  switch (work_.effect) {
    case JobEffect::retry:
      return changes_->retry_job(ready.job, work_.retry, done);
    case JobEffect::run_now:
      return changes_->run_now(ready.job, ready.retries, done);
    case JobEffect::remove:
      return changes_->delete_job(ready.job, done);
  }
}

void JobRun::changed(const std::string& id, const std::string& batch, std::optional<Problem> problem) {
  if (open_.erase(id) == 0) return;  // settled already
  if (!problem) {
    unanswered_ = 0;
    summary_.done();
    settled_.insert(id);
    changed_batches_.insert(batch);
    if (work_.effect == JobEffect::retry)
      session_->retried().remember(batch, id, work_.jobs.size() <= RetriedJobs::most_followed);
  } else if (problem->status == COCKPIT_CANCELLED) {
    not_begun(id);
  } else {
    const bool away = engine_is_away(*problem);
    unanswered_ = away ? unanswered_ + 1 : 0;
    const bool refused = problem->status == COCKPIT_SIGN_IN_REQUIRED || problem->status == COCKPIT_STOPPING;
    summary_.failed(id, *problem);
    if (away && !stopped_ && work_.jobs.size() > 1 && (refused || unanswered_ >= most_in_a_row))
      stop(std::move(*problem));
  }
  keep_busy();
}

void JobRun::not_begun(const std::string& id) {
  if (!stopped_) stop(std::nullopt);
  summary_.not_begun(id);
}

void JobRun::stop(std::optional<Problem> why) {
  stopped_ = true;
  summary_.stopped(std::move(why));
}

void JobRun::report_progress() {
  const auto now = session_->environment().now();
  auto words = summary_.progress(current_);
  if (words != reported_ || now - reported_at_ >= alive) {
    context_.progress(words);
    reported_ = std::move(words);
    reported_at_ = now;
  }
  timer_ = session_->environment().after(tick, [weak = weak_from_this()] {
    if (const auto self = weak.lock(); self && !self->over_) self->report_progress();
  });
}

void JobRun::finish() {
  if (std::exchange(over_, true)) return;
  timer_.reset();
  for (auto at = ready_.rbegin(); at != ready_.rend(); ++at) summary_.not_begun(at->job);
  for (; at_ < work_.jobs.size(); ++at_) summary_.not_begun(work_.jobs[at_]);
  for (const auto& batch : changed_batches_)
    if (work_.effect != JobEffect::run_now) session_->state<FailureCache>().remove_jobs(batch, settled_);
  if (work_.dry_run) {
    json samples = json::array();
    for (const auto& id : planned_)
      if (samples.size() < most_samples) samples.push_back({{"id", id}});
    const auto key = session_->state<Plans>().keep({work_.action, {}, false, hash_of(planned_)});
    return then_(summary_.plan(planned_, samples, key));
  }
  if (work_.name_ids) summary_.acted_on(std::move(work_.jobs));
  summary_.on_top(work_.on_top);
  then_(summary_.reply(work_.said));
}

}  // namespace batch_view
