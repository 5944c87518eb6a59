#include "failures.hpp"

#include <algorithm>

#include "session.hpp"

namespace batch_view {

Failures::Kept& Failures::kept(const std::string& batch) {
  const auto now = environment_.now();
  if (scans_.count(batch) == 0 && scans_.size() >= most_scans)
    scans_.erase(std::min_element(scans_.begin(), scans_.end(), [](const auto& one, const auto& other) {
      return one.second.asked < other.second.asked;
    }));
  auto& found = scans_[batch];
  found.asked = now;
  take_over(found);
  return found;
}

// What was read to its end is shown from now on; a reading that failed replaces none that worked.
void Failures::take_over(Kept& kept) {
  if (!kept.running || !kept.running->over()) return;
  if (!kept.running->problem() || !kept.shown) kept.shown = kept.running;
  if (!kept.running->problem()) kept.running = nullptr;
}

bool Failures::is_old(const FailureScan& scan, const Batch& batch) const {
  const auto age = environment_.now() - scan.ended();
  if (age > oldest) return true;
  const auto rest = std::max<Clock::duration>(pause, scan.took() * 10);
  return age > rest && (scan.problem() || scan.failed_then() != batch.failed);
}

Failures::Scan Failures::look(const std::shared_ptr<Session>& session, const Batch& batch,
                              const std::optional<std::string>& dead_mover) {
  if (batch.ended() || (batch.failed == 0 && !dead_mover)) {
    scans_.erase(batch.id);
    return nullptr;
  }
  auto& here = kept(batch.id);
  const auto& newest = here.running ? here.running : here.shown;
  if (!newest || (newest->over() && is_old(*newest, batch))) read_again(session, batch, dead_mover);
  return here.shown && (!here.shown->problem() || !here.running) ? here.shown : here.running;
}

Failures::Scan Failures::read_again(const std::shared_ptr<Session>& session, const Batch& batch,
                                    const std::optional<std::string>& dead_mover) {
  auto& here = kept(batch.id);
  if (!here.running || here.running->over()) {
    std::vector<std::string> definitions;
    if (dead_mover) definitions.push_back(*dead_mover);
    if (batch.failed > 0) definitions.push_back(batch.job_definition);
    here.running = std::make_shared<FailureScan>(session, batch, std::move(definitions), here.shown.get());
    here.running->begin();
  }
  return here.running;
}

void Failures::remember_retried(const std::string& batch, const std::string& job, bool follow) {
  const auto time = environment_.now();
  if (retried_.count(batch) == 0 && retried_.size() >= most_scans)
    retried_.erase(std::min_element(retried_.begin(), retried_.end(), [](const auto& one, const auto& other) {
      return one.second.at < other.second.at;
    }));
  auto& here = retried_[batch];
  here.at = time;
  if (here.jobs.size() >= most_retried)
    std::erase_if(here.jobs, [time](const auto& one) { return one.second + retries_for < time; });
  if (here.jobs.size() >= most_retried) return;
  here.jobs[job] = time;
  std::erase(here.followed, job);
  if (!follow) return;
  here.followed.push_back(job);
  if (here.followed.size() > most_followed) here.followed.erase(here.followed.begin());
}

void Failures::forget_retried(const std::string& batch, const std::string& job) {
  const auto at = retried_.find(batch);
  if (at == retried_.end()) return;
  at->second.jobs.erase(job);
  std::erase(at->second.followed, job);
}

bool Failures::was_retried(const std::string& batch, const std::string& job) const {
  const auto at = retried_.find(batch);
  if (at == retried_.end()) return false;
  const auto found = at->second.jobs.find(job);
  return found != at->second.jobs.end() && found->second + retries_for > environment_.now();
}

std::vector<std::string> Failures::followed(const std::string& batch) const {
  const auto at = retried_.find(batch);
  if (at == retried_.end()) return {};
  std::vector<std::string> jobs;
  for (const auto& job : at->second.followed)
    if (was_retried(batch, job)) jobs.push_back(job);
  return jobs;
}

void Failures::take_out(const std::string& batch, const std::unordered_set<std::string>& jobs) {
  const auto at = scans_.find(batch);
  if (at == scans_.end()) return;
  take_over(at->second);
  if (at->second.shown) at->second.shown->take_out(jobs);
  // What is being read may have been read before the change.
  if (at->second.running && !at->second.running->over()) at->second.running = nullptr;
}

}  // namespace batch_view
