// /job, /job-definition and /incident. As in real engines no right protects the jobs of batches.
#include "body.hpp"
#include "job_filter.hpp"
#include "listing.hpp"

namespace demo_engine {
namespace {

/// As the engine of that version writes it.
nlohmann::ordered_json written(const Call& call, const JobRow& row) {
  return job_json(row, call.traits.tells_batch_of_job());
}

Answer list_jobs(const Call& call, const Filters& filters) {
  const auto keys = filters.sorting(kJobKeys);
  return list_answer(call, select_jobs(call.model, filters, call.traits), keys, compare_jobs,
                     [&call](const JobRow& row) { return written(call, row); });
}

Answer count_selected_jobs(const Call& call, const Filters& filters) {
  filters.sorting(kJobKeys);
  return count_answer(select_jobs(call.model, filters, call.traits).size());
}

std::optional<EngineModel::FoundJob> find(const Call& call) {
  const auto id = call.id();
  return id ? call.model.find_job(*id) : std::nullopt;
}

Answer get_job(const Call& call) {
  const auto found = find(call);
  if (!found) throw refusal(404, kInvalidRequest, "Job with id " + call.parameter() + " does not exist");
  return json_answer(written(call, {found->batch, found->job}));
}

Answer get_stack_trace(const Call& call) {
  const auto found = find(call);
  if (!found)
    throw refusal(404, kInvalidRequest, "No job found with id " + call.parameter() + ": job is null");
  return found->job->failure ? text_answer(stack_trace(*found->job->failure)) : no_content();
}

Answer delete_job(const Call& call) {
  const auto id = call.id();
  switch (id ? call.model.delete_job(*id) : JobDeletion::missing) {
    case JobDeletion::deleted:
      return no_content();
    case JobDeletion::running:
      throw refusal(500, "RestException",
                    "Cannot delete job when the job is being executed. Try again later.");
    case JobDeletion::missing:
      break;
  }
  throw refusal(404, kInvalidRequest, "No job found with id '" + call.parameter() + "': job is null");
}

struct RetriesChange {
  int retries;
  DueChange due;
};

RetriesChange read_retries(const Call& call) {
  const auto body = read_object(call.request);
  const auto retries = read_int(body, "retries");
  DueChange due;
  if (call.traits.takes_due_with_retries()) due = {body.contains("dueDate"), read_instant(body, "dueDate")};
  if (!retries)
    throw refusal(500, "NullPointerException",
                  "Cannot invoke \"java.lang.Integer.intValue()\" because the return value of "
                  "\"org.operaton.bpm.engine.rest.dto.runtime.RetriesDto.getRetries()\" is null");
  if (*retries < 0)
    throw refusal(500, kInvalidRequest,
                  "ENGINE-13054 The number of job retries must be a non-negative Integer, but '" +
                      std::to_string(*retries) + "' has been provided.");
  return {*retries, due};
}

Answer set_retries(const Call& call) {
  const RetriesChange change = read_retries(call);
  const auto id = call.id();
  if (!id || !call.model.set_job_retries(*id, change.retries, change.due))
    throw refusal(500, kInvalidRequest, "ENGINE-13053 No job found with id '" + call.parameter() + "'.'");
  return no_content();
}

Answer set_definition_retries(const Call& call) {
  const RetriesChange change = read_retries(call);
  if (const auto id = call.id()) call.model.set_definition_retries(*id, change.retries, change.due);
  return no_content();
}

Answer set_due_date(const Call& call) {
  const auto body = read_object(call.request);
  const auto id = call.id();
  if (!id || !call.model.set_job_due(*id, read_instant(body, "duedate")))
    throw refusal(404, kInvalidRequest, "No job found with id '" + call.parameter() + "': job is null");
  return no_content();
}

Answer set_suspended(const Call& call) {
  const auto body = read_object(call.request);
  const bool suspended = read_bool(body, "suspended").value_or(false);
  if (const auto id = call.id()) call.model.set_job_suspended(*id, suspended);
  return no_content();
}

Answer get_definition(const Call& call) {
  const auto id = call.id();
  const auto found = id ? call.model.find_definition(*id) : std::nullopt;
  if (!found || !call.caller.may_everything())
    throw refusal(404, kInvalidRequest, "Job Definition with id " + call.parameter() + " does not exist");
  return json_answer(definition_json(*found->batch, found->kind));
}

Answer list_incidents(const Call& call) {
  const QueryFilters filters(call.target);
  const auto keys = filters.sorting(kIncidentKeys);
  return list_answer(call, select_incidents(call.model, filters), keys, compare_incidents, incident_json,
                     call.traits.pages_incidents());
}

Answer count_incidents(const Call& call) {
  const QueryFilters filters(call.target);
  filters.sorting(kIncidentKeys);
  return count_answer(select_incidents(call.model, filters).size());
}

}  // namespace

void add_job_routes(std::vector<Route>& routes) {
  routes.push_back({"GET", {"job"}, kJsonType, by_query<list_jobs>});
  routes.push_back({"POST", {"job"}, kJsonType, by_body<list_jobs>});
  routes.push_back({"GET", {"job", "count"}, kJsonType, by_query<count_selected_jobs>});
  routes.push_back({"POST", {"job", "count"}, kJsonType, by_body<count_selected_jobs>});
  routes.push_back({"GET", {"job", "{}"}, kJsonType, get_job});
  routes.push_back({"DELETE", {"job", "{}"}, kJsonType, delete_job});
  routes.push_back({"PUT", {"job", "{}", "retries"}, kJsonType, set_retries});
  routes.push_back({"PUT", {"job", "{}", "duedate"}, kJsonType, set_due_date});
  routes.push_back({"PUT", {"job", "{}", "suspended"}, kJsonType, set_suspended});
  routes.push_back({"GET", {"job", "{}", "stacktrace"}, kTextType, get_stack_trace});
  routes.push_back({"GET", {"job-definition", "{}"}, kJsonType, get_definition});
  routes.push_back({"PUT", {"job-definition", "{}", "retries"}, kJsonType, set_definition_retries});
  routes.push_back({"GET", {"incident"}, kJsonType, list_incidents});
  routes.push_back({"GET", {"incident", "count"}, kJsonType, count_incidents});
}

}  // namespace demo_engine
