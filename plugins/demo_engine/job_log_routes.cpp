// /history/job-log: what happened to the jobs of batches. As in real engines no right protects it.
#include "listing.hpp"
#include "rows.hpp"

namespace demo_engine {
namespace {

constexpr const char* kHostname = "127.0.0.1$default";

const std::vector<std::string> kLogKeys = {"timestamp",
                                           "jobId",
                                           "jobDefinitionId",
                                           "jobDueDate",
                                           "jobRetries",
                                           "jobPriority",
                                           "hostname",
                                           "tenantId",
                                           "activityId",
                                           "executionId",
                                           "processInstanceId",
                                           "processDefinitionId",
                                           "processDefinitionKey",
                                           "deploymentId"};

class LogFilter {
 public:
  explicit LogFilter(const Filters& filters)
      : id_(filters.text("logId")),
        job_(filters.text("jobId")),
        definition_(filters.text("jobDefinitionId")),
        type_(filters.text("jobDefinitionType")),
        batch_(filters.text("jobDefinitionConfiguration")),
        message_(filters.text("jobExceptionMessage")),
        activities_(filters.list("failedActivityIdIn")),
        tenants_(filters) {
    if (filters.is_set("creationLog")) state_ = LogState::created;
    if (filters.is_set("failureLog")) state_ = LogState::failed;
    if (filters.is_set("successLog")) state_ = LogState::succeeded;
    if (filters.is_set("deletionLog")) state_ = LogState::deleted;
    nothing_ = filters.text("hostname").value_or(kHostname) != kHostname;
    nothing_ = nothing_ || names_any(filters, {"processInstanceId", "processDefinitionId",
                                               "processDefinitionKey", "deploymentId"});
    for (const char* name : {"activityIdIn", "executionIdIn"})
      if (filters.list(name)) nothing_ = true;
  }

  bool matches_log(const BatchLog& log) const {
    if (nothing_ || !matches_id(batch_, log.facts.id) || !tenants_.matches(log.facts.tenant)) return false;
    if (!definition_) return true;
    const auto id = parse_id(*definition_);
    return id == log.facts.seed_definition || id == log.facts.monitor_definition ||
           id == log.facts.execution_definition;
  }

  bool matches(const LogRow& row) const {
    const LogEntry& entry = *row.entry;
    const BatchFacts& facts = row.log->facts;
    if (state_ && *state_ != entry.state) return false;
    if (!matches_id(id_, entry.id) || !matches_id(job_, entry.job)) return false;
    if (!matches_id(definition_, definition_of(facts, entry.kind))) return false;
    if (type_ && *type_ != job_type(facts, entry.kind)) return false;
    if (message_ && (!entry.failure || shown_message(*entry.failure) != *message_)) return false;
    if (!activities_) return true;
    return entry.failure && std::find(activities_->begin(), activities_->end(),
                                      entry.failure->failed_activity) != activities_->end();
  }

 private:
  std::optional<std::string> id_, job_, definition_, type_, batch_, message_;
  std::optional<std::vector<std::string>> activities_;
  TenantFilter tenants_;
  std::optional<LogState> state_;
  bool nothing_ = false;
};

std::vector<LogRow> selected_entries(const Call& call, const Filters& filters) {
  const LogFilter filter(filters);
  std::vector<LogRow> rows;
  if (!call.traits.history) return rows;
  for (const auto& [key, log] : call.model.logs()) {
    if (!filter.matches_log(log)) continue;
    for (const auto* entries : {&log.work, &log.monitor})
      for (const LogEntry& entry : *entries)
        if (const LogRow row{&log, &entry}; filter.matches(row)) rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end(),
            [](const LogRow& a, const LogRow& b) { return a.entry->id < b.entry->id; });
  return rows;
}

std::weak_ordering compare_entries(const std::string& key, const LogRow& a, const LogRow& b) {
  if (key == "timestamp") return a.entry->at <=> b.entry->at;
  if (key == "jobId") return a.entry->job <=> b.entry->job;
  if (key == "jobDueDate") return a.entry->due <=> b.entry->due;
  if (key == "jobRetries") return a.entry->retries <=> b.entry->retries;
  if (key == "tenantId") return a.log->facts.tenant <=> b.log->facts.tenant;
  if (key == "jobDefinitionId")
    return definition_of(a.log->facts, a.entry->kind) <=> definition_of(b.log->facts, b.entry->kind);
  return std::weak_ordering::equivalent;  // The other keys are the same, or null, for all batch jobs.
}

/// As the engine of that version writes it.
nlohmann::ordered_json written(const Call& call, const LogRow& row) {
  return log_json(row, call.traits.tells_batch_of_job());
}

Answer list_entries(const Call& call, const Filters& filters) {
  const auto keys = filters.sorting(kLogKeys);
  return list_answer(call, selected_entries(call, filters), keys, compare_entries,
                     [&call](const LogRow& row) { return written(call, row); });
}

Answer count_entries(const Call& call, const Filters& filters) {
  filters.sorting(kLogKeys);
  return count_answer(selected_entries(call, filters).size());
}

std::optional<LogRow> find(const Call& call) {
  const auto id = call.id();
  if (!id || !call.traits.history) return std::nullopt;
  for (const auto& [key, log] : call.model.logs())
    for (const auto* entries : {&log.work, &log.monitor})
      for (const LogEntry& entry : *entries)
        if (entry.id == *id) return LogRow{&log, &entry};
  return std::nullopt;
}

Answer get_entry(const Call& call) {
  const auto row = find(call);
  if (!row)
    throw refusal(404, kInvalidRequest, "Historic job log with id " + call.parameter() + " does not exist");
  return json_answer(written(call, *row));
}

Answer get_stack_trace(const Call& call) {
  const auto row = find(call);
  if (!row)
    throw refusal(404, kInvalidRequest,
                  "No historic job log found with id " + call.parameter() + ": historicJobLog is null");
  return row->entry->failure ? text_answer(stack_trace(*row->entry->failure)) : no_content();
}

}  // namespace

void add_job_log_routes(std::vector<Route>& routes) {
  routes.push_back({"GET", {"history", "job-log"}, kJsonType, by_query<list_entries>});
  routes.push_back({"POST", {"history", "job-log"}, kJsonType, by_body<list_entries>});
  routes.push_back({"GET", {"history", "job-log", "count"}, kJsonType, by_query<count_entries>});
  routes.push_back({"POST", {"history", "job-log", "count"}, kJsonType, by_body<count_entries>});
  routes.push_back({"GET", {"history", "job-log", "{}"}, kJsonType, get_entry});
  routes.push_back({"GET", {"history", "job-log", "{}", "stacktrace"}, kTextType, get_stack_trace});
}

}  // namespace demo_engine
