// What those who only look may see, from the shared board where it is there; and what their answers stand on.
#include "watch/read_router.hpp"

namespace batch_view {

void shown_batch(const std::shared_ptr<Session>& session, const std::string& id, Then<Batch> then) {
  session->board().look([session, id, then = std::move(then)](Got<SnapshotPointer> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
    if (const auto* batch = std::get<SnapshotPointer>(got)->find(id)) return then(*batch);
    visible_batch(session, id, then);
  });
}

void shown_job(const std::shared_ptr<Session>& session, const std::string& id, Then<JobOfBatch> then) {
  visible_job_of(session, id, shown_batch, std::move(then));
}

std::string dependency_stamp(const Request& request, const std::vector<SnapshotPointer>& looks) {
  const auto param =
      request.params.count("batch") != 0 ? request.params.find("batch") : request.params.find("id");
  std::string stamp;
  for (const auto& look : looks) {
    stamp += '|';
    if (!look) continue;
    if (request.source == "ended") {
      stamp += std::to_string(look->departures);
    } else if (param != request.params.end()) {
      const auto* batch = look->find(param->second);
      if (batch == nullptr) continue;
      stamp += std::to_string(batch->failed) + (batch->suspended ? " suspended" : " active");
    }
  }
  return stamp;
}

}  // namespace batch_view
