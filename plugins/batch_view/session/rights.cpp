#include "session/rights.hpp"

#include "model/countdown.hpp"

namespace batch_view {
namespace {

constexpr auto any_batch = "*";  // as authorizations write it

}  // namespace

void RightsCache::of(const std::string& batch, Then<Rights> then) {
  if (!signed_in_) return then(Rights{});
  const auto at = rights_.find(batch);
  if (at != rights_.end() && at->second.first > engine_->environment().now()) return then(at->second.second);
  ask_engine(batch, std::move(then));
}

void RightsCache::ask(const std::string& batch, Then<Rights> then) {
  if (!signed_in_) return then(Rights{});
  ask_engine(batch, std::move(then));
}

void RightsCache::ask_engine(const std::string& batch, Then<Rights> then) {
  struct Asking {
    Rights rights;
    int left = 3;
    std::optional<Problem> problem;
    Then<Rights> then;
  };
  auto asking = std::make_shared<Asking>();
  asking->then = std::move(then);
  const auto one = [self = shared_from_this(), this, asking, batch](bool Rights::*member) {
    return [self, this, asking, batch, member](Got<bool> got) {
      if (auto* problem = std::get_if<Problem>(&got))
        asking->problem = std::move(*problem);
      else
        asking->rights.*member = std::get<bool>(got);
      if (--asking->left != 0) return;
      if (asking->problem) return asking->then(std::move(*asking->problem));
      if (rights_.size() >= most_remembered) rights_.clear();
      rights_[batch] = {engine_->environment().now() +
                            (batch == any_batch ? Clock::duration{of_all_remembered_for} : remembered_for),
                        asking->rights};
      asking->then(asking->rights);
    };
  };
  engine_->allowed(Permission::update, batch, one(&Rights::update));
  engine_->allowed(Permission::remove, batch, one(&Rights::remove));
  engine_->allowed(Permission::remove_history, batch, one(&Rights::remove_history));
}

std::optional<Rights> RightsCache::known(const std::string& batch) const {
  if (!signed_in_) return Rights{};
  // What is a little old is still right most of the time, and every action asks anew.
  const auto own = rights_.find(batch);
  if (own != rights_.end()) return own->second.second;
  const auto all = rights_.find(any_batch);
  if (all == rights_.end()) return std::nullopt;
  const auto& rights = all->second.second;
  return rights.update && rights.remove && rights.remove_history ? std::optional<Rights>{rights}
                                                                 : std::nullopt;
}

void RightsCache::learn(const std::vector<Batch>& batches, std::size_t most, std::function<void()> then) {
  if (!signed_in_ || batches.empty()) return then();
  const auto all = rights_.find(any_batch);
  if (all == rights_.end() || all->second.first < engine_->environment().now())
    return ask_engine(
        any_batch, [self = shared_from_this(), this, batches, most, then = std::move(then)](Got<Rights> got) {
          // Not knowing it, the rows offer nothing; the list itself is there.
          if (std::holds_alternative<Problem>(got)) return then();
          learn(batches, most, then);
        });
  std::vector<std::string> unknown;
  for (const auto& batch : batches)
    if (unknown.size() < most && !known(batch.id)) unknown.push_back(batch.id);
  if (unknown.empty()) return then();
  const auto one_done = after_all(unknown.size(), std::move(then));
  for (const auto& id : unknown) ask_engine(id, [one_done](const Got<Rights>&) { one_done(); });
}

Bounds RightsCache::bounds() const {
  return {{"rights", rights_.size(), most_remembered}};
}

}  // namespace batch_view
