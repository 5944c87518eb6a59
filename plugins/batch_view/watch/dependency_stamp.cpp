#include "watch/dependency_stamp.hpp"

namespace batch_view {

std::string dependency_stamp(const Request& request, const std::vector<SnapshotPointer>& snapshots) {
  const auto param =
      request.params.count("batch") != 0 ? request.params.find("batch") : request.params.find("id");
  std::string stamp;
  for (const auto& snapshot : snapshots) {
    stamp += '|';
    if (!snapshot) continue;
    if (request.source == "ended") {
      stamp += std::to_string(snapshot->departures);
    } else if (param != request.params.end()) {
      const auto* batch = snapshot->find(param->second);
      if (batch == nullptr) continue;
      stamp += std::to_string(batch->failed) + (batch->suspended ? " suspended" : " active");
    }
  }
  return stamp;
}

}  // namespace batch_view
