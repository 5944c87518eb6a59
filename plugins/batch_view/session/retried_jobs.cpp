#include "session/retried_jobs.hpp"

namespace batch_view {

void RetriedJobs::remember(const std::string& batch, const std::string& job, bool follow) {
  const auto time = environment_.now();
  make_room(batches_, batch, most_batches, &Retried::at);
  auto& here = batches_[batch];
  here.at = time;
  if (here.jobs.size() >= most_jobs)
    std::erase_if(here.jobs, [time](const auto& one) { return one.second + remembered_for < time; });
  if (here.jobs.size() >= most_jobs) return;
  here.jobs[job] = time;
  std::erase(here.followed, job);
  if (!follow) return;
  here.followed.push_back(job);
  if (here.followed.size() > most_followed) here.followed.erase(here.followed.begin());
}

void RetriedJobs::forget(const std::string& batch, const std::string& job) {
  const auto at = batches_.find(batch);
  if (at == batches_.end()) return;
  at->second.jobs.erase(job);
  std::erase(at->second.followed, job);
}

bool RetriedJobs::contains(const std::string& batch, const std::string& job) const {
  const auto at = batches_.find(batch);
  if (at == batches_.end()) return false;
  const auto found = at->second.jobs.find(job);
  return found != at->second.jobs.end() && found->second + remembered_for > environment_.now();
}

std::vector<std::string> RetriedJobs::followed(const std::string& batch) const {
  const auto at = batches_.find(batch);
  if (at == batches_.end()) return {};
  std::vector<std::string> jobs;
  for (const auto& job : at->second.followed)
    if (contains(batch, job)) jobs.push_back(job);
  return jobs;
}

Bounds RetriedJobs::bounds() const {
  Bounds bounds{{"retried batches", batches_.size(), most_batches}};
  for (const auto& [batch, retried] : batches_) {
    bounds.push_back({"retried jobs", retried.jobs.size(), most_jobs});
    bounds.push_back({"followed jobs", retried.followed.size(), most_followed});
  }
  return bounds;
}

}  // namespace batch_view
