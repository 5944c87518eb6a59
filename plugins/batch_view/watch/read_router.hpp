// The answers of the plugin: which calls of the engine each needs, in what order, and what comes of them.
//
// Thread: the plugin's own. Each function asks and tells `then` once; it holds the sessions it uses as long
// as it needs them.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/request.hpp"
#include "session/session.hpp"

namespace batch_view {

struct Reply {
  cockpit_status status = COCKPIT_OK;
  std::string body;
  bool moving = false;  // something that changes by itself within seconds
  // A watch asks the engine again no sooner than this, unless what the answer stands on has changed. 0: an
  // answer from the shared board alone.
  std::chrono::milliseconds again_after{5000};
};
using Replied = std::function<void(Reply)>;
using Sessions = std::vector<std::shared_ptr<Session>>;

// Answers a request of kind rows or details. `sessions`: the engines asked, at least one.
void answer(const Sessions& sessions, const Request& request, Replied then);

// The batch that `id` names, running or of the history, for who may see it. Engines guard batches but not
// their jobs, so everything about jobs asks this first. NOT_FOUND says both causes, since the engine tells
// none.
void visible_batch(const std::shared_ptr<Session>& session, const std::string& id, Then<Batch> then);

// The same for who only looks, from the shared board where it is there: up to a beat old.
void shown_batch(const std::shared_ptr<Session>& session, const std::string& id, Then<Batch> then);

// The job and the batch it belongs to, for who may see that batch.
struct JobOfBatch {
  Job job;
  Batch batch;
};
void visible_job(const std::shared_ptr<Session>& session, const std::string& id, Then<JobOfBatch> then);
using FindBatch = void (*)(const std::shared_ptr<Session>&, const std::string&, Then<Batch>);
void visible_job_of(const std::shared_ptr<Session>& session, const std::string& id, FindBatch find,
                    Then<JobOfBatch> then);
void shown_job(const std::shared_ptr<Session>& session, const std::string& id, Then<JobOfBatch> then);

// What an answer stands on, in words that only change when it does: while they stay the same, a watch spares
// the engine the question. `looks`: the boards of the engines asked; null where the engine did not answer.
std::string dependency_stamp(const Request& request, const std::vector<SnapshotPointer>& looks);

}  // namespace batch_view
