#include "session/rate_estimator.hpp"

#include <cmath>

#include "model/time.hpp"

namespace batch_view {

void RateEstimator::add(const std::vector<Batch>& batches, Clock::time_point now) {
  std::set<std::string> present;
  for (const auto& batch : batches) {
    present.insert(batch.id);
    auto& sightings = seen_[batch.id];
    // After a rest nothing tells how fast it was before.
    if (batch.suspended) sightings.clear();
    // Fewer completed than before: the engine's numbers began anew, or its clock of things differs a node.
    if (!sightings.empty() && sightings.back().completed > batch.completed) sightings.clear();
    if (!sightings.empty() && now - sightings.back().at < apart) continue;
    sightings.push_back({now, batch.completed});
    while (sightings.size() > 2 && now - sightings.front().at > remembered) sightings.pop_front();
  }
  std::erase_if(seen_, [&present](const auto& one) { return present.count(one.first) == 0; });
}

std::optional<double> RateEstimator::rate(const Batch& batch, std::int64_t engine_now_ms) const {
  if (batch.suspended || batch.ended()) return std::nullopt;
  if (const auto at = seen_.find(batch.id); at != seen_.end() && at->second.size() > 1) {
    const auto& sightings = at->second;
    const std::chrono::duration<double> watched = sightings.back().at - sightings.front().at;
    if (watched >= enough)
      return static_cast<double>(sightings.back().completed - sightings.front().completed) / watched.count();
  }
  const auto began = batch.first_done ? ms_of(*batch.first_done) : std::nullopt;
  if (!began || batch.completed < enough_jobs) return std::nullopt;
  const double lasted = static_cast<double>(engine_now_ms - *began) / 1000;
  if (lasted < std::chrono::duration<double>(enough).count()) return std::nullopt;
  return static_cast<double>(batch.completed) / lasted;
}

std::optional<std::int64_t> time_left(const Batch& batch, std::optional<double> rate) {
  const auto working = batch.remaining - batch.failed;
  if (!rate || *rate <= 0 || working <= 0) return std::nullopt;
  // To two figures: a number that trembles with every look would only pretend to know more.
  const double exact = static_cast<double>(working) / *rate;
  const double step = std::pow(10, std::floor(std::log10(std::max(exact, 1.0)))) / 10;
  const double seconds = std::max(1.0, std::round(exact / std::max(step, 1.0)) * std::max(step, 1.0));
  constexpr double longest = 10 * 365 * 86400.0;
  if (!(seconds < longest)) return std::nullopt;
  return static_cast<std::int64_t>(seconds) * 1000;
}

}  // namespace batch_view
