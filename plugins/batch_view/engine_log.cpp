// The engine's calls about the job log, and about jobs that still have retries.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine_query.hpp"
#include "job_pages.hpp"

namespace batch_view {
namespace {

using nlohmann::json;
using rest_client::encode;

std::string query_of(const LogFilter& filter) {
  auto query = "?jobDefinitionConfiguration=" + encode(filter.batch);
  if (!filter.job.empty()) query += "&jobId=" + encode(filter.job);
  // Two states in one query: the engine takes one of them only.
  if (!filter.state.empty()) query += "&" + filter.state + "Log=true";
  return query;
}

// Many entries have one time, and in which order they come then differs from page to page: a second key
// settles it, which only a body may name.
json body_of(const LogFilter& filter, bool descending) {
  const auto by = [](const char* key, bool down) {
    return json{{"sortBy", key}, {"sortOrder", down ? "desc" : "asc"}};
  };
  json body{{"jobDefinitionConfiguration", filter.batch},
            {"sorting", {by("timestamp", descending), by("jobId", false), by("jobRetries", descending)}}};
  if (!filter.job.empty()) body["jobId"] = filter.job;
  if (!filter.state.empty()) body[filter.state + "Log"] = true;
  return body;
}

std::optional<std::string> maybe(const json& from, const char* member) {
  const auto at = from.find(member);
  if (at == from.end() || !at->is_string()) return std::nullopt;
  return at->get<std::string>();
}

LogEntry entry_of(const json& from) {
  LogEntry entry;
  entry.id = from.at("id").get<std::string>();
  entry.job = maybe(from, "jobId").value_or("");
  entry.batch = maybe(from, "jobDefinitionConfiguration").value_or("");
  entry.type = maybe(from, "jobDefinitionType").value_or("");
  for (const char* state : {"creation", "failure", "success", "deletion"}) {
    const auto at = from.find(std::string{state} + "Log");
    if (at != from.end() && at->is_boolean() && at->get<bool>()) entry.state = state;
  }
  entry.at = maybe(from, "timestamp");
  entry.message = maybe(from, "jobExceptionMessage");
  entry.host = maybe(from, "hostname");
  entry.activity = maybe(from, "failedActivityId");
  entry.due = maybe(from, "jobDueDate");
  if (const auto at = from.find("jobRetries"); at != from.end() && at->is_number_integer())
    entry.retries = at->get<std::int64_t>();
  return entry;
}

bool fits(const LogEntry& entry, const LogFilter& filter) {
  return entry.batch == filter.batch && (filter.job.empty() || entry.job == filter.job) &&
         (filter.state.empty() || entry.state == filter.state);
}

Query of_log(const std::string& definition, LogKind kind) {
  Query query;
  query.add("jobDefinitionId", definition)
      .add(kind == LogKind::success ? "successLog" : "deletionLog", "true");
  return query;
}

std::string retrying(const std::string& definition) {
  return "?jobDefinitionId=" + encode(definition) + "&withException=true&withRetriesLeft=true";
}

}  // namespace

void Engine::retrying_jobs(const std::string& definition, const Page& page, Then<std::vector<Job>> then) {
  rest_client::Request request;
  request.target = "/job" + retrying(definition) +
                   "&sortBy=jobId&sortOrder=asc&firstResult=" + std::to_string(page.first) +
                   "&maxResults=" + std::to_string(page.size);
  request.deadline = environment_.now() + read_deadline;
  ask(std::move(request), [definition, then = std::move(then)](Got<rest_client::Response> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
    std::vector<Job> jobs;
    const auto read = each_job(std::get<rest_client::Response>(got).body, [&](const Job& job) {
      if (job.definition == definition && job.retries > 0) jobs.push_back(job);
    });
    read ? then(std::move(jobs)) : then(not_understood("It was not a list of jobs."));
  });
}

void Engine::retrying_jobs_count(const std::string& definition, Then<std::int64_t> then) {
  count("/job/count" + retrying(definition), std::move(then));
}

void Engine::log_count(const std::string& definition, LogKind kind, Then<std::int64_t> then) {
  count("/history/job-log/count" + of_log(definition, kind).text(), std::move(then));
}

void Engine::log_time(const std::string& definition, LogKind kind, std::int64_t place,
                      Then<std::optional<std::string>> then) {
  auto query = of_log(definition, kind);
  query.add("sortBy", "timestamp").add("sortOrder", "asc");
  query.add("firstResult", std::to_string(place)).add("maxResults", "1");
  get("/history/job-log" + query.text(),
      made<std::optional<std::string>>(std::move(then), [](const json& from) {
        return from.empty() ? std::optional<std::string>{}
                            : std::optional<std::string>{from.at(0).at("timestamp").get<std::string>()};
      }));
}

void Engine::log(const LogFilter& filter, const Page& page, Then<std::vector<LogEntry>> then) {
  rest_client::Request request;
  request.method = rest_client::Method::post;
  request.only_reads = true;
  request.target = "/history/job-log?firstResult=" + std::to_string(page.first) +
                   "&maxResults=" + std::to_string(page.size);
  request.body = body_of(filter, page.descending).dump();
  request.deadline = environment_.now() + read_deadline;
  auto wanted = made<std::vector<LogEntry>>(std::move(then), [filter](const json& from) {
    std::vector<LogEntry> entries;
    if (!from.is_array()) (void)from.at(0);  // says what came instead
    for (const auto& one : from)
      if (auto entry = entry_of(one); fits(entry, filter)) entries.push_back(std::move(entry));
    return entries;
  });
  ask(std::move(request), [wanted = std::move(wanted)](Got<rest_client::Response> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return wanted(std::move(*problem));
    auto body = json::parse(std::get<rest_client::Response>(got).body, nullptr, false);
    if (body.is_discarded()) return wanted(not_understood("It was not JSON."));
    wanted(std::move(body));
  });
}

void Engine::log_count(const LogFilter& filter, Then<std::int64_t> then) {
  count("/history/job-log/count" + query_of(filter), std::move(then));
}

void Engine::deletions(bool of_monitors, std::size_t most, Then<std::set<std::string>> then) {
  struct Reading {
    std::set<std::string> batches;
    std::size_t read = 0, page = 0;
    std::function<void()> next;
  };
  const auto reading = std::make_shared<Reading>();
  reading->page = std::min<std::size_t>(most, most_rows_);
  // It holds itself as long as it goes on.
  reading->next = [this, of_monitors, most, reading, then = std::move(then)] {
    const auto over = [reading, then](Got<std::set<std::string>> got) {
      const auto kept = std::exchange(reading->next, nullptr);
      then(std::move(got));
    };
    const auto asked = std::min(reading->page, most - reading->read);
    Query query;
    query.add("deletionLog", "true")
        .add("jobDefinitionType", of_monitors ? "batch-monitor-job" : "batch-seed-job")
        .add("sortBy", "timestamp")
        .add("sortOrder", "desc")
        .add("firstResult", std::to_string(reading->read))
        .add("maxResults", std::to_string(asked));
    get("/history/job-log" + query.text(),
        made<std::vector<LogEntry>>(
            [this, reading, asked, most, over](Got<std::vector<LogEntry>> got) {
              if (auto* problem = std::get_if<Problem>(&got)) {
                const auto limit = allowed_rows(problem->detail);
                if (!limit || *limit >= asked) return over(std::move(*problem));
                most_rows_ = reading->page = *limit;
                return reading->next();
              }
              const auto& entries = std::get<0>(got);
              for (const auto& entry : entries)
                if (entry.state == "deletion") reading->batches.insert(entry.batch);
              reading->read += entries.size();
              if (entries.size() < asked || reading->read >= most) return over(reading->batches);
              reading->next();
            },
            [](const json& from) {
              std::vector<LogEntry> entries;
              if (!from.is_array()) (void)from.at(0);  // says what came instead
              for (const auto& one : from) entries.push_back(entry_of(one));
              return entries;
            }));
  };
  reading->next();
}

void Engine::log_entry(const std::string& id, Then<std::optional<LogEntry>> then) {
  if (!possible_id(id)) return then(std::optional<LogEntry>{});
  auto wanted = made<std::optional<LogEntry>>(
      then, [](const json& from) { return std::optional<LogEntry>{entry_of(from)}; });
  get("/history/job-log/" + encode(id), [then = std::move(then), wanted = std::move(wanted)](Got<json> got) {
    const auto* problem = std::get_if<Problem>(&got);
    if (problem != nullptr && problem->status == COCKPIT_NOT_FOUND) return then(std::optional<LogEntry>{});
    wanted(std::move(got));
  });
}

void Engine::log_stack_trace(const std::string& entry, Then<std::optional<std::string>> then) {
  text_of("/history/job-log/" + encode(entry) + "/stacktrace", std::move(then));
}

}  // namespace batch_view
