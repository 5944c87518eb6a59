// The engine's calls about the job log, and about jobs that still have retries.
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/listing.hpp"

namespace batch_view {
namespace {

using nlohmann::json;
using rest_client::encode;

std::string query_of(const LogFilter& filter) {
  auto query = "?jobDefinitionConfiguration=" + encode(filter.batch);
  if (!filter.job.empty()) query += "&jobId=" + encode(filter.job);
  // Two states in one query: the engine takes one of them only.
  if (!filter.state.empty()) query += "&" + filter.state + "Log=true";
  if (!filter.instance.empty()) query += "&processInstanceId=" + encode(filter.instance);
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
  if (!filter.instance.empty()) body["processInstanceId"] = filter.instance;
  return body;
}

bool fits(const LogEntry& entry, const LogFilter& filter) {
  return entry.batch == filter.batch && (filter.job.empty() || entry.job == filter.job) &&
         (filter.state.empty() || entry.state == filter.state) &&
         (filter.instance.empty() || entry.instance == filter.instance);
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

void Engine::retrying_jobs(const std::string& definition, const Page& page, Then<RowsOf<Job>> then) {
  const auto listing = std::make_shared<Listing<Job>>();
  listing->page = page;
  listing->read = job_of;
  listing->fits = [definition](const Job& job) { return job.definition == definition && job.retries > 0; };
  listing->request = [definition](const Page& part) {
    rest_client::Request request;
    request.target = "/job" + retrying(definition) +
                     "&sortBy=jobId&sortOrder=asc&firstResult=" + std::to_string(part.first) +
                     "&maxResults=" + std::to_string(part.size);
    return request;
  };
  listing->then = std::move(then);
  list_on(listing);
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

void Engine::log(const LogFilter& filter, const Page& page, Then<RowsOf<LogEntry>> then) {
  const auto listing = std::make_shared<Listing<LogEntry>>();
  listing->page = page;
  listing->read = log_entry_of;
  listing->fits = [filter](const LogEntry& entry) { return fits(entry, filter); };
  listing->request = [filter](const Page& part) {
    rest_client::Request request;
    request.method = rest_client::Method::post;
    request.only_reads = true;
    request.target = "/history/job-log?firstResult=" + std::to_string(part.first) +
                     "&maxResults=" + std::to_string(part.size);
    request.body = body_of(filter, part.descending).dump();
    return request;
  };
  listing->then = std::move(then);
  list_on(listing);
}

void Engine::log_count(const LogFilter& filter, Then<std::int64_t> then) {
  count("/history/job-log/count" + query_of(filter), std::move(then));
}

void Engine::deletions(bool of_monitors, std::size_t most, Then<std::set<std::string>> then) {
  const auto listing = std::make_shared<Listing<LogEntry>>();
  listing->page.size = most;
  listing->read = log_entry_of;
  listing->fits = [](const LogEntry& entry) { return entry.state == "deletion"; };
  listing->request = [of_monitors](const Page& part) {
    Query query;
    query.add("deletionLog", "true")
        .add("jobDefinitionType", of_monitors ? "batch-monitor-job" : "batch-seed-job")
        .add("sortBy", "timestamp")
        .add("sortOrder", "desc")
        .add("firstResult", std::to_string(part.first))
        .add("maxResults", std::to_string(part.size));
    rest_client::Request request;
    request.target = "/history/job-log" + query.text();
    return request;
  };
  listing->then = [then = std::move(then)](Got<RowsOf<LogEntry>> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
    std::set<std::string> batches;
    for (const auto& entry : std::get<0>(got)) batches.insert(entry.batch);
    then(std::move(batches));
  };
  list_on(listing);
}

void Engine::log_entry(const std::string& id, Then<std::optional<LogEntry>> then) {
  if (!possible_id(id)) return then(std::optional<LogEntry>{});
  get("/history/job-log/" + encode(id), made_if_there<LogEntry>(std::move(then), only_row(log_entry_of)));
}

void Engine::log_stack_trace(const std::string& entry, Then<std::optional<std::string>> then) {
  text_of("/history/job-log/" + encode(entry) + "/stacktrace", std::move(then));
}

}  // namespace batch_view
