#include "engine_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "answer_text.hpp"

namespace batch_view {
namespace {

using nlohmann::json;

// The members of one row. One of a wrong type is as if it were not there, and noted.
class Members {
 public:
  explicit Members(const json& from) : from_(from), lost_(!from.is_object()) {}

  std::string text(const char* name) { return maybe(name).value_or(std::string{}); }
  std::optional<std::string> maybe(const char* name) {
    const auto* member = find(name);
    if (member == nullptr) return std::nullopt;
    if (member->is_string()) return member->get<std::string>();
    lost_ = true;
    return std::nullopt;
  }
  std::int64_t number(const char* name) {
    const auto* member = find(name);
    if (member == nullptr) return 0;
    if (member->is_number()) return member->get<std::int64_t>();
    lost_ = true;
    return 0;
  }
  bool flag(const char* name) {
    const auto* member = find(name);
    if (member == nullptr) return false;
    if (member->is_boolean()) return member->get<bool>();
    lost_ = true;
    return false;
  }
  bool has(const char* name) const { return from_.is_object() && from_.contains(name); }
  bool lost() const { return lost_; }

 private:
  const json* find(const char* name) const {
    if (!from_.is_object()) return nullptr;
    const auto at = from_.find(name);
    return at == from_.end() || at->is_null() ? nullptr : &*at;
  }
  const json& from_;
  bool lost_;
};

template <class Row>
ReadRow<Row> read(Row row, const Members& members) {
  if (row.id.empty()) return {std::nullopt, true};
  return {std::move(row), members.lost()};
}

constexpr std::size_t longest_message = 2000;

// The engine's message, or what can be said when the body is none of its own.
std::string message_of(const rest_client::Response& response) {
  const auto body = read_json(response.body).value_or(json{});
  if (body.is_object() && body.contains("message") && body.at("message").is_string()) {
    const auto message = body.at("message").get<std::string>();
    if (!message.empty()) return message;
    return "The engine answered " + std::to_string(response.status) + " " + Members{body}.text("type") +
           " and no reason.";
  }
  if (response.content_type.rfind("text/html", 0) == 0)
    return "Status " + std::to_string(response.status) +
           " with a web page instead of an answer. Is the address that of the engine's REST API "
           "(…/engine-rest)?";
  if (response.body.empty())
    return "The engine answered " + std::to_string(response.status) + " without a reason.";
  return "The engine answered " + std::to_string(response.status) + ": " +
         response.body.substr(0, longest_message);
}

}  // namespace

ReadRow<Batch> batch_of(const json& from) {
  Members members{from};
  Batch batch;
  batch.id = members.text("id");
  batch.type = members.text("type");
  batch.total = members.number("totalJobs");
  batch.created = members.number("jobsCreated");
  batch.per_seed = members.number("batchJobsPerSeed");
  batch.per_job = members.number("invocationsPerBatchJob");
  batch.remaining = members.number("remainingJobs");
  batch.completed = members.number("completedJobs");
  batch.failed = members.number("failedJobs");
  batch.seed_definition = members.text("seedJobDefinitionId");
  batch.monitor_definition = members.text("monitorJobDefinitionId");
  batch.job_definition = members.text("batchJobDefinitionId");
  batch.suspended = members.flag("suspended");
  batch.tenant = members.maybe("tenantId");
  batch.user = members.maybe("createUserId");
  batch.start = members.maybe("startTime");
  batch.first_done = members.maybe("executionStartTime");
  batch.end = members.maybe("endTime");
  batch.removal = members.maybe("removalTime");
  // Engines count in several statements, while jobs come and go: never more than all.
  batch.total = std::max<std::int64_t>(0, batch.total);
  for (auto* count : {&batch.created, &batch.remaining, &batch.completed, &batch.failed})
    *count = std::clamp<std::int64_t>(*count, 0, batch.total);
  return read(std::move(batch), members);
}

ReadRow<Job> job_of(const json& from) {
  Members members{from};
  Job job;
  job.id = members.text("id");
  job.definition = members.text("jobDefinitionId");
  job.batch = members.text("batchId");
  job.batch_unknown = !members.has("batchId") && !job.definition.empty();
  job.message = members.maybe("exceptionMessage");
  job.activity = members.maybe("failedActivityId");
  job.due = members.maybe("dueDate");
  job.created = members.maybe("createTime");
  job.instance = members.maybe("processInstanceId");
  job.retries = members.number("retries");
  job.priority = members.number("priority");
  job.suspended = members.flag("suspended");
  return read(std::move(job), members);
}

ReadRow<LogEntry> log_entry_of(const json& from) {
  Members members{from};
  LogEntry entry;
  entry.id = members.text("id");
  entry.job = members.text("jobId");
  // Not batchId, which engines before 7.22 do not write.
  entry.batch = members.text("jobDefinitionConfiguration");
  entry.type = members.text("jobDefinitionType");
  for (const char* state : {"creation", "failure", "success", "deletion"})
    if (members.flag((std::string{state} + "Log").c_str())) entry.state = state;
  entry.at = members.maybe("timestamp");
  entry.message = members.maybe("jobExceptionMessage");
  entry.host = members.maybe("hostname");
  entry.activity = members.maybe("failedActivityId");
  entry.due = members.maybe("jobDueDate");
  entry.instance = members.maybe("processInstanceId");
  entry.retries = members.number("jobRetries");
  return read(std::move(entry), members);
}

Problem problem_of(const rest_client::Response& response) {
  const auto message = message_of(response);
  switch (response.status) {
    case 401:
      return {COCKPIT_SIGN_IN_REQUIRED, "The engine refuses the credentials",
              "The user name or password is wrong or missing. After a wrong password the engine also refuses "
              "the right one for a few seconds.",
              "problemCredentials"};
    case 301:
    case 302:
    case 303:
    case 307:
    case 308: {
      const auto to = response.location.substr(0, 300);
      return {
          COCKPIT_UNAVAILABLE, "Redirected",
          "The answer did not come from the engine but from a server in front of it, which redirects to " +
              (to.empty() ? "another address" : to) + " (status " + std::to_string(response.status) +
              "). It may be a sign-in page.",
          "problemElsewhere", to.empty() ? "…" : to};
    }
    case 403:
      return {COCKPIT_DENIED, "Not allowed", message, "problemNotAllowed", message};
    case 404:
      return {COCKPIT_NOT_FOUND, "Not found", message, "problemNotFound", message};
    case 400:
      return {COCKPIT_INVALID, "The engine refused the request", message, "problemRefused", message};
    case 429:
    case 502:
    case 503:
    case 504:
      return {COCKPIT_UNAVAILABLE, "The engine is not available", message, "problemAway", message};
    default:
      break;
  }
  if (response.status >= 500)
    return {COCKPIT_CONFLICT, "The engine could not carry out the request", message, "problemFailed",
            message};
  return {COCKPIT_INTERNAL, "Not understood",
          "Status " + std::to_string(response.status) + " was not expected. " + message};
}

Problem problem_of(const rest_client::Failure& failure) {
  using Kind = rest_client::FailureKind;
  switch (failure.kind) {
    case Kind::timeout:
      return {COCKPIT_TIMEOUT, "The engine is too slow", failure.cause, "problemSlow", failure.cause};
    case Kind::outcome_unknown:
      return {COCKPIT_UNKNOWN_OUTCOME, "Outcome unknown", failure.cause, "problemUnknown", failure.cause};
    case Kind::busy:
      return {COCKPIT_BUSY, "Too many requests", failure.cause, "problemBusy", failure.cause};
    case Kind::cancelled:
      return {COCKPIT_CANCELLED, "Cancelled", failure.cause};
    case Kind::shutting_down:
      return {COCKPIT_STOPPING, "Ending", failure.cause};
    case Kind::invalid_request:
      return {COCKPIT_INVALID, "This cannot be asked", failure.cause};
    case Kind::credentials:
      return {COCKPIT_SIGN_IN_REQUIRED, "No credentials", failure.cause, "problemNoCredentials",
              failure.cause};
    case Kind::too_large:
      return {COCKPIT_TOO_LARGE, "The engine's answer is too large", failure.cause, "problemLarge",
              failure.cause};
    default:
      return {COCKPIT_UNAVAILABLE, "The engine cannot be reached", failure.cause, "problemReach",
              failure.cause};
  }
}

}  // namespace batch_view
