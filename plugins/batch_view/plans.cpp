#include "plans.hpp"

#include <algorithm>

namespace batch_view {

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

std::optional<Plan> Plans::take(const std::string& key) {
  forget_old();
  const auto at = plans_.find(key);
  if (at == plans_.end()) return std::nullopt;
  auto plan = std::move(at->second.second);
  plans_.erase(at);
  return plan;
}

}  // namespace batch_view
