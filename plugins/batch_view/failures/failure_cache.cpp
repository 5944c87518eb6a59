#include "failures/failure_cache.hpp"

#include <algorithm>

namespace batch_view {

FailureCache::Kept& FailureCache::kept(const std::string& batch) {
  const auto now = environment_.now();
  make_room(scans_, batch, most_scans, &Kept::asked);
  auto& found = scans_[batch];
  found.asked = now;
  take_over(found);
  return found;
}

// What was read to its end is shown from now on; a reading that failed replaces none that worked.
void FailureCache::take_over(Kept& kept) {
  if (!kept.running || !kept.running->over()) return;
  if (!kept.running->problem() || !kept.shown) kept.shown = kept.running;
  if (!kept.running->problem()) kept.running = nullptr;
}

bool FailureCache::is_old(const FailureScan& scan, const Batch& batch) const {
  const auto age = environment_.now() - scan.ended();
  if (age > oldest) return true;
  const auto rest = std::max<Clock::duration>(pause, scan.took() * 10);
  return age > rest && (scan.problem() || scan.failed_then() != batch.failed);
}

FailureCache::Scan FailureCache::get(const std::shared_ptr<Session>& session, const Batch& batch,
                                     const std::optional<std::string>& failed_driving_job) {
  if (batch.ended() || (batch.failed == 0 && !failed_driving_job)) {
    scans_.erase(batch.id);
    return nullptr;
  }
  auto& here = kept(batch.id);
  const auto& newest = here.running ? here.running : here.shown;
  if (!newest || (newest->over() && is_old(*newest, batch))) read_again(session, batch, failed_driving_job);
  return here.shown && (!here.shown->problem() || !here.running) ? here.shown : here.running;
}

FailureCache::Scan FailureCache::read_again(const std::shared_ptr<Session>& session, const Batch& batch,
                                            const std::optional<std::string>& failed_driving_job) {
  auto& here = kept(batch.id);
  if (!here.running || here.running->over()) {
    std::vector<std::string> definitions;
    if (failed_driving_job) definitions.push_back(*failed_driving_job);
    if (batch.failed > 0) definitions.push_back(batch.job_definition);
    here.running = std::make_shared<FailureScan>(session, batch, std::move(definitions), here.shown.get());
    here.running->begin();
  }
  return here.running;
}

void FailureCache::remove_jobs(const std::string& batch, const std::unordered_set<std::string>& jobs) {
  const auto at = scans_.find(batch);
  if (at == scans_.end()) return;
  take_over(at->second);
  if (at->second.shown) at->second.shown->remove_jobs(jobs);
  // What is being read may have been read before the change.
  if (at->second.running && !at->second.running->over()) at->second.running = nullptr;
}

Bounds FailureCache::bounds() const {
  Bounds bounds{{"readings of failures", scans_.size(), most_scans}};
  for (const auto& [batch, kept] : scans_)
    for (const auto& scan : {kept.shown, kept.running}) {
      if (!scan) continue;
      bounds.push_back({"failed jobs of a reading", scan->jobs().size(), FailureScan::most_jobs});
      bounds.push_back({"causes of a reading", scan->causes().size(), FailureScan::most_causes + 1});
    }
  return bounds;
}

}  // namespace batch_view
