#include "session/deletion_lookup.hpp"

#include "model/countdown.hpp"
#include "model/time.hpp"

namespace batch_view {

void DeletionLookup::was_deleted(const Batch& ended, Then<bool> then) {
  if (const auto at = deleted_.find(ended.id); at != deleted_.end()) return then(at->second);
  const auto remember = [self = shared_from_this(), this, id = ended.id, then](bool deleted) {
    if (deleted_.size() >= most_remembered) deleted_.clear();
    deleted_[id] = deleted;
    then(deleted);
  };
  engine_->log_count(ended.monitor_definition, LogKind::deletion,
                     [engine = engine_, seed = ended.seed_definition, remember, then](Got<std::int64_t> got) {
                       if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
                       if (std::get<std::int64_t>(got) > 0) return remember(true);
                       engine->log_count(seed, LogKind::deletion, [remember, then](Got<std::int64_t> seeds) {
                         if (auto* problem = std::get_if<Problem>(&seeds)) return then(std::move(*problem));
                         remember(std::get<std::int64_t>(seeds) > 0);
                       });
                     });
}

bool DeletionLookup::known(const std::string& batch) const {
  const auto at = deleted_.find(batch);
  return at != deleted_.end() && at->second;
}

void DeletionLookup::learn(const std::vector<Batch>& ended,
                           std::function<void(std::optional<Problem>)> then) {
  if (ended.empty()) return then(std::nullopt);
  const auto remember = [self = shared_from_this(), this, ended, then](const std::set<std::string>& monitors,
                                                                       const std::set<std::string>& seeds) {
    if (deleted_.size() + ended.size() > most_remembered) deleted_.clear();
    for (const auto& batch : ended)
      deleted_[batch.id] = monitors.count(batch.id) != 0 || seeds.count(batch.id) != 0;
    then(std::nullopt);
  };
  const auto most = ended.size();
  engine_->deletions(
      true, most, [engine = engine_, most, remember, then](Got<std::set<std::string>> monitors) {
        if (auto* problem = std::get_if<Problem>(&monitors)) return then(std::move(*problem));
        engine->deletions(
            false, most,
            [remember, then, monitors = std::get<0>(std::move(monitors))](Got<std::set<std::string>> seeds) {
              if (auto* problem = std::get_if<Problem>(&seeds)) return then(std::move(*problem));
              remember(monitors, std::get<0>(seeds));
            });
      });
}

void DeletionLookup::learn_latest(const std::vector<Batch>& ended, std::size_t most,
                                  std::function<void()> then) {
  std::vector<Batch> fresh;
  for (const auto& batch : ended) {
    const auto end = batch.end ? ms_of(*batch.end) : std::nullopt;
    const bool just_now = end && engine_->now_ms() - *end < std::chrono::milliseconds{just_ended}.count();
    if (just_now && fresh.size() < most && deleted_.count(batch.id) == 0) fresh.push_back(batch);
  }
  if (fresh.empty()) return then();
  const auto one_done = after_all(fresh.size(), std::move(then));
  for (const auto& batch : fresh) was_deleted(batch, [one_done](const Got<bool>&) { one_done(); });
}

}  // namespace batch_view
