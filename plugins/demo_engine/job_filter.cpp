#include "job_filter.hpp"

#include <set>

#include "listing.hpp"

namespace demo_engine {
namespace {

std::optional<std::set<Id>> ids_of(const std::optional<std::vector<std::string>>& texts) {
  if (!texts) return std::nullopt;
  std::set<Id> ids;
  for (const std::string& text : *texts)
    if (const auto id = parse_id(text)) ids.insert(*id);
  return ids;
}

std::optional<std::string> message_of(const FailurePtr& failure) {
  if (!failure) return std::nullopt;
  return shown_message(*failure);
}

/// Batch jobs belong to no process, so a filter for one selects nothing.
bool asks_for_a_process(const Filters& filters) {
  return names_any(filters, {"processInstanceId", "processDefinitionId", "processDefinitionKey",
                             "executionId", "activityId"});
}

class JobFilter {
 public:
  JobFilter(const Filters& filters, Instant now, const Traits& traits)
      : now_(now),
        id_(filters.text("jobId")),
        ids_(ids_of(filters.list("jobIds"))),
        definition_(filters.text("jobDefinitionId")),
        definition_id_(definition_ ? parse_id(*definition_) : std::nullopt),
        message_(filters.text("exceptionMessage")),
        activity_(filters.text("failedActivityId")),
        with_exception_(filters.is_set("withException")),
        no_retries_(filters.is_set("noRetriesLeft")),
        retries_(filters.is_set("withRetriesLeft")),
        active_(filters.is_set("active")),
        suspended_(filters.is_set("suspended")),
        executable_(filters.is_set("executable")),
        acquired_(traits.filters_acquired() && filters.is_set("acquired")),
        tenants_(filters),
        nothing_(asks_for_a_process(filters)) {
    // The statement that engines make of these two together is not valid SQL.
    if (definition_ && (id_ || ids_))
      throw refusal(
          500, "ProcessEnginePersistenceException",
          "An exception occurred in the persistence layer. Please check the server logs for a detailed "
          "message and the entire exception stack trace.",
          0);
    const bool timers = filters.is_set("timers");
    if (timers && filters.is_set("messages"))
      throw refusal(400, kInvalidRequest,
                    "Parameter timers cannot be used together with parameter messages.");
    const bool priority_excludes = filters.number("priorityLowerThanOrEquals").value_or(0) < 0 ||
                                   filters.number("priorityHigherThanOrEquals").value_or(0) > 0;
    nothing_ = nothing_ || timers || priority_excludes;
  }

  const std::optional<std::string>& definition() const { return definition_; }

  const std::optional<std::set<Id>>& ids() const { return ids_; }

  bool matches(const JobRow& row) const {
    const Job& job = *row.job;
    if (nothing_ || !matches_id(id_, job.id) || (ids_ && !ids_->contains(job.id))) return false;
    if (definition_ && definition_id_ != definition_of(row.batch->facts, job.kind)) return false;
    if (with_exception_ && !job.failure) return false;
    if (no_retries_ && job.retries > 0) return false;
    if (retries_ && job.retries == 0) return false;
    if (active_ && job.suspended) return false;
    if (suspended_ && !job.suspended) return false;
    if (acquired_ && !job.running) return false;
    if (executable_ && (job.retries == 0 || (job.due && *job.due > now_))) return false;
    if (message_ && message_of(job.failure) != message_) return false;
    if (activity_ && (!job.failure || job.failure->failed_activity != *activity_)) return false;
    return tenants_.matches(row.batch->facts.tenant);
  }

 private:
  Instant now_;
  std::optional<std::string> id_;
  std::optional<std::set<Id>> ids_;
  std::optional<std::string> definition_;
  std::optional<Id> definition_id_;
  std::optional<std::string> message_, activity_;
  bool with_exception_, no_retries_, retries_, active_, suspended_, executable_, acquired_;
  TenantFilter tenants_;
  bool nothing_;
};

}  // namespace

const std::vector<std::string> kJobKeys = {
    "jobId",       "jobRetries",        "jobDueDate",          "jobPriority",
    "executionId", "processInstanceId", "processDefinitionId", "processDefinitionKey",
    "tenantId"};
const std::vector<std::string> kIncidentKeys = {
    "incidentId",      "incidentMessage",     "incidentTimestamp", "incidentType",
    "executionId",     "activityId",          "processInstanceId", "processDefinitionId",
    "causeIncidentId", "rootCauseIncidentId", "configuration",     "tenantId"};

std::vector<JobRow> select_jobs(const EngineModel& model, const Filters& filters, const Traits& traits) {
  const JobFilter filter(filters, model.now(), traits);
  std::vector<JobRow> rows;
  const auto add_from = [&](const Batch& batch) {
    for (const auto& [id, job] : batch.jobs)
      if (const JobRow row{&batch, &job}; filter.matches(row)) rows.push_back(row);
  };
  if (filter.definition()) {
    const auto id = parse_id(*filter.definition());
    const auto found = id ? model.find_definition(*id) : std::nullopt;
    if (found) add_from(*found->batch);
    return rows;
  }
  if (filter.ids()) {
    for (const Id& id : *filter.ids())
      if (const auto found = model.find_job(id))
        if (const JobRow row{found->batch, found->job}; filter.matches(row)) rows.push_back(row);
    return rows;
  }
  for (const auto& [id, batch] : model.batches()) add_from(batch);
  std::sort(rows.begin(), rows.end(), [](const JobRow& a, const JobRow& b) { return a.job->id < b.job->id; });
  return rows;
}

std::weak_ordering compare_jobs(const std::string& key, const JobRow& a, const JobRow& b) {
  if (key == "jobId") return a.job->id <=> b.job->id;
  if (key == "jobRetries") return a.job->retries <=> b.job->retries;
  if (key == "jobDueDate") return a.job->due <=> b.job->due;
  if (key == "tenantId") return a.batch->facts.tenant <=> b.batch->facts.tenant;
  return std::weak_ordering::equivalent;  // The other keys are the same, or null, for all batch jobs.
}

std::vector<JobRow> select_incidents(const EngineModel& model, const Filters& filters) {
  const auto definitions = ids_of(filters.list("jobDefinitionIdIn"));
  const auto id = filters.text("incidentId");
  const auto type = filters.text("incidentType");
  const auto message = filters.text("incidentMessage");
  const auto configuration = filters.text("configuration");
  const TenantFilter tenants(filters);
  std::vector<JobRow> rows;
  if (asks_for_a_process(filters) || (type && *type != "failedJob")) return rows;
  for (const auto& [key, batch] : model.batches()) {
    if (!tenants.matches(batch.facts.tenant)) continue;
    for (const auto& [job_key, job] : batch.jobs) {
      if (!job.incident || !matches_id(id, job.incident->id) || !matches_id(configuration, job.id)) continue;
      if (definitions && !definitions->contains(definition_of(batch.facts, job.kind))) continue;
      if (message && message_of(job.incident->failure) != message) continue;
      rows.push_back({&batch, &job});
    }
  }
  std::sort(rows.begin(), rows.end(),
            [](const JobRow& a, const JobRow& b) { return a.job->incident->id < b.job->incident->id; });
  return rows;
}

std::weak_ordering compare_incidents(const std::string& key, const JobRow& a, const JobRow& b) {
  if (key == "incidentTimestamp") return a.job->incident->at <=> b.job->incident->at;
  if (key == "incidentMessage")
    return message_of(a.job->incident->failure) <=> message_of(b.job->incident->failure);
  if (key == "configuration") return a.job->id <=> b.job->id;
  if (key == "tenantId") return a.batch->facts.tenant <=> b.batch->facts.tenant;
  if (key.ends_with("ncidentId")) return a.job->incident->id <=> b.job->incident->id;
  return std::weak_ordering::equivalent;
}

}  // namespace demo_engine
