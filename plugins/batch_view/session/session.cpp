#include "session/session.hpp"

#include <utility>

namespace batch_view {

Session::Session(Environment& environment, std::string engine_id, rest_client::Options options,
                 bool signed_in)
    : engine_(std::make_shared<Engine>(environment, std::move(options))),
      engine_id_(std::move(engine_id)),
      running_(std::make_shared<RunningSnapshot>(engine_)),
      progress_(std::make_shared<ProgressHistory>(engine_)),
      users_(std::make_shared<UserNames>(engine_)),
      rights_(std::make_shared<RightsCache>(engine_, signed_in)),
      driving_jobs_(std::make_shared<DrivingJobs>(engine_)),
      deletions_(std::make_shared<DeletionLookup>(engine_)),
      retried_(environment) {}

void Session::learn_abilities(std::function<void()> then) {
  abilities_.filters_statistics = engine_->old_version().empty();
  if (std::exchange(asked_abilities_, true)) return then();
  engine_->version([self = shared_from_this(), this, then = std::move(then)](const Got<std::string>& got) {
    abilities_.filters_statistics = engine_->old_version().empty();
    if (std::holds_alternative<Problem>(got))
      asked_abilities_ = false;  // it was not there; it is asked again
    then();
  });
}

void Session::check_history(const Batch& running, std::function<void()> then) {
  if (history_known_until_ > environment().now()) return then();
  history_known_until_ = environment().now() + history_known_for;
  engine_->one_historic(running.id, [self = shared_from_this(), this,
                                     then = std::move(then)](const Got<std::optional<Batch>>& got) {
    if (const auto* record = std::get_if<0>(&got))
      abilities_.history = record->has_value();
    else
      history_known_until_ = {};
    then();
  });
}

Bounds Session::bounds() const {
  Bounds all;
  const auto add = [&all](const Bounds& some) { all.insert(all.end(), some.begin(), some.end()); };
  add(progress_->bounds());
  add(users_->bounds());
  add(rights_->bounds());
  add(driving_jobs_->bounds());
  add(deletions_->bounds());
  add(retried_.bounds());
  for (const auto& [type, state] : states_) add(state->bounds());
  return all;
}

}  // namespace batch_view
