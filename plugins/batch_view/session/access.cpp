#include "session/access.hpp"

namespace batch_view {
namespace {

Problem no_batch(const std::string& id) {
  return {COCKPIT_NOT_FOUND, "No such batch",
          "There is no batch " + id +
              ", or you may not see it. A batch that has ended is only known at history level \"full\", "
              "until its history is "
              "deleted.",
          "problemNoBatch", id};
}

Problem unknown_owner(const std::string& id) {
  return {COCKPIT_UNAVAILABLE, "The batch of this job is unknown",
          "This engine does not report which batch the job " + id +
              " belongs to, and neither its job log nor your batches reveal it.",
          "problemOwner", id};
}

using FindBatch = void (*)(const std::shared_ptr<Session>&, const std::string&, Then<Batch>);

void job_of_batch(const std::shared_ptr<Session>& session, const std::string& id, FindBatch find,
                  Then<JobOfBatch> then) {
  if (!possible_id(id)) return then(no_job(id));
  session->engine().job(id, [session, id, find, then = std::move(then)](Got<std::optional<Job>> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
    auto& job = std::get<0>(got);
    if (job && job->batch_unknown) return then(unknown_owner(id));
    if (!job || job->batch.empty()) return then(no_job(id));
    find(session, job->batch, [id, job = *job, then](Got<Batch> batch) {
      if (auto* problem = std::get_if<Problem>(&batch))
        return then(problem->status == COCKPIT_NOT_FOUND ? no_job(id) : std::move(*problem));
      then(JobOfBatch{job, std::get<Batch>(std::move(batch))});
    });
  });
}

}  // namespace

Problem no_job(const std::string& id) {
  return {COCKPIT_GONE, "The job is gone", "Job " + id + " ran or was deleted, or you may not see its batch.",
          "problemNoJob", id};
}

void visible_batch(const std::shared_ptr<Session>& session, const std::string& id, Then<Batch> then) {
  if (!possible_id(id)) return then(no_batch(id));
  session->engine().one_running(id, [session, id, then = std::move(then)](Got<std::optional<Batch>> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
    if (auto& running = std::get<0>(got)) return then(std::move(*running));
    session->engine().one_historic(id, [id, then](Got<std::optional<Batch>> historic) {
      if (auto* problem = std::get_if<Problem>(&historic)) return then(std::move(*problem));
      auto& batch = std::get<0>(historic);
      if (!batch || batch->id != id) return then(no_batch(id));
      // In history and not yet ended: it ends this very moment, or may be seen in history only.
      if (!batch->ended()) batch->end = batch->start;
      then(std::move(*batch));
    });
  });
}

void shown_batch(const std::shared_ptr<Session>& session, const std::string& id, Then<Batch> then) {
  session->running().get([session, id, then = std::move(then)](Got<SnapshotPointer> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
    if (const auto* batch = std::get<SnapshotPointer>(got)->find(id)) return then(*batch);
    visible_batch(session, id, then);
  });
}

void visible_job(const std::shared_ptr<Session>& session, const std::string& id, Then<JobOfBatch> then) {
  job_of_batch(session, id, visible_batch, std::move(then));
}

void shown_job(const std::shared_ptr<Session>& session, const std::string& id, Then<JobOfBatch> then) {
  job_of_batch(session, id, shown_batch, std::move(then));
}

}  // namespace batch_view
