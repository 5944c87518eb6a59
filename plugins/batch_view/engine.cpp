#include "engine.hpp"

#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "engine_json.hpp"

namespace batch_view {
namespace {

using nlohmann::json;
using rest_client::encode;
using rest_client::Method;

// A query string, of the filters that the endpoint is known to take.
class Query {
 public:
  Query& add(const char* name, const std::string& value) {
    text_ += text_.empty() ? '?' : '&';
    text_ += name;
    text_ += '=';
    text_ += encode(value);
    return *this;
  }
  Query& add_if(const char* name, const std::string& value) {
    return value.empty() ? *this : add(name, value);
  }
  Query& add_if(const char* name, const std::optional<std::string>& value) {
    return value ? add(name, *value) : *this;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

Query common(const BatchFilter& filter) {
  Query query;
  query.add_if("batchId", filter.id).add_if("type", filter.type);
  // The engines disagree which of the two wins when both are sent.
  if (filter.without_tenant)
    query.add("withoutTenantId", "true");
  else
    query.add_if("tenantIdIn", filter.tenant);
  return query;
}

Query of_running(const BatchFilter& filter) {
  auto query = common(filter);
  if (filter.suspended) query.add("suspended", *filter.suspended ? "true" : "false");
  if (filter.failures) query.add(*filter.failures ? "withFailures" : "withoutFailures", "true");
  query.add_if("createdBy", filter.user)
      .add_if("startedAfter", filter.started_after)
      .add_if("startedBefore", filter.started_before);
  return query;
}

void paged(Query& query, const Page& page) {
  if (!page.sort.empty()) query.add("sortBy", page.sort).add("sortOrder", page.descending ? "desc" : "asc");
  query.add("firstResult", std::to_string(page.first)).add("maxResults", std::to_string(page.size));
}

Problem not_understood(const std::string& why) {
  return {COCKPIT_UNAVAILABLE, "The engine's answer was not understood", why};
}

// Turns an answer into a value; what the engine should not have said becomes a problem.
template <class Value, class Make>
Then<json> made(Then<Value> then, Make make) {
  return [then = std::move(then), make = std::move(make)](Got<json> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
    std::optional<Value> value;
    try {
      value = make(std::get<json>(got));
    } catch (const json::exception&) {
      // The library's words about it would tell the person nothing.
    }
    if (value)
      then(std::move(*value));
    else
      then(not_understood(
          "It is JSON, but not what was expected. Does another service answer at this address?"));
  };
}

// "Not there" is an answer, not a problem.
template <class Value, class Make>
Then<json> made_if_there(Then<std::optional<Value>> then, Make make) {
  auto wanted =
      made<std::optional<Value>>(then, [make](const json& from) { return std::optional<Value>{make(from)}; });
  return [then = std::move(then), wanted = std::move(wanted)](Got<json> got) {
    const auto* problem = std::get_if<Problem>(&got);
    if (problem != nullptr && problem->status == COCKPIT_NOT_FOUND) return then(std::optional<Value>{});
    wanted(std::move(got));
  };
}

// An old due date that stays would hold the job until then, so it is always sent.
std::string body_of(const Retry& retry) {
  return json{{"retries", retry.retries}, {"dueDate", retry.due ? json(*retry.due) : json{}}}.dump();
}

std::vector<Job> jobs_of(const json& from) {
  std::vector<Job> jobs;
  for (const auto& one : from) jobs.push_back(job_of(one));
  return jobs;
}

}  // namespace

Engine::Engine(boost::asio::io_context& io, rest_client::Options options) : client_(io, std::move(options)) {}

void Engine::ask(rest_client::Request request, std::function<void(Got<rest_client::Response>)> then) {
  client_.send(std::move(request), [then = std::move(then)](rest_client::Answer answer) {
    if (const auto* failure = std::get_if<rest_client::Failure>(&answer)) return then(problem_of(*failure));
    auto& response = std::get<rest_client::Response>(answer);
    if (response.status < 200 || response.status >= 300) return then(problem_of(response));
    then(std::move(response));
  });
}

void Engine::get(const std::string& target, Then<json> then) {
  rest_client::Request request;
  request.target = target;
  request.deadline = std::chrono::steady_clock::now() + read_deadline;
  ask(std::move(request), [then = std::move(then)](Got<rest_client::Response> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
    const auto& response = std::get<rest_client::Response>(got);
    auto body = json::parse(response.body, nullptr, false);
    if (body.is_discarded()) {
      const bool page = response.content_type.rfind("text/html", 0) == 0;
      return then(not_understood(
          page ? "A web page came instead of JSON. Is the address the engine's REST base (…/engine-rest)?"
               : "It was not JSON."));
    }
    then(std::move(body));
  });
}

void Engine::count(const std::string& target, Then<std::int64_t> then) {
  get(target, made<std::int64_t>(std::move(then),
                                 [](const json& from) { return from.at("count").get<std::int64_t>(); }));
}

void Engine::list(const std::string& target, Then<std::vector<Batch>> then) {
  get(target, made<std::vector<Batch>>(std::move(then), [](const json& from) {
        std::vector<Batch> batches;
        if (!from.is_array()) (void)from.at(0);  // says what came instead
        for (const auto& one : from) batches.push_back(batch_of(one));
        return batches;
      }));
}

void Engine::running(const BatchFilter& filter, const Page& page, Then<std::vector<Batch>> then) {
  auto query = of_running(filter);
  paged(query, page);
  list("/batch/statistics" + query.text(), std::move(then));
}

void Engine::running_count(const BatchFilter& filter, Then<std::int64_t> then) {
  count("/batch/statistics/count" + of_running(filter).text(), std::move(then));
}

void Engine::ended(const BatchFilter& filter, const Page& page, Then<std::vector<Batch>> then) {
  auto query = common(filter);
  query.add("completed", "true");
  paged(query, page);
  list("/history/batch" + query.text(), std::move(then));
}

void Engine::ended_count(const BatchFilter& filter, Then<std::int64_t> then) {
  auto query = common(filter);
  query.add("completed", "true");
  count("/history/batch/count" + query.text(), std::move(then));
}

void Engine::one_running(const std::string& id, Then<std::optional<Batch>> then) {
  if (id.empty()) return then(std::optional<Batch>{});
  BatchFilter filter;
  filter.id = id;
  Page page;
  page.size = 1;
  running(filter, page, [id, then = std::move(then)](Got<std::vector<Batch>> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
    auto& rows = std::get<std::vector<Batch>>(got);
    // An engine that ignores the filter answers with another batch: never take it for this one.
    if (rows.empty() || rows.front().id != id) return then(std::optional<Batch>{});
    then(std::optional<Batch>{std::move(rows.front())});
  });
}

void Engine::one_historic(const std::string& id, Then<std::optional<Batch>> then) {
  get("/history/batch/" + encode(id), made_if_there<Batch>(std::move(then), batch_of));
}

void Engine::failed_jobs(const std::string& definition, const Page& page, Then<std::vector<Job>> then) {
  json sorting = json::array();
  if (!page.sort.empty())
    sorting.push_back({{"sortBy", page.sort}, {"sortOrder", page.descending ? "desc" : "asc"}});
  if (page.sort != "jobId") sorting.push_back({{"sortBy", "jobId"}, {"sortOrder", "asc"}});
  rest_client::Request request;
  request.method = Method::post;
  request.only_reads = true;
  Query query;
  query.add("firstResult", std::to_string(page.first)).add("maxResults", std::to_string(page.size));
  request.target = "/job" + query.text();
  // Not withException: a job whose retries somebody set to 0 has none.
  request.body =
      json{{"jobDefinitionId", definition}, {"noRetriesLeft", true}, {"sorting", std::move(sorting)}}.dump();
  request.deadline = std::chrono::steady_clock::now() + read_deadline;
  auto wanted = made<std::vector<Job>>(std::move(then), [definition](const json& from) {
    auto jobs = jobs_of(from);
    std::erase_if(jobs,
                  [&definition](const Job& job) { return job.definition != definition || job.retries != 0; });
    return jobs;
  });
  ask(std::move(request), [wanted = std::move(wanted)](Got<rest_client::Response> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return wanted(std::move(*problem));
    auto body = json::parse(std::get<rest_client::Response>(got).body, nullptr, false);
    if (!body.is_array()) return wanted(not_understood("It was not a list of jobs."));
    wanted(std::move(body));
  });
}

void Engine::failed_jobs_count(const std::string& definition, Then<std::int64_t> then) {
  Query query;
  query.add("jobDefinitionId", definition).add("noRetriesLeft", "true");
  count("/job/count" + query.text(), std::move(then));
}

void Engine::only_job(const std::string& definition, Then<std::optional<Job>> then) {
  Query query;
  query.add("jobDefinitionId", definition).add("maxResults", "1");
  get("/job" + query.text(), made<std::optional<Job>>(std::move(then), [definition](const json& from) {
        const auto jobs = jobs_of(from);
        return jobs.empty() || jobs.front().definition != definition ? std::optional<Job>{}
                                                                     : std::optional<Job>{jobs.front()};
      }));
}

void Engine::job(const std::string& id, Then<std::optional<Job>> then) {
  get("/job/" + encode(id), made_if_there<Job>(std::move(then), job_of));
}

void Engine::stack_trace(const std::string& job, Then<std::optional<std::string>> then) {
  text_of("/job/" + encode(job) + "/stacktrace", std::move(then));
}

void Engine::text_of(const std::string& target, Then<std::optional<std::string>> then) {
  rest_client::Request request;
  request.target = target;
  request.accept = "text/plain, application/json";
  request.deadline = std::chrono::steady_clock::now() + read_deadline;
  ask(std::move(request), [then = std::move(then)](Got<rest_client::Response> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
    auto& response = std::get<rest_client::Response>(got);
    if (response.status == 204) return then(std::optional<std::string>{});
    then(std::optional<std::string>{std::move(response.body)});
  });
}

void Engine::deletions(const std::string& definition, Then<std::int64_t> then) {
  Query query;
  query.add("jobDefinitionId", definition).add("deletionLog", "true");
  count("/history/job-log/count" + query.text(), std::move(then));
}

void Engine::users(const std::vector<std::string>& ids,
                   Then<std::vector<std::pair<std::string, std::string>>> then) {
  std::string joined;
  for (const auto& id : ids) joined += (joined.empty() ? "" : ",") + id;
  Query query;
  query.add("idIn", joined).add("maxResults", std::to_string(ids.size()));
  using Names = std::vector<std::pair<std::string, std::string>>;
  get("/user" + query.text(), made<Names>(std::move(then), [](const json& from) {
        Names names;
        for (const auto& user : from) {
          const auto part = [&user](const char* member) {
            return user.contains(member) && user.at(member).is_string() ? user.at(member).get<std::string>()
                                                                        : std::string{};
          };
          auto name = part("firstName");
          if (const auto last = part("lastName"); !last.empty()) name += (name.empty() ? "" : " ") + last;
          names.emplace_back(user.at("id").get<std::string>(), std::move(name));
        }
        return names;
      }));
}

void Engine::allowed(Permission permission, const std::string& batch, Then<bool> then) {
  const char* name = permission == Permission::update   ? "UPDATE"
                     : permission == Permission::remove ? "DELETE"
                                                        : "DELETE_HISTORY";
  Query query;
  query.add("permissionName", name)
      .add("resourceName", "Batch")
      .add("resourceType", "13")
      .add("resourceId", batch);
  get("/authorization/check" + query.text(),
      made<bool>(std::move(then), [](const json& from) { return from.at("authorized").get<bool>(); }));
}

void Engine::change(Method method, const std::string& target, const std::string& body, Done done) {
  rest_client::Request request;
  request.method = method;
  request.target = target;
  request.body = body;
  request.deadline = std::chrono::steady_clock::now() + change_deadline;
  ask(std::move(request), [done = std::move(done)](Got<rest_client::Response> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return done(std::move(*problem));
    done(std::nullopt);
  });
}

void Engine::retry_job(const std::string& job, const Retry& retry, Done done) {
  change(Method::put, "/job/" + encode(job) + "/retries", body_of(retry), std::move(done));
}

void Engine::delete_job(const std::string& job, Done done) {
  change(Method::del, "/job/" + encode(job), {}, std::move(done));
}

void Engine::retry_all(const std::string& definition, const Retry& retry, Done done) {
  change(Method::put, "/job-definition/" + encode(definition) + "/retries", body_of(retry), std::move(done));
}

void Engine::suspend(const std::string& batch, bool suspended, Done done) {
  change(Method::put, "/batch/" + encode(batch) + "/suspended",
         suspended ? R"({"suspended":true})" : R"({"suspended":false})", std::move(done));
}

void Engine::delete_batch(const std::string& batch, bool with_history, Done done) {
  change(Method::del, "/batch/" + encode(batch) + (with_history ? "?cascade=true" : "?cascade=false"), {},
         std::move(done));
}

void Engine::delete_history(const std::string& batch, Done done) {
  change(Method::del, "/history/batch/" + encode(batch), {}, std::move(done));
}

}  // namespace batch_view
