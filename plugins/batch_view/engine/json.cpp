#include "engine/json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "engine/answer_text.hpp"

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

// Which members of a row are which of its values, by their types.
template <class Row>
struct Mapping {
  std::vector<std::pair<const char*, std::string Row::*>> texts;
  std::vector<std::pair<const char*, std::optional<std::string> Row::*>> optional_texts;
  std::vector<std::pair<const char*, std::int64_t Row::*>> numbers;
  std::vector<std::pair<const char*, bool Row::*>> flags;

  Row row(Members& members) const {
    Row row;
    for (const auto& [name, value] : texts) row.*value = members.text(name);
    for (const auto& [name, value] : optional_texts) row.*value = members.maybe(name);
    for (const auto& [name, value] : numbers) row.*value = members.number(name);
    for (const auto& [name, value] : flags) row.*value = members.flag(name);
    return row;
  }
};

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
  static const Mapping<Batch> mapping{{{"id", &Batch::id},
                                       {"type", &Batch::type},
                                       {"seedJobDefinitionId", &Batch::seed_definition},
                                       {"monitorJobDefinitionId", &Batch::monitor_definition},
                                       {"batchJobDefinitionId", &Batch::job_definition}},
                                      {{"tenantId", &Batch::tenant},
                                       {"createUserId", &Batch::user},
                                       {"startTime", &Batch::start},
                                       {"executionStartTime", &Batch::first_done},
                                       {"endTime", &Batch::end},
                                       {"removalTime", &Batch::removal}},
                                      {{"totalJobs", &Batch::total},
                                       {"jobsCreated", &Batch::created},
                                       {"batchJobsPerSeed", &Batch::per_seed},
                                       {"invocationsPerBatchJob", &Batch::per_job},
                                       {"remainingJobs", &Batch::remaining},
                                       {"completedJobs", &Batch::completed},
                                       {"failedJobs", &Batch::failed}},
                                      {{"suspended", &Batch::suspended}}};
  Members members{from};
  auto batch = mapping.row(members);
  // Engines count in several statements, while jobs come and go: never more than all.
  batch.total = std::max<std::int64_t>(0, batch.total);
  for (auto* count : {&batch.created, &batch.remaining, &batch.completed, &batch.failed})
    *count = std::clamp<std::int64_t>(*count, 0, batch.total);
  return read(std::move(batch), members);
}

ReadRow<Job> job_of(const json& from) {
  static const Mapping<Job> mapping{
      {{"id", &Job::id}, {"jobDefinitionId", &Job::definition}, {"batchId", &Job::batch}},
      {{"exceptionMessage", &Job::message},
       {"failedActivityId", &Job::activity},
       {"dueDate", &Job::due},
       {"createTime", &Job::created},
       {"processInstanceId", &Job::instance}},
      {{"retries", &Job::retries}, {"priority", &Job::priority}},
      {{"suspended", &Job::suspended}}};
  Members members{from};
  auto job = mapping.row(members);
  job.batch_unknown = !members.has("batchId") && !job.definition.empty();
  return read(std::move(job), members);
}

ReadRow<LogEntry> log_entry_of(const json& from) {
  // The batch is not read from batchId, which engines before 7.22 do not write.
  static const Mapping<LogEntry> mapping{{{"id", &LogEntry::id},
                                          {"jobId", &LogEntry::job},
                                          {"jobDefinitionConfiguration", &LogEntry::batch},
                                          {"jobDefinitionType", &LogEntry::type}},
                                         {{"timestamp", &LogEntry::at},
                                          {"jobExceptionMessage", &LogEntry::message},
                                          {"hostname", &LogEntry::host},
                                          {"failedActivityId", &LogEntry::activity},
                                          {"jobDueDate", &LogEntry::due},
                                          {"processInstanceId", &LogEntry::instance}},
                                         {{"jobRetries", &LogEntry::retries}},
                                         {}};
  Members members{from};
  auto entry = mapping.row(members);
  for (const char* state : {"creation", "failure", "success", "deletion"})
    if (members.flag((std::string{state} + "Log").c_str())) entry.state = state;
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
