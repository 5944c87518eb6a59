// The model's job executor: takes jobs that are ready into worker slots and ends their runs, event by event.
#include <algorithm>
#include <iterator>

#include "engine_model.hpp"

namespace demo_engine {
namespace {

constexpr Id kHighestId{~std::uint64_t{0}, ~std::uint64_t{0}};
constexpr Milliseconds kMonitorDuration{5};
/// A failed job is tried again at once; three tries take well under a second.
constexpr Milliseconds kNextTryDelay{15};
/// The jobs a seed run makes let the next seed run, or the monitor's first look, go first.
constexpr Milliseconds kBehindTheSeed{1};

const Run& earliest(const std::vector<Run>& runs) {
  return *std::min_element(runs.begin(), runs.end(),
                           [](const Run& a, const Run& b) { return a.ends < b.ends; });
}

}  // namespace

void EngineModel::advance(Instant now) {
  for (;;) {
    Batch* first = nullptr;
    Instant at = now;
    for (auto& [id, batch] : batches_) {
      const auto next = next_event(batch);
      if (next && (first == nullptr ? *next <= at : *next < at)) {
        first = &batch;
        at = *next;
      }
    }
    if (first == nullptr) break;
    now_ = std::max(now_, at);
    process_event(*first);
  }
  now_ = std::max(now_, now);
}

std::optional<Instant> EngineModel::next_event(const Batch& batch) const {
  std::optional<Instant> next;
  if (!batch.runs.empty()) next = earliest(batch.runs).ends;
  if (batch.runs.size() < kSlotsPerBatch && !batch.ready.empty()) {
    const Instant ready = std::max(batch.ready.begin()->first, now_);
    if (!next || ready < *next) next = ready;
  }
  return next;
}

void EngineModel::process_event(Batch& batch) {
  const bool run_ends = !batch.runs.empty() && earliest(batch.runs).ends <= now_;
  if (!run_ends) {
    begin_run(batch);
    return;
  }
  const Run run = earliest(batch.runs);
  std::erase_if(batch.runs, [&](const Run& other) { return other.job == run.job; });
  end_run(batch, run);
}

void EngineModel::begin_run(Batch& batch) {
  // The job that became ready last goes first, so that a second try or a retry does not wait for the whole
  // batch.
  const auto next = std::prev(batch.ready.upper_bound({now_, kHighestId}));
  Job& job = batch.jobs.at(next->second);
  take_off_ready(batch, job);
  job.running = true;
  Milliseconds duration = kMonitorDuration;
  if (job.kind == JobKind::seed) duration = batch.work.seed_duration;
  if (job.kind == JobKind::execution)
    duration =
        between(batch.work.duration - batch.work.duration / 3, batch.work.duration + batch.work.duration / 3);
  batch.runs.push_back({job.id, now_, now_ + duration, false});
}

void EngineModel::end_run(Batch& batch, const Run& run) {
  Job& job = batch.jobs.at(run.job);
  job.running = false;
  if (run.disturbed) {
    job.failure = make_failure(FailureCause::lock_conflict, to_text(job.id));
    log(batch, job, LogState::failed, job.failure);
    make_ready(batch, job, now_ + kNextTryDelay);
    return;
  }
  if (const FailurePtr failure = outcome_of(batch, job)) {
    job_failed(batch, job, failure);
    return;
  }
  const JobKind kind = job.kind;
  if (kind == JobKind::execution && !batch.facts.execution_started) {
    batch.facts.execution_started = run.begun;
    if (const auto record = history_.find(batch.facts.id); record != history_.end())
      record->second.facts.execution_started = run.begun;
  }
  remove_job(batch, run.job, LogState::succeeded);
  if (kind == JobKind::seed) run_seed(batch);
  if (kind == JobKind::monitor) run_monitor(batch);
}

FailurePtr EngineModel::outcome_of(Batch& batch, const Job& job) {
  const Work& work = batch.work;
  if (job.kind == JobKind::seed) {
    const bool fails = work.failing_seed_run == batch.seed_runs && job.failed_runs < kTriesAtCreation;
    return fails ? make_failure(FailureCause::seed_configuration, "21407") : nullptr;
  }
  if (job.kind == JobKind::monitor) return nullptr;
  if (work.kind == WorkKind::scripted) {
    const auto script = work.failing.find(job.number);
    if (script == work.failing.end()) return nullptr;
    const bool fails = script->second.failing_runs < 0 || job.failed_runs < script->second.failing_runs;
    if (!fails) return nullptr;
    if (job.failure && job.failure->cause == script->second.cause) return job.failure;
    return make_failure(script->second.cause, "INV-P-" + std::to_string(10'000 + job.number), old_words_);
  }
  const std::string& item = work.items.at(job.number);
  if (work.kind == WorkKind::external_task_retries)
    return make_failure(FailureCause::external_task_missing, item);
  const auto target = parse_id(item);
  const bool found = target && set_job_retries(*target, work.new_retries, {});
  return found ? nullptr : make_failure(FailureCause::job_missing, item, old_words_);
}

void EngineModel::run_seed(Batch& batch) {
  ++batch.seed_runs;
  const std::uint32_t missing = batch.facts.total_jobs - batch.jobs_created;
  const std::uint32_t count = std::min<std::uint32_t>(missing, kBatchJobsPerSeed);
  for (std::uint32_t i = 0; i < count; ++i)
    make_ready(batch, add_job(batch, JobKind::execution, batch.jobs_created + i, std::nullopt),
               now_ + kBehindTheSeed);
  batch.jobs_created += count;
  const bool all_created = batch.jobs_created == batch.facts.total_jobs;
  Job& next = add_job(batch, all_created ? JobKind::monitor : JobKind::seed, batch.seed_runs, std::nullopt);
  make_ready(batch, next, now_);
}

void EngineModel::run_monitor(Batch& batch) {
  // Not counted: a blocked batch of many jobs is looked at for ever.
  const bool one_left = std::any_of(batch.jobs.begin(), batch.jobs.end(),
                                    [](const auto& job) { return job.second.kind == JobKind::execution; });
  if (!one_left && batch.jobs_created == batch.facts.total_jobs) {
    end_batch(Id{batch.facts.id});
    return;
  }
  Job& next = add_job(batch, JobKind::monitor, 0, now_ + kMonitorPoll);
  make_ready(batch, next, now_);
}

void EngineModel::job_failed(Batch& batch, Job& job, const FailurePtr& failure) {
  log(batch, job, LogState::failed, failure);
  job.failure = failure;
  ++job.failed_runs;
  if (job.retries > 0) --job.retries;
  if (job.retries == 0) {
    open_incident(job);
    return;
  }
  make_ready(batch, job, now_ + kNextTryDelay);
}

}  // namespace demo_engine
