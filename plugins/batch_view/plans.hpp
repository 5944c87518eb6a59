// Plans of dry runs that name more jobs than travel with a request: kept until they are confirmed.
//
// Owner: Session. Thread: the plugin's own.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "environment.hpp"

namespace batch_view {

struct Plan {
  std::string action, batch;
  bool all = false;  // every failed job there was, of every cause
  std::vector<std::string> jobs;
};

class Plans {
 public:
  static constexpr std::size_t most = 4;  // the oldest goes; each at most as large as a reading of failures
  static constexpr auto kept_for = std::chrono::minutes{15};

  explicit Plans(Environment& environment) : environment_(environment) {}

  // Answers the key to ask for it with.
  std::string keep(Plan plan);
  // Once; none when it is too old, or was taken.
  std::optional<Plan> take(const std::string& key);

 private:
  void forget_old();
  Environment& environment_;
  std::map<std::string, std::pair<Clock::time_point, Plan>> plans_;
};

}  // namespace batch_view
