// One engine with one authority's rights, and what is remembered of it for a while. Nothing of it is ever
// shared with another authority.
//
// Owner: SessionRegistry, and every call that uses it until it is answered: whoever asks something that is
// answered later holds it. Thread: the plugin's own. Every cache has a limit and an age.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <typeindex>
#include <vector>

#include "engine/engine.hpp"
#include "model/bounds.hpp"
#include "session/deletion_lookup.hpp"
#include "session/driving_jobs.hpp"
#include "session/progress_history.hpp"
#include "session/retried_jobs.hpp"
#include "session/rights.hpp"
#include "session/running_snapshot.hpp"
#include "session/user_names.hpp"

namespace batch_view {

// What a room above keeps for each session, such as the plans of its actions. Made when it is first asked
// for, with the environment if it takes one; ends with the session.
class SessionState {
 public:
  virtual ~SessionState() = default;
  virtual Bounds bounds() const = 0;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  static constexpr auto history_known_for = std::chrono::minutes{10};

  // Throws rest_client::InvalidOptions. `signed_in`: whether there is a person; without, the engine guards
  // nothing.
  Session(Environment& environment, std::string engine_id, rest_client::Options options, bool signed_in);

  Environment& environment() const { return engine_->environment(); }
  Engine& engine() { return *engine_; }
  const Engine& engine() const { return *engine_; }
  const std::string& engine_id() const { return engine_id_; }
  std::int64_t engine_now_ms() const { return engine_->now_ms(); }
  // Where an id found in a message leads, with {id} in it; empty: nowhere.
  std::string instance_link;

  RunningSnapshot& running() { return *running_; }
  const RunningSnapshot& running() const { return *running_; }
  ProgressHistory& progress() { return *progress_; }
  UserNames& users() { return *users_; }
  const UserNames& users() const { return *users_; }
  RightsCache& rights() { return *rights_; }
  const RightsCache& rights() const { return *rights_; }
  DrivingJobs& driving_jobs() { return *driving_jobs_; }
  const DrivingJobs& driving_jobs() const { return *driving_jobs_; }
  DeletionLookup& deletions() { return *deletions_; }
  const DeletionLookup& deletions() const { return *deletions_; }
  RetriedJobs& retried() { return retried_; }
  const RetriedJobs& retried() const { return retried_; }

  // The one object of that type, a SessionState.
  template <class State>
  State& state() {
    auto& kept = states_[typeid(State)];
    if (!kept) {
      if constexpr (std::is_constructible_v<State, Environment&>)
        kept = std::make_shared<State>(environment());
      else
        kept = std::make_shared<State>();
    }
    return static_cast<State&>(*kept);
  }

  // What this engine can do, asked once; until it has answered, and when it does not, what today's engines
  // can.
  struct Abilities {
    bool filters_statistics = true;  // by user, start and failures; since 7.18
    bool history = true;             // running batches have a record there: they do at level "full" only
  };
  const Abilities& abilities() const { return abilities_; }
  void learn_abilities(std::function<void()> then);
  // Whether the history knows this running batch, which it does at level "full" for who may read it.
  void check_history(const Batch& running, std::function<void()> then);

  // Of every cache of this session.
  Bounds bounds() const;

 private:
  std::shared_ptr<Engine> engine_;
  std::string engine_id_;
  std::shared_ptr<RunningSnapshot> running_;
  std::shared_ptr<ProgressHistory> progress_;
  std::shared_ptr<UserNames> users_;
  std::shared_ptr<RightsCache> rights_;
  std::shared_ptr<DrivingJobs> driving_jobs_;
  std::shared_ptr<DeletionLookup> deletions_;
  RetriedJobs retried_;
  std::map<std::type_index, std::shared_ptr<SessionState>> states_;
  Abilities abilities_;
  bool asked_abilities_ = false;
  Clock::time_point history_known_until_{};
};

using Sessions = std::vector<std::shared_ptr<Session>>;

}  // namespace batch_view
