#include "engine.hpp"

#include <nlohmann/json.hpp>

#include "engine_json.hpp"
#include "engine_query.hpp"
#include "job_pages.hpp"
#include "states.hpp"

namespace batch_view {
namespace {

using nlohmann::json;
using rest_client::encode;
using rest_client::Method;

// An old due date that stays would hold the job until then, so it is always sent.
std::string body_of(const Retry& retry) {
  return json{{"retries", retry.retries}, {"dueDate", retry.due ? json(*retry.due) : json{}}}.dump();
}

// Rather than of what was asked, or of who asked.
bool is_of_the_engine(rest_client::FailureKind kind) {
  using Kind = rest_client::FailureKind;
  return kind != Kind::invalid_request && kind != Kind::credentials && kind != Kind::busy &&
         kind != Kind::cancelled && kind != Kind::shutting_down && kind != Kind::too_large;
}

std::vector<Job> jobs_of(const json& from) {
  std::vector<Job> jobs;
  for (const auto& one : from) jobs.push_back(job_of(one));
  return jobs;
}

}  // namespace

Engine::Engine(Environment& environment, rest_client::Options options)
    : environment_(environment), transport_(environment.connect(std::move(options))) {}

void Engine::ask(rest_client::Request request, std::function<void(Got<rest_client::Response>)> then) {
  // All that waits for an answer waits through here, and so keeps this engine.
  if (refused_)
    return environment_.post(
        [then = std::move(then), why = *refused_, self = shared_from_this()] { then(why); });
  transport_->send(std::move(request),
                   [this, self = shared_from_this(), then = std::move(then)](rest_client::Answer answer) {
                     if (const auto* failure = std::get_if<rest_client::Failure>(&answer)) {
                       if (is_of_the_engine(failure->kind)) heard(false);
                       return then(problem_of(*failure));
                     }
                     auto& response = std::get<rest_client::Response>(answer);
                     if (response.date) set_clock(*response.date);
                     heard(response.status < 500 && response.status != 401);
                     if (response.status >= 200 && response.status < 300) return then(std::move(response));
                     auto problem = problem_of(response);
                     if (response.status == 401) refused_ = problem;
                     then(std::move(problem));
                   });
}

void Engine::heard(bool well) {
  if (well)
    failing_since_ms_ = 0;
  else
    keeps_waiting();
}

void Engine::keeps_waiting() {
  if (failing_since_ms_ == 0) failing_since_ms_ = environment_.wall_ms();
}

void Engine::get(const std::string& target, Then<json> then) {
  rest_client::Request request;
  request.target = target;
  request.deadline = environment_.now() + read_deadline;
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

// The Date field has whole seconds, and an answer takes a moment: small differences mean nothing.
void Engine::set_clock(std::chrono::sys_seconds date) {
  using namespace std::chrono;
  const auto ahead = duration_cast<milliseconds>(date + milliseconds{500} - environment_.wall_now());
  clock_ahead_ = abs(ahead) < seconds{2} ? milliseconds{0} : ahead;
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
  request.deadline = environment_.now() + read_deadline;
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
  request.max_body = longest_stack_trace;
  request.deadline = environment_.now() + read_deadline;
  ask(std::move(request), [then = std::move(then)](Got<rest_client::Response> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
    auto& response = std::get<rest_client::Response>(got);
    if (response.status == 204) return then(std::optional<std::string>{});
    then(std::optional<std::string>{std::move(response.body)});
  });
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

void Engine::version(Then<std::string> then) {
  const auto noted = [this, then = std::move(then)](Got<std::string> got) {
    const auto* version = std::get_if<std::string>(&got);
    if (version != nullptr && !can_filter_statistics(*version)) old_version_ = *version;
    then(std::move(got));
  };
  get("/version",
      made<std::string>(noted, [](const json& from) { return from.at("version").get<std::string>(); }));
}

void Engine::change(Method method, const std::string& target, const std::string& body, Done done) {
  rest_client::Request request;
  request.method = method;
  request.target = target;
  request.body = body;
  request.deadline = environment_.now() + change_deadline;
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
