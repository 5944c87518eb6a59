// The plans that were made, to recognize one when it is confirmed. The host keeps their ids.
//
// Owner: Session, so a plan is of one engine and person. Thread: the plugin's own.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/environment.hpp"
#include "session/session.hpp"

namespace batch_view {

struct Plan {
  std::string action, batch;
  bool all = false;     // every failed job there was, of every cause
  std::size_t ids = 0;  // a hash of them, as they stand in the plan
};

std::size_t hash_of(const std::vector<std::string>& ids);
// Whether one of them is there twice.
bool has_twice(std::vector<std::string> ids);
// Why a plan that is not known is refused.
Problem unknown_plan();

class Plans : public SessionState {
 public:
  static constexpr std::size_t most = 64;  // the oldest goes
  static constexpr auto kept_for = std::chrono::minutes{15};

  explicit Plans(Environment& environment) : environment_(environment) {}

  Bounds bounds() const override { return {{"plans", plans_.size(), most}}; }
  // Answers the key that the plan carries.
  std::string keep(Plan plan);
  // The plan of that key with exactly these ids, once; none when there is none, or it is too old.
  std::optional<Plan> take(const std::string& key, const std::vector<std::string>& ids);
  // The same, of that action and batch ("" for ids that were named).
  std::optional<Plan> take_of(const std::string& action, const std::string& batch, const std::string& key,
                              const std::vector<std::string>& ids);

 private:
  void forget_old();
  Environment& environment_;
  std::map<std::string, std::pair<Clock::time_point, Plan>> plans_;
};

}  // namespace batch_view
