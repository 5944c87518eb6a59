#include "session/driving_jobs.hpp"

#include <algorithm>
#include <utility>

#include "engine/callback_guard.hpp"
#include "model/countdown.hpp"
#include "model/time.hpp"

namespace batch_view {

DrivingJobStatus DrivingJobs::status(const Batch& batch) const {
  DrivingJobStatus known;
  if (const auto definition = driving_definition(batch))
    if (const auto at = jobs_.find(*definition); at != jobs_.end()) known = at->second.status;
  if (known.job != DrivingJob::missing && known.job != DrivingJob::without_retries &&
      standstill_.is_suspended(batch.id))
    known.job = DrivingJob::suspended;
  return known;
}

// Whether to ask for the driving job: not while jobs are being created, or the batch has just begun.
bool DrivingJobs::is_due(const Batch& batch, const std::string& definition) {
  const auto time = now();
  auto at = jobs_.find(definition);
  if (at == jobs_.end()) {
    if (jobs_.size() >= most_remembered)
      std::erase_if(jobs_, [](const auto& one) { return !one.second.asking; });
    at = jobs_.emplace(definition, Remembered{}).first;
    at->second.created = batch.created;
    const auto start = batch.start ? ms_of(*batch.start) : std::nullopt;
    const auto age = std::chrono::milliseconds{start ? engine_->now_ms() - *start : 0};
    at->second.until = batch.remaining == 0 || age > young ? time : time + recheck_after;
  }
  auto& remembered = at->second;
  if (remembered.asking) return true;  // whoever asks meanwhile gets the same answer
  if (remembered.created != batch.created) {
    remembered = Remembered{};
    remembered.until = time + recheck_after;
    remembered.status.job = DrivingJob::alive;
    remembered.created = batch.created;
    return false;
  }
  return remembered.until <= time;
}

void DrivingJobs::check(const std::vector<Batch>& batches, std::size_t most, std::function<void()> then) {
  std::vector<Batch> checked;
  std::vector<Batch> still;
  for (const auto& batch : batches) {
    const auto definition = driving_definition(batch);
    if (definition && checked.size() < most && is_due(batch, *definition)) checked.push_back(batch);
    if (still.size() < most && standstill_.has_to_be_checked(batch, now(), engine_->now_ms()))
      still.push_back(batch);
  }
  if (checked.empty() && still.empty()) return then();
  const auto one_done = after_all(checked.size() + still.size(), std::move(then));
  for (const auto& batch : checked) ask_job(batch, one_done);
  for (const auto& batch : still) ask_suspended(batch, one_done);
}

void DrivingJobs::ask_suspended(const Batch& batch, std::function<void()> then) {
  const auto answered = [self = shared_from_this(), id = batch.id,
                         then = std::move(then)](const Got<std::int64_t>& got) {
    const auto* count = std::get_if<std::int64_t>(&got);
    self->standstill_.answered(id, count != nullptr && *count > 0);
    then();
  };
  engine_->suspended_jobs_count(batch.job_definition, guard_answer<std::int64_t>(answered));
}

void DrivingJobs::ask_job(const Batch& batch, std::function<void()> then) {
  const auto definition = *driving_definition(batch);
  const bool monitor = definition == batch.monitor_definition;
  auto& asked = jobs_[definition];
  asked.waiting.push_back(std::move(then));
  if (std::exchange(asked.asking, true)) return;
  engine_->only_job(definition, guard_answer<std::optional<Job>>([self = shared_from_this(), this, definition,
                                                                  monitor](Got<std::optional<Job>> got) {
                      auto& remembered = jobs_[definition];
                      remembered.asking = false;
                      // No answer leaves what was known; the list itself says that the engine is not there.
                      if (const auto* job = std::get_if<0>(&got))
                        learn(remembered, *job, monitor);
                      else
                        remembered.until = now() + recheck_after;
                      for (const auto& report : std::exchange(remembered.waiting, {}))
                        call_guarded(engine_->environment(), report);
                    }));
}

void DrivingJobs::forget_suspended() {
  standstill_.forget();
  for (auto& [definition, remembered] : jobs_)
    if (remembered.status.job == DrivingJob::suspended) {
      remembered.status = {};
      remembered.until = {};
    }
}

void DrivingJobs::forget(const std::string& definition) {
  const auto at = jobs_.find(definition);
  if (at == jobs_.end()) return;
  at->second.status = {};
  at->second.until = {};
}

void DrivingJobs::learn(Remembered& remembered, const std::optional<Job>& job, bool monitor) const {
  const auto before = remembered.status.job;
  if (!job) {
    // Between two jobs there may be a moment without: it has to be missing twice.
    if (!std::exchange(remembered.missing_once, true)) {
      remembered.until = now();
      return;
    }
    remembered.status = {DrivingJob::missing, {}};
  } else {
    remembered.missing_once = false;
    remembered.status = {job->retries == 0 ? DrivingJob::without_retries
                         : job->suspended  ? DrivingJob::suspended
                                           : DrivingJob::alive,
                         {}};
    if (monitor && job->retries > 0 && job->due) remembered.status.due = *job->due;
  }
  remembered.wait = remembered.status.job == before
                        ? std::min<Clock::duration>(remembered.wait * 2, longest_recheck)
                        : Clock::duration{recheck_after};
  remembered.until = now() + remembered.wait;
}

void DrivingJobs::find_failed(const Batch& batch, std::function<void(std::optional<std::string>)> then) {
  check({batch}, 1, [self = shared_from_this(), batch, then = std::move(then)] {
    const bool failed = self->status(batch).job == DrivingJob::without_retries;
    then(failed ? driving_definition(batch) : std::nullopt);
  });
}

Bounds DrivingJobs::bounds() const {
  return {{"seed and monitor jobs", jobs_.size(), most_remembered},
          {"batches that stand still", standstill_.size(), Standstill::most}};
}

}  // namespace batch_view
