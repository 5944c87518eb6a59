// The endpoints that make batches of ids. Ids need not exist: as in real engines deletion, suspension and
// messages then succeed, while retries of external tasks and of jobs fail.
#include "body.hpp"
#include "job_filter.hpp"
#include "listing.hpp"

namespace demo_engine {
namespace {

struct Kind {
  const char* type;
  const char* ids;
  const char* permission;  ///< The right to make just this kind; CREATE allows all of them.
  WorkKind work;
  const char* none_given;
};

constexpr Kind kDeletion{"instance-deletion", "processInstanceIds",
                         "CREATE_BATCH_DELETE_RUNNING_PROCESS_INSTANCES", WorkKind::scripted,
                         "processInstanceIds is empty"};
constexpr Kind kSuspension{"instance-update-suspension-state", "processInstanceIds",
                           "CREATE_BATCH_UPDATE_PROCESS_INSTANCES_SUSPEND", WorkKind::scripted,
                           "No process instance ids given: process Instance Ids is empty"};
constexpr Kind kMessage{"correlate-message", "processInstanceIds", "CREATE_BATCH_CORRELATE_MESSAGE",
                        WorkKind::scripted, "No process instances found."};
constexpr Kind kHistoricDeletion{"historic-instance-deletion", "historicProcessInstanceIds",
                                 "CREATE_BATCH_DELETE_FINISHED_PROCESS_INSTANCES", WorkKind::scripted,
                                 "historicProcessInstanceIds is empty"};
constexpr Kind kExternalTasks{"set-external-task-retries", "externalTaskIds",
                              "CREATE_BATCH_SET_EXTERNAL_TASK_RETRIES", WorkKind::external_task_retries,
                              "externalTaskIds is empty"};
constexpr Kind kJobs{"set-job-retries", "jobIds", "CREATE_BATCH_SET_JOB_RETRIES", WorkKind::job_retries,
                     "jobIds is empty"};

Refusal not_allowed(const Call& call, const Kind& kind) {
  const auto right = [](const char* permission) {
    return nlohmann::ordered_json{
        {"permissionName", permission}, {"resourceName", "Batch"}, {"resourceId", nullptr}};
  };
  nlohmann::ordered_json body = {
      {"type", "AuthorizationException"},
      {"message", "The user with id '" + call.caller.person->id +
                      "' does not have one of the following permissions: '" + kind.permission +
                      "' permission on resource 'Batch' or 'CREATE' permission on resource 'Batch'"},
      {"code", 0},
      {"userId", call.caller.person->id},
      {"resourceName", nullptr},
      {"resourceId", nullptr},
      {"permissionName", nullptr}};
  body["missingAuthorizations"] = nlohmann::ordered_json::array({right(kind.permission), right("CREATE")});
  Answer answer = json_answer(body);
  answer.status = 403;
  return {std::move(answer)};
}

Answer create(const Call& call, const Kind& kind, std::vector<std::string> ids, int new_retries) {
  if (ids.empty()) throw refusal(400, kInvalidRequest, kind.none_given);
  if (!call.caller.may_everything()) throw not_allowed(call, kind);
  NewBatch request;
  request.type = kind.type;
  request.items = static_cast<std::uint32_t>(std::min<std::size_t>(ids.size(), kMaxItemsPerBatch + 1U));
  if (call.caller.person != nullptr) request.creator = call.caller.person->id;
  request.work.kind = kind.work;
  request.work.new_retries = new_retries;
  if (kind.work != WorkKind::scripted) request.work.items = std::move(ids);
  const Batch* batch = call.model.create_batch(std::move(request));
  if (batch == nullptr)
    throw refusal(500, "ProcessEngineException",
                  "The demo engine holds at most " + std::to_string(kMaxLiveBatches) +
                      " running batches of " + std::to_string(kMaxItemsPerBatch) + " items",
                  0);
  auto row = batch_json(*batch);
  if (!call.traits.knows_start()) drop_starts(row);
  return json_answer(row);
}

template <const Kind& kind>
Answer create_plain(const Call& call) {
  const auto body = read_object(call.request);
  return create(call, kind, read_texts(body, kind.ids), 1);
}

Answer create_external_task_retries(const Call& call) {
  const auto body = read_object(call.request);
  if (!read_int(body, "retries"))
    throw refusal(400, kInvalidRequest, "The number of retries cannot be null.");
  return create(call, kExternalTasks, read_texts(body, kExternalTasks.ids), 1);
}

Answer create_job_retries(const Call& call) {
  const auto body = read_object(call.request);
  const auto retries = read_int(body, "retries");
  if (!retries) throw refusal(400, kInvalidRequest, "retries is null");
  if (*retries < 0)
    throw refusal(500, "ProcessEngineException", "Retries count is not greater than or equal to 0", 0);
  auto ids = read_texts(body, kJobs.ids);
  const auto query = body.find("jobQuery");
  const bool has_query = query != body.end() && query->is_object();
  if (ids.empty() && !has_query)
    throw refusal(500, "ProcessEngineException",
                  "ENGINE-13050 You must specify at least one of jobIds or jobQuery.", 0);
  if (has_query)
    for (const JobRow& row : select_jobs(call.model, BodyFilters(*query), call.traits))
      ids.push_back(to_text(row.job->id));
  return create(call, kJobs, std::move(ids), *retries);
}

}  // namespace

void add_creation_routes(std::vector<Route>& routes) {
  routes.push_back({"POST", {"process-instance", "delete"}, kJsonType, create_plain<kDeletion>});
  routes.push_back({"POST", {"process-instance", "suspended-async"}, kJsonType, create_plain<kSuspension>});
  routes.push_back({"POST", {"process-instance", "message-async"}, kJsonType, create_plain<kMessage>});
  routes.push_back(
      {"POST", {"history", "process-instance", "delete"}, kJsonType, create_plain<kHistoricDeletion>});
  routes.push_back({"POST", {"external-task", "retries-async"}, kJsonType, create_external_task_retries});
  routes.push_back({"POST", {"job", "retries"}, kJsonType, create_job_retries});
}

}  // namespace demo_engine
