#include "engine_json.hpp"

#include <nlohmann/json.hpp>

namespace batch_view {
namespace {

using nlohmann::json;

std::string text(const json& from, const char* member) {
  const auto at = from.find(member);
  return at == from.end() || at->is_null() ? std::string{} : at->get<std::string>();
}

std::optional<std::string> maybe(const json& from, const char* member) {
  const auto at = from.find(member);
  if (at == from.end() || at->is_null()) return std::nullopt;
  return at->get<std::string>();
}

std::int64_t number(const json& from, const char* member) {
  const auto at = from.find(member);
  return at == from.end() || at->is_null() ? 0 : at->get<std::int64_t>();
}

bool flag(const json& from, const char* member) {
  const auto at = from.find(member);
  return at != from.end() && !at->is_null() && at->get<bool>();
}

constexpr std::size_t longest_message = 2000;

// The engine's message, or what can be said when the body is none of its own.
std::string message_of(const rest_client::Response& response) {
  const auto body = json::parse(response.body, nullptr, false);
  if (body.is_object() && body.contains("message") && body.at("message").is_string()) {
    const auto message = body.at("message").get<std::string>();
    if (!message.empty()) return message;
    return "The engine answered " + std::to_string(response.status) + " " + text(body, "type") +
           " and no reason.";
  }
  if (response.content_type.rfind("text/html", 0) == 0)
    return "Status " + std::to_string(response.status) +
           " and a web page came instead of an answer. Is the address the engine's REST base "
           "(…/engine-rest)?";
  if (response.body.empty())
    return "The engine answered " + std::to_string(response.status) + " without a reason.";
  return "The engine answered " + std::to_string(response.status) + ": " +
         response.body.substr(0, longest_message);
}

}  // namespace

Batch batch_of(const json& from) {
  Batch batch;
  batch.id = text(from, "id");
  batch.type = text(from, "type");
  batch.total = number(from, "totalJobs");
  batch.created = number(from, "jobsCreated");
  batch.per_seed = number(from, "batchJobsPerSeed");
  batch.per_job = number(from, "invocationsPerBatchJob");
  batch.remaining = number(from, "remainingJobs");
  batch.completed = number(from, "completedJobs");
  batch.failed = number(from, "failedJobs");
  batch.seed_definition = text(from, "seedJobDefinitionId");
  batch.monitor_definition = text(from, "monitorJobDefinitionId");
  batch.job_definition = text(from, "batchJobDefinitionId");
  batch.suspended = flag(from, "suspended");
  batch.tenant = maybe(from, "tenantId");
  batch.user = maybe(from, "createUserId");
  batch.start = maybe(from, "startTime");
  batch.first_done = maybe(from, "executionStartTime");
  batch.end = maybe(from, "endTime");
  batch.removal = maybe(from, "removalTime");
  return batch;
}

Job job_of(const json& from) {
  Job job;
  job.id = text(from, "id");
  job.definition = text(from, "jobDefinitionId");
  job.batch = text(from, "batchId");
  job.message = maybe(from, "exceptionMessage");
  job.activity = maybe(from, "failedActivityId");
  job.due = maybe(from, "dueDate");
  job.created = maybe(from, "createTime");
  job.retries = number(from, "retries");
  job.priority = number(from, "priority");
  job.suspended = flag(from, "suspended");
  return job;
}

Problem problem_of(const rest_client::Response& response) {
  const auto message = message_of(response);
  switch (response.status) {
    case 401:
      return {COCKPIT_SIGN_IN_REQUIRED, "The engine refuses the credentials",
              "User or password are wrong or missing. After a wrong one the engine refuses the right one for "
              "some seconds, too.",
              "problemCredentials"};
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
    return {COCKPIT_CONFLICT, "The engine could not do it", message, "problemFailed", message};
  return {COCKPIT_INTERNAL, "Not understood",
          "Status " + std::to_string(response.status) + " was not expected. " + message};
}

Problem problem_of(const rest_client::Failure& failure) {
  using Kind = rest_client::FailureKind;
  switch (failure.kind) {
    case Kind::timeout:
      return {COCKPIT_TIMEOUT, "The engine is too slow", failure.cause, "problemSlow", failure.cause};
    case Kind::outcome_unknown:
      return {COCKPIT_UNKNOWN_OUTCOME, "Whether it was done is not known", failure.cause, "problemUnknown",
              failure.cause};
    case Kind::busy:
      return {COCKPIT_BUSY, "Too much at once", failure.cause, "problemBusy", failure.cause};
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
