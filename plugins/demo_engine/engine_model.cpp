// Creation, reading and the changes a client makes.
#include "engine_model.hpp"

#include <algorithm>

namespace demo_engine {

EngineModel::EngineModel(Instant now, std::uint64_t seed, bool old_words)
    : now_(now), old_words_(old_words), ids_(seed), random_(seed) {}

BatchCounts count_jobs(const Batch& batch) {
  BatchCounts counts;
  counts.remaining = batch.facts.total_jobs - batch.jobs_created;
  for (const auto& [id, job] : batch.jobs) {
    if (job.kind != JobKind::execution) continue;
    ++counts.remaining;
    if (job.retries == 0) ++counts.failed;
  }
  counts.completed = batch.facts.total_jobs - counts.remaining;
  return counts;
}

const Batch* EngineModel::create_batch(NewBatch request) {
  if (request.items == 0 || request.items > kMaxItemsPerBatch || batches_.size() >= kMaxLiveBatches)
    return nullptr;
  Batch batch;
  BatchFacts& facts = batch.facts;
  facts.id = ids_.next(now_);
  facts.seed_definition = ids_.next(now_);
  facts.monitor_definition = ids_.next(now_);
  facts.execution_definition = ids_.next(now_);
  facts.type = std::move(request.type);
  facts.invocations_per_job = request.invocations_per_job;
  const auto per_job = static_cast<std::uint32_t>(request.invocations_per_job);
  facts.total_jobs = (request.items + per_job - 1) / per_job;
  facts.tenant = std::move(request.tenant);
  facts.creator = std::move(request.creator);
  facts.started = now_;
  batch.work = std::move(request.work);

  history_[facts.id] = {facts, std::nullopt};
  logs_[facts.id].facts = facts;
  batch_of_definition_[facts.seed_definition] = {facts.id, JobKind::seed};
  batch_of_definition_[facts.monitor_definition] = {facts.id, JobKind::monitor};
  batch_of_definition_[facts.execution_definition] = {facts.id, JobKind::execution};
  const Id id = facts.id;
  Batch& kept = batches_.emplace(id, std::move(batch)).first->second;
  make_ready(kept, add_job(kept, JobKind::seed, 0, std::nullopt), now_);
  return &kept;
}

Batch* EngineModel::live_batch(const Id& batch) {
  const auto found = batches_.find(batch);
  return found == batches_.end() ? nullptr : &found->second;
}

const Batch* EngineModel::find_batch(const Id& batch) const {
  const auto found = batches_.find(batch);
  return found == batches_.end() ? nullptr : &found->second;
}

std::pair<Batch*, Job*> EngineModel::live_job(const Id& job) {
  const auto owner = batch_of_job_.find(job);
  if (owner == batch_of_job_.end()) return {nullptr, nullptr};
  Batch& batch = batches_.at(owner->second);
  return {&batch, &batch.jobs.at(job)};
}

std::optional<EngineModel::FoundJob> EngineModel::find_job(const Id& job) const {
  const auto owner = batch_of_job_.find(job);
  if (owner == batch_of_job_.end()) return std::nullopt;
  const Batch& batch = batches_.at(owner->second);
  return FoundJob{&batch, &batch.jobs.at(job)};
}

std::optional<EngineModel::FoundDefinition> EngineModel::find_definition(const Id& definition) const {
  const auto found = batch_of_definition_.find(definition);
  if (found == batch_of_definition_.end()) return std::nullopt;
  return FoundDefinition{&batches_.at(found->second.first), found->second.second};
}

bool EngineModel::set_batch_suspended(const Id& id, bool suspended) {
  Batch* batch = live_batch(id);
  if (batch == nullptr) return false;
  const bool changes = batch->suspended != suspended;
  batch->suspended = suspended;
  for (auto& [job_id, job] : batch->jobs) {
    job.suspended = suspended;
    if (suspended) {
      take_off_ready(*batch, job);
      if (changes) disturb_run(*batch, job);
    } else {
      make_ready(*batch, job, now_);
    }
  }
  return true;
}

bool EngineModel::delete_batch(const Id& id, bool cascade) {
  Batch* batch = live_batch(id);
  if (batch == nullptr) return false;
  batch->runs.clear();
  std::vector<Id> monitors_first;
  for (const auto& [job_id, job] : batch->jobs)
    if (job.kind != JobKind::execution) monitors_first.push_back(job_id);
  for (const auto& [job_id, job] : batch->jobs)
    if (job.kind == JobKind::execution) monitors_first.push_back(job_id);
  for (const Id& job : monitors_first) remove_job(*batch, job, LogState::deleted);
  end_batch(id);
  if (cascade) drop_history(id);
  return true;
}

bool EngineModel::delete_history(const Id& batch) {
  if (!history_.contains(batch)) return false;
  drop_history(batch);
  return true;
}

bool EngineModel::set_job_retries(const Id& id, int retries, const DueChange& due) {
  const auto [batch, job] = live_job(id);
  if (job == nullptr) return false;
  if (retries > 0) job->incident.reset();
  change_retries(*batch, *job, retries, due);
  return true;
}

void EngineModel::set_definition_retries(const Id& definition, int retries, const DueChange& due) {
  const auto found = batch_of_definition_.find(definition);
  if (found == batch_of_definition_.end() || retries == 0) return;
  Batch& batch = batches_.at(found->second.first);
  for (auto& [id, job] : batch.jobs)
    if (job.kind == found->second.second && job.retries == 0) change_retries(batch, job, retries, due);
}

bool EngineModel::set_job_due(const Id& id, std::optional<Instant> due) {
  const auto [batch, job] = live_job(id);
  if (job == nullptr) return false;
  job->due = due;
  disturb_run(*batch, *job);
  make_ready(*batch, *job, now_);
  return true;
}

bool EngineModel::set_job_suspended(const Id& id, bool suspended) {
  const auto [batch, job] = live_job(id);
  if (job == nullptr) return false;
  const bool changes = job->suspended != suspended;
  job->suspended = suspended;
  if (suspended) {
    take_off_ready(*batch, *job);
    if (changes) disturb_run(*batch, *job);
  } else {
    make_ready(*batch, *job, now_);
  }
  return true;
}

JobDeletion EngineModel::delete_job(const Id& id) {
  const auto [batch, job] = live_job(id);
  if (job == nullptr) return JobDeletion::missing;
  if (job->running && !job->suspended) return JobDeletion::running;
  std::erase_if(batch->runs, [&](const Run& run) { return run.job == id; });
  remove_job(*batch, id, LogState::deleted);
  return JobDeletion::deleted;
}

}  // namespace demo_engine
