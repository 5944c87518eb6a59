// The pieces of the model that the executor and the changes share: jobs, incidents, the log and its bounds.
#include <algorithm>

#include "engine_model.hpp"

namespace demo_engine {

Job& EngineModel::add_job(Batch& batch, JobKind kind, std::uint32_t number, std::optional<Instant> due) {
  Job job;
  job.id = ids_.next(now_);
  job.kind = kind;
  job.number = number;
  job.due = due;
  job.created = now_;
  job.suspended = batch.suspended;
  batch_of_job_[job.id] = batch.facts.id;
  log(batch, job, LogState::created);
  return batch.jobs.emplace(job.id, std::move(job)).first->second;
}

void EngineModel::remove_job(Batch& batch, const Id& id, LogState how) {
  const auto found = batch.jobs.find(id);
  take_off_ready(batch, found->second);
  log(batch, found->second, how);
  batch_of_job_.erase(id);
  batch.jobs.erase(found);
}

void EngineModel::make_ready(Batch& batch, Job& job, Instant earliest) {
  take_off_ready(batch, job);
  if (job.retries == 0 || job.suspended || job.running) return;
  job.ready = job.due ? std::max(earliest, *job.due) : earliest;
  batch.ready.emplace(*job.ready, job.id);
}

void EngineModel::take_off_ready(Batch& batch, Job& job) {
  if (!job.ready) return;
  batch.ready.erase({*job.ready, job.id});
  job.ready.reset();
}

void EngineModel::change_retries(Batch& batch, Job& job, int retries, const DueChange& due) {
  const bool had_retries = job.retries > 0;
  job.retries = retries;
  if (due.given) job.due = due.value;
  disturb_run(batch, job);
  if (retries == 0) {
    take_off_ready(batch, job);
    if (had_retries) open_incident(job);
    return;
  }
  make_ready(batch, job, now_ + between(kRetryDelayLeast, kRetryDelayMost));
}

void EngineModel::open_incident(Job& job) {
  if (job.incident) return;
  job.incident = Incident{ids_.next(now_), now_, job.failure};
}

void EngineModel::disturb_run(Batch& batch, const Job& job) {
  for (Run& run : batch.runs)
    if (run.job == job.id) run.disturbed = true;
}

void EngineModel::log(const Batch& batch, const Job& job, LogState state, FailurePtr failure) {
  BatchLog& entries = logs_[batch.facts.id];
  entries.facts = batch.facts;
  LogEntry entry{ids_.next(now_), job.id, now_, job.kind, state, job.retries, job.due, std::move(failure)};
  ++log_entries_;
  auto& kept = job.kind == JobKind::monitor ? entries.monitor : entries.work;
  kept.push_back(std::move(entry));
  if (log_entries_ > kMaxLogEntries) keep_bounds();
  const bool too_many_polls = job.kind == JobKind::monitor && kept.size() > kMaxMonitorEntriesPerBatch;
  if (too_many_polls || log_entries_ > kMaxLogEntries) {
    kept.pop_front();
    --log_entries_;
  }
}

void EngineModel::end_batch(const Id& id) {
  const auto batch = batches_.find(id);
  const BatchFacts facts = batch->second.facts;
  for (const Id& definition : {facts.seed_definition, facts.monitor_definition, facts.execution_definition})
    batch_of_definition_.erase(definition);
  for (const auto& [job_id, job] : batch->second.jobs) batch_of_job_.erase(job_id);
  batches_.erase(batch);
  const auto record = history_.find(id);
  if (record ==
      history_.end()) {  // Somebody deleted its history while it ran: nothing is left to read the log by.
    drop_history(id);
    return;
  }
  record->second = {facts, now_};
  ++completed_;
  keep_bounds();
}

void EngineModel::drop_history(const Id& batch) {
  const auto record = history_.find(batch);
  if (record != history_.end()) {
    if (record->second.ended) --completed_;
    history_.erase(record);
  }
  const auto entries = logs_.find(batch);
  if (entries == logs_.end()) return;
  log_entries_ -= entries->second.work.size() + entries->second.monitor.size();
  logs_.erase(entries);
}

void EngineModel::keep_bounds() {
  while (completed_ > 1 && (completed_ > kMaxCompletedBatches || log_entries_ > kMaxLogEntries)) {
    const HistoricBatch* oldest = nullptr;
    for (const auto& [id, record] : history_)
      if (record.ended && (oldest == nullptr || *record.ended < *oldest->ended)) oldest = &record;
    if (oldest == nullptr) return;
    drop_history(Id{oldest->facts.id});
  }
}

Milliseconds EngineModel::between(Milliseconds least, Milliseconds most) {
  const auto span = static_cast<std::uint64_t>((most - least).count()) + 1;
  return least + Milliseconds{static_cast<Milliseconds::rep>(random_() % span)};
}

}  // namespace demo_engine
