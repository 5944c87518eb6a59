// How the causes of a reading are shown: joined, counted, in order.
#include <algorithm>
#include <utility>

#include "cause_text.hpp"
#include "failures.hpp"

namespace batch_view {
namespace {

void add(Cause& whole, const Cause& part) {
  if (part.first && (!whole.first || part.first->first < whole.first->first)) whole.first = part.first;
  if (part.last && (!whole.last || part.last->first > whole.last->first)) whole.last = part.last;
  if (whole.count > 0 && whole.activity != part.activity) whole.activity.clear();
  if (whole.exception.empty()) whole.exception = part.exception;
  whole.count += part.count;
}

bool has_more_jobs(const CauseGroup& one, const CauseGroup& other) {
  return one.whole.count > other.whole.count;
}

}  // namespace

const std::vector<CauseGroup>& FailureScan::groups() const {
  if (std::exchange(grouped_, true)) return groups_;
  groups_.clear();
  group_of_.clear();
  std::vector<std::vector<std::size_t>> shared(sentences_.size());
  const auto alone = [this](std::size_t cause) { groups_.push_back({causes_[cause], {cause}}); };
  for (std::size_t i = 0; i < causes_.size(); ++i) {
    if (causes_[i].count == 0) continue;
    if (sentence_of_[i] < shared.size())
      shared[sentence_of_[i]].push_back(i);
    else
      alone(i);
  }
  for (std::size_t i = 0; i < shared.size(); ++i) {
    auto& parts = shared[i];
    if (parts.size() == 1) alone(parts.front());
    if (parts.size() < 2) continue;
    std::stable_sort(parts.begin(), parts.end(), [this](std::size_t one, std::size_t other) {
      return causes_[one].count > causes_[other].count;
    });
    CauseGroup group;
    group.whole.job = causes_[parts.front()].job;
    group.whole.sample = causes_[parts.front()].sample;
    group.whole.activity = causes_[parts.front()].activity;
    for (const auto part : parts) add(group.whole, causes_[part]);
    group.whole.text = sentences_[i].text();
    group.whole.key = key_of_cause(group.whole.text);
    group.parts = std::move(parts);
    groups_.push_back(std::move(group));
  }
  std::stable_sort(groups_.begin(), groups_.end(), has_more_jobs);
  fold_the_smallest();
  for (const auto& group : groups_) group_of_[group.whole.key] = group.parts;
  return groups_;
}

// Beyond the bound, and with those that were not distinguished in the first place.
void FailureScan::fold_the_smallest() const {
  if (groups_.size() <= most_groups) return;
  CauseGroup others;
  others.whole.key = "others";
  others.whole.other = true;
  const auto fold = [&others](const CauseGroup& group) {
    if (others.parts.empty()) {
      others.whole.job = group.whole.job;
      others.whole.sample = group.whole.sample;
    }
    add(others.whole, group.whole);
    others.parts.insert(others.parts.end(), group.parts.begin(), group.parts.end());
  };
  std::vector<CauseGroup> kept;
  for (auto& group : groups_)
    if (group.whole.other || kept.size() + 1 >= most_groups)
      fold(group);
    else
      kept.push_back(std::move(group));
  others.whole.exception.clear();
  others.whole.activity.clear();
  groups_ = std::move(kept);
  groups_.push_back(std::move(others));
}

std::vector<bool> FailureScan::of_key(const std::string& key) const {
  groups();
  std::vector<bool> is(causes_.size());
  for (std::size_t i = 0; i < causes_.size(); ++i) is[i] = causes_[i].key == key;
  if (const auto at = group_of_.find(key); at != group_of_.end())
    for (const auto cause : at->second) is[cause] = true;
  return is;
}

}  // namespace batch_view
