#include "session/standstill.hpp"

#include "model/time.hpp"

namespace batch_view {

bool Standstill::has_to_be_checked(const Batch& batch, Clock::time_point now, std::int64_t engine_now_ms) {
  const bool could_run = !batch.ended() && !batch.suspended && batch.remaining > batch.failed;
  const auto numbers = std::make_tuple(batch.created, batch.remaining, batch.failed, batch.suspended);
  auto at = seen_.find(batch.id);
  if (!could_run) {
    if (at != seen_.end()) seen_.erase(at);
    return false;
  }
  if (at == seen_.end()) {
    if (seen_.size() >= most)
      std::erase_if(seen_, [now](const auto& one) { return now - one.second.last > kept_for; });
    if (seen_.size() >= most) return false;  // too many at once to follow each
    const auto start = batch.start ? ms_of(*batch.start) : std::nullopt;
    const bool old = start && std::chrono::milliseconds{engine_now_ms - *start} > old_enough;
    at = seen_.emplace(batch.id, Seen{numbers, old ? now - still_for : now, {}, now}).first;
  }
  auto& seen = at->second;
  seen.last = now;
  if (seen.numbers != numbers) seen = Seen{numbers, now, {}, now};
  const bool again = seen.suspended && now - seen.asked >= asked_again;
  if (now - seen.since < still_for || (seen.was_asked && !again)) return false;
  seen.was_asked = true;
  seen.asked = now;
  return true;
}

void Standstill::answered(const std::string& batch, bool suspended) {
  if (const auto at = seen_.find(batch); at != seen_.end()) at->second.suspended = suspended;
}

bool Standstill::is_suspended(const std::string& batch) const {
  const auto at = seen_.find(batch);
  return at != seen_.end() && at->second.suspended;
}

}  // namespace batch_view
