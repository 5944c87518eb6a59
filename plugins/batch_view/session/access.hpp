// Who may see what: engines guard batches, but not their jobs, so everything about jobs asks for the batch
// first. NOT_FOUND says both causes, since the engine says neither.
//
// Thread: the plugin's own. Each function calls `then` once.
#pragma once

#include <memory>
#include <string>

#include "session/session.hpp"

namespace batch_view {

// That there is no such job, or none that the person may see.
Problem no_job(const std::string& id);

// The batch of that id, running or of the history, for those who may see it: asked of the engine.
void visible_batch(const std::shared_ptr<Session>& session, const std::string& id, Then<Batch> then);
// The same for showing it: from the running snapshot where it is there.
void shown_batch(const std::shared_ptr<Session>& session, const std::string& id, Then<Batch> then);

// The job and the batch it belongs to, for those who may see that batch.
struct JobOfBatch {
  Job job;
  Batch batch;
};
void visible_job(const std::shared_ptr<Session>& session, const std::string& id, Then<JobOfBatch> then);
void shown_job(const std::shared_ptr<Session>& session, const std::string& id, Then<JobOfBatch> then);

}  // namespace batch_view
