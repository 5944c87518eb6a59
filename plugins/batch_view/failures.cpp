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

void Failures::remember_retried(const std::string& batch, std::unordered_set<std::string> jobs) {
  const auto now = environment_.now();
  std::erase_if(retried_, [now](const auto& one) { return one.second.at + retries_for < now; });
  if (retried_.size() >= most_scans) retried_.erase(retried_.begin());
  retried_[batch] = {now, std::move(jobs)};
}

bool Failures::was_retried(const std::string& batch, const std::string& job) const {
  const auto at = retried_.find(batch);
  return at != retried_.end() && at->second.at + retries_for > environment_.now() &&
         at->second.jobs.count(job) != 0;
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
