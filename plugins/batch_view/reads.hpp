// The answers of the plugin: which calls of the engine each needs, in what order, and what comes of them.
//
// Thread: the plugin's own. Each function asks and tells `then` once; it holds the sessions it uses as long
// as it needs them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "request.hpp"
#include "session.hpp"

namespace batch_view {

struct Reply {
  cockpit_status status = COCKPIT_OK;
  std::string body;
  bool moving = false;  // something that changes by itself within seconds
};
using Replied = std::function<void(Reply)>;
using Sessions = std::vector<std::shared_ptr<Session>>;

// Answers a request of kind rows or details. `sessions`: the engines asked, at least one.
void answer(const Sessions& sessions, const Request& request, Replied then);

// The batch that `id` names, running or of the history, for who may see it. Engines guard batches but not
// their jobs, so everything about jobs asks this first. NOT_FOUND says both causes, since the engine tells
// none.
void visible_batch(const std::shared_ptr<Session>& session, const std::string& id, Then<Batch> then);

// The job and the batch it belongs to, for who may see that batch.
struct JobOfBatch {
  Job job;
  Batch batch;
};
void visible_job(const std::shared_ptr<Session>& session, const std::string& id, Then<JobOfBatch> then);

}  // namespace batch_view
