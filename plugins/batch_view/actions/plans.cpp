#include "actions/plans.hpp"

#include <algorithm>
#include <functional>

namespace batch_view {

std::size_t hash_of(const std::vector<std::string>& ids) {
  std::size_t hash = ids.size();
  for (const auto& id : ids) hash = hash * 31 + std::hash<std::string>{}(id);
  return hash;
}

void Plans::forget_old() {
  const auto oldest = environment_.now() - kept_for;
  std::erase_if(plans_, [oldest](const auto& one) { return one.second.first < oldest; });
}

std::string Plans::keep(Plan plan) {
  forget_old();
  if (plans_.size() >= most)
    plans_.erase(std::min_element(plans_.begin(), plans_.end(), [](const auto& one, const auto& other) {
      return one.second.first < other.second.first;
    }));
  const auto key = "plan-" + std::to_string(environment_.random());
  plans_.emplace(key, std::pair{environment_.now(), std::move(plan)});
  return key;
}

std::optional<Plan> Plans::take(const std::string& key, const std::vector<std::string>& ids) {
  forget_old();
  const auto at = plans_.find(key);
  if (at == plans_.end() || at->second.second.ids != hash_of(ids)) return std::nullopt;
  auto plan = std::move(at->second.second);
  plans_.erase(at);
  return plan;
}

std::optional<Plan> Plans::take_of(const std::string& action, const std::string& batch,
                                   const std::string& key, const std::vector<std::string>& ids) {
  const auto at = plans_.find(key);
  if (at == plans_.end() || at->second.second.action != action || at->second.second.batch != batch)
    return std::nullopt;
  return take(key, ids);
}

Problem unknown_plan() {
  return {COCKPIT_CONFLICT, "The plan is too old",
          "This plan is no longer known; nothing was done. Ask for a new one.", "problemPlan"};
}

bool has_twice(std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  return std::adjacent_find(ids.begin(), ids.end()) != ids.end();
}

}  // namespace batch_view
