#include "details/retrying_jobs.hpp"

#include <nlohmann/json.hpp>

#include "model/time.hpp"
#include "session/access.hpp"
#include "session/rows.hpp"

namespace batch_view {
namespace {

using nlohmann::json;
using SessionPtr = std::shared_ptr<Session>;

// Retried from here: waits until the engine looks for work. With a date ahead: waits for that. Else the
// engine itself tries it again.
const char* state_of(Session& session, const Job& job, const Batch& batch) {
  if (batch.suspended || job.suspended) return "held";
  const auto due = job.due ? ms_of(*job.due) : std::nullopt;
  if (due && *due > session.engine_now_ms()) return "scheduled";
  return session.retried().contains(batch.id, job.id) ? "waiting" : "retrying";
}

json rows_of(Session& session, const std::vector<Job>& jobs, const Batch& batch, const Rights& rights) {
  json rows = json::array();
  for (const auto& job : jobs) {
    auto row = job_fields(session, job, batch);
    row["state"] = state_of(session, job, batch);
    row["_actions"] = job_actions(job, rights);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

void list_retrying(const SessionPtr& session, const Request& request, const std::string& id,
                   const Replied& then) {
  if (!request.sort.empty())
    return then(refusal({COCKPIT_UNSUPPORTED, "Not sortable", "These jobs come in the order of their ids."}));
  shown_batch(session, id, or_reply<Batch>(then, [session, page = request.page, then](const Batch& batch) {
                if (batch.ended()) return then(done({{"rows", json::array()}, {"total", 0}}, false));
                session->rights().of(
                    batch.id, or_reply<Rights>(then, [=](const Rights& rights) {
                      session->engine().retrying_jobs(
                          batch.job_definition, page,
                          or_reply<RowsOf<Job>>(then, [=](const RowsOf<Job>& jobs) {
                            const auto counted = [=](std::int64_t all) {
                              json body{{"rows", rows_of(*session, jobs, batch, rights)}, {"total", all}};
                              if (jobs.unread > 0) body["warnings"].push_back(unread_rows(jobs.unread));
                              then(done(body, !batch.suspended));
                            };
                            if (page.first == 0 && jobs.size() < page.size)
                              return counted(static_cast<std::int64_t>(jobs.size()));
                            session->engine().retrying_jobs_count(batch.job_definition,
                                                                  or_reply<std::int64_t>(then, counted));
                          }));
                    }));
              }));
}

}  // namespace batch_view
