#include "rows.hpp"

#include <nlohmann/json.hpp>

namespace demo_engine {
namespace {

using Json = nlohmann::ordered_json;

Json date_or_null(const std::optional<Instant>& at) {
  return at ? Json(to_engine_date(*at)) : Json(nullptr);
}
Json text_or_null(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}
Json message_or_null(const FailurePtr& failure) {
  return failure ? Json(shown_message(*failure)) : Json(nullptr);
}

Json activity_or_null(const FailurePtr& failure) {
  return failure && !failure->failed_activity.empty() ? Json(failure->failed_activity) : Json(nullptr);
}

void add_definitions(Json& row, const BatchFacts& facts) {
  row["batchJobsPerSeed"] = kBatchJobsPerSeed;
  row["invocationsPerBatchJob"] = facts.invocations_per_job;
  row["seedJobDefinitionId"] = to_text(facts.seed_definition);
  row["monitorJobDefinitionId"] = to_text(facts.monitor_definition);
  row["batchJobDefinitionId"] = to_text(facts.execution_definition);
}

}  // namespace

std::string job_type(const BatchFacts& facts, JobKind kind) {
  if (kind == JobKind::seed) return "batch-seed-job";
  if (kind == JobKind::monitor) return "batch-monitor-job";
  return facts.type;
}

Id definition_of(const BatchFacts& facts, JobKind kind) {
  if (kind == JobKind::seed) return facts.seed_definition;
  if (kind == JobKind::monitor) return facts.monitor_definition;
  return facts.execution_definition;
}

Json batch_json(const Batch& batch) {
  const BatchFacts& facts = batch.facts;
  Json row;
  row["id"] = to_text(facts.id);
  row["type"] = facts.type;
  row["totalJobs"] = facts.total_jobs;
  row["jobsCreated"] = batch.jobs_created;
  add_definitions(row, facts);
  row["suspended"] = batch.suspended;
  row["tenantId"] = text_or_null(facts.tenant);
  row["createUserId"] = text_or_null(facts.creator);
  row["startTime"] = to_engine_date(facts.started);
  row["executionStartTime"] = date_or_null(facts.execution_started);
  return row;
}

void drop_starts(Json& row) {
  for (const char* member : {"startTime", "executionStartTime"}) row.erase(member);
}

Json statistics_json(const Batch& batch) {
  const BatchCounts counts = count_jobs(batch);
  Json row = batch_json(batch);
  row["remainingJobs"] = counts.remaining;
  row["completedJobs"] = counts.completed;
  row["failedJobs"] = counts.failed;
  return row;
}

Json history_json(const HistoricBatch& batch) {
  const BatchFacts& facts = batch.facts;
  Json row;
  row["id"] = to_text(facts.id);
  row["type"] = facts.type;
  row["totalJobs"] = facts.total_jobs;
  add_definitions(row, facts);
  row["tenantId"] = text_or_null(facts.tenant);
  row["createUserId"] = text_or_null(facts.creator);
  row["startTime"] = to_engine_date(facts.started);
  row["endTime"] = date_or_null(batch.ended);
  row["removalTime"] = nullptr;
  row["executionStartTime"] = date_or_null(facts.execution_started);
  return row;
}

Json job_json(const JobRow& shown, bool names_batch) {
  const Job& job = *shown.job;
  const BatchFacts& facts = shown.batch->facts;
  Json row;
  row["id"] = to_text(job.id);
  row["jobDefinitionId"] = to_text(definition_of(facts, job.kind));
  for (const char* name : {"processInstanceId", "processDefinitionId", "processDefinitionKey", "executionId"})
    row[name] = nullptr;
  row["exceptionMessage"] = message_or_null(job.failure);
  row["failedActivityId"] = activity_or_null(job.failure);
  row["retries"] = job.retries;
  row["dueDate"] = date_or_null(job.due);
  row["suspended"] = job.suspended;
  row["priority"] = 0;
  row["tenantId"] = text_or_null(facts.tenant);
  row["createTime"] = to_engine_date(job.created);
  if (names_batch) row["batchId"] = to_text(facts.id);
  return row;
}

Json definition_json(const Batch& batch, JobKind kind) {
  Json row;
  row["id"] = to_text(definition_of(batch.facts, kind));
  row["processDefinitionId"] = nullptr;
  row["processDefinitionKey"] = nullptr;
  row["jobType"] = job_type(batch.facts, kind);
  row["jobConfiguration"] = to_text(batch.facts.id);
  row["activityId"] = nullptr;
  row["suspended"] = batch.suspended;
  row["overridingJobPriority"] = nullptr;
  row["tenantId"] = text_or_null(batch.facts.tenant);
  row["deploymentId"] = nullptr;
  return row;
}

Json log_json(const LogRow& shown, bool names_batch) {
  const LogEntry& entry = *shown.entry;
  const BatchFacts& facts = shown.log->facts;
  Json row;
  row["id"] = to_text(entry.id);
  row["timestamp"] = to_engine_date(entry.at);
  row["removalTime"] = nullptr;
  row["jobId"] = to_text(entry.job);
  row["jobDueDate"] = date_or_null(entry.due);
  row["jobRetries"] = entry.retries;
  row["jobPriority"] = 0;
  row["jobExceptionMessage"] = message_or_null(entry.failure);
  row["jobDefinitionId"] = to_text(definition_of(facts, entry.kind));
  row["jobDefinitionType"] = job_type(facts, entry.kind);
  row["jobDefinitionConfiguration"] = to_text(facts.id);
  row["activityId"] = nullptr;
  row["failedActivityId"] = activity_or_null(entry.failure);
  for (const char* name :
       {"executionId", "processInstanceId", "processDefinitionId", "processDefinitionKey", "deploymentId"})
    row[name] = nullptr;
  row["tenantId"] = text_or_null(facts.tenant);
  row["hostname"] = "127.0.0.1$default";
  row["rootProcessInstanceId"] = nullptr;
  if (names_batch) row["batchId"] = to_text(facts.id);
  row["creationLog"] = entry.state == LogState::created;
  row["failureLog"] = entry.state == LogState::failed;
  row["successLog"] = entry.state == LogState::succeeded;
  row["deletionLog"] = entry.state == LogState::deleted;
  return row;
}

Json incident_json(const JobRow& shown) {
  const Job& job = *shown.job;
  const Incident& incident = *job.incident;
  Json row;
  row["id"] = to_text(incident.id);
  row["processDefinitionId"] = nullptr;
  row["processInstanceId"] = nullptr;
  row["executionId"] = nullptr;
  row["incidentTimestamp"] = to_engine_date(incident.at);
  row["incidentType"] = "failedJob";
  row["activityId"] = nullptr;
  row["failedActivityId"] = activity_or_null(incident.failure);
  row["causeIncidentId"] = to_text(incident.id);
  row["rootCauseIncidentId"] = to_text(incident.id);
  row["configuration"] = to_text(job.id);
  row["incidentMessage"] = message_or_null(incident.failure);
  row["tenantId"] = text_or_null(shown.batch->facts.tenant);
  row["jobDefinitionId"] = to_text(definition_of(shown.batch->facts, job.kind));
  row["annotation"] = nullptr;
  return row;
}

Json user_json(const Person& person) {
  return {{"id", person.id},
          {"firstName", person.first_name},
          {"lastName", person.last_name},
          {"email", person.email}};
}

}  // namespace demo_engine
