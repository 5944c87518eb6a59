#include "watch/read_router.hpp"

#include "details/batch_details.hpp"
#include "details/failed_jobs.hpp"
#include "details/job_details.hpp"
#include "details/job_log.hpp"
#include "details/retrying_jobs.hpp"
#include "failures/cause_list.hpp"
#include "lists/attention_badge.hpp"
#include "lists/batch_list.hpp"

namespace batch_view {
namespace {

const std::string& param(const Request& request, const char* name) {
  static const std::string none;
  const auto at = request.params.find(name);
  return at == request.params.end() ? none : at->second;
}

}  // namespace

void answer(const Sessions& sessions, const Request& request, Replied then) {
  if (request.source == "running") return list_batches(sessions, request, true, std::move(then));
  if (request.source == "ended") return list_batches(sessions, request, false, std::move(then));
  if (request.source == "need") return count_attention(sessions, request.watched, std::move(then));
  // The rest is about one thing, which is in one engine.
  if (sessions.size() != 1)
    return then(refusal(
        {COCKPIT_INVALID, "Which engine?", "This is about one thing; name the one engine it is in."}));
  const auto& session = sessions.front();
  if (request.source == "batch") return batch_details(session, param(request, "id"), then);
  if (request.source == "failed-jobs")
    return list_failed_jobs(session, request, param(request, "batch"), then);
  if (request.source == "course") return batch_progress(session, param(request, "batch"), then);
  if (request.source == "causes") return list_causes(session, param(request, "batch"), request.watched, then);
  if (request.source == "retrying") return list_retrying(session, request, param(request, "batch"), then);
  if (request.source == "batch-log")
    return list_log_of_batch(session, request, param(request, "batch"), then);
  if (request.source == "job-log") return list_log_of_job(session, request, param(request, "job"), then);
  if (request.source == "log-entry") return one_log_entry(session, param(request, "id"), then);
  if (request.source == "log-trace") return trace_of_log_entry(session, param(request, "entry"), then);
  if (request.source == "job") return job_details(session, param(request, "id"), then);
  if (request.source == "stack-trace") return job_stack_trace(session, param(request, "job"), then);
  then(refusal(
      {COCKPIT_UNSUPPORTED, "Not known here", "This plugin has nothing called \"" + request.source + "\"."}));
}

}  // namespace batch_view
