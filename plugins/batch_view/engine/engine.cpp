#include "engine/engine.hpp"

#include <nlohmann/json.hpp>

#include "engine/listing.hpp"
#include "engine/version.hpp"

namespace batch_view {
namespace {

using nlohmann::json;
using rest_client::encode;
using rest_client::Method;

// An old due date that stays would hold the job until then, so it is always sent.
std::string body_of(const Retry& retry) {
  return json{{"retries", retry.retries}, {"dueDate", retry.due ? json(*retry.due) : json{}}}.dump();
}

}  // namespace

void Engine::note_answer(bool well) {
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
    auto body = read_json(response.body);
    if (!body) return then(no_json(response.content_type));
    then(std::move(*body));
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

void Engine::failed_jobs(const std::string& definition, const Page& page, Then<RowsOf<Job>> then,
                         const std::string& instance) {
  const auto listing = std::make_shared<Listing<Job>>();
  listing->page = page;
  listing->read = job_of;
  listing->fits = [definition, instance](const Job& job) {
    return job.definition == definition && job.retries == 0 && (instance.empty() || job.instance == instance);
  };
  listing->request = [definition, instance](const Page& part) {
    json sorting = json::array();
    if (!part.sort.empty())
      sorting.push_back({{"sortBy", part.sort}, {"sortOrder", part.descending ? "desc" : "asc"}});
    if (part.sort != "jobId") sorting.push_back({{"sortBy", "jobId"}, {"sortOrder", "asc"}});
    rest_client::Request request;
    request.method = Method::post;
    request.only_reads = true;
    request.target =
        "/job?firstResult=" + std::to_string(part.first) + "&maxResults=" + std::to_string(part.size);
    // Not withException: a job whose retries somebody set to 0 has none.
    json filter{{"jobDefinitionId", definition}, {"noRetriesLeft", true}, {"sorting", std::move(sorting)}};
    if (!instance.empty()) filter["processInstanceId"] = instance;
    request.body = filter.dump();
    return request;
  };
  listing->then = std::move(then);
  list_on(listing);
}

void Engine::failed_jobs_count(const std::string& definition, Then<std::int64_t> then,
                               const std::string& instance) {
  Query query;
  query.add("jobDefinitionId", definition).add("noRetriesLeft", "true").add_if("processInstanceId", instance);
  count("/job/count" + query.text(), std::move(then));
}

void Engine::suspended_jobs_count(const std::string& definition, Then<std::int64_t> then) {
  Query query;
  query.add("jobDefinitionId", definition).add("suspended", "true");
  count("/job/count" + query.text(), std::move(then));
}

void Engine::only_job(const std::string& definition, Then<std::optional<Job>> then) {
  Query query;
  query.add("jobDefinitionId", definition).add("maxResults", "1");
  get("/job" + query.text(), made<std::optional<Job>>(std::move(then), [definition](const json& from) {
        if (!from.is_array()) (void)from.at(0);  // says what came instead
        if (from.empty()) return std::optional<Job>{};
        auto job = only_row(job_of)(from.front());
        return job.definition == definition ? std::optional{std::move(job)} : std::optional<Job>{};
      }));
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

void Engine::version(Then<std::string> then) {
  if (!version_.empty())
    return environment_.post([then = std::move(then), version = version_] { then(version); });
  const auto noted = [this, self = shared_from_this(), then = std::move(then)](Got<std::string> got) {
    if (const auto* version = std::get_if<std::string>(&got)) {
      version_ = *version;
      if (!is_at_least(version_, 18)) old_version_ = version_;
    }
    then(std::move(got));
  };
  get("/version",
      made<std::string>(noted, [](const json& from) { return from.at("version").get<std::string>(); }));
}

void Engine::delays_many(std::function<void(bool)> then) {
  version([then = std::move(then)](const Got<std::string>& got) {
    const auto* version = std::get_if<std::string>(&got);
    then(version != nullptr && is_at_least(*version, 19));
  });
}

void Engine::change(Method method, const std::string& target, const std::string& body, const Gate& gate,
                    Done done) {
  rest_client::Request request;
  request.method = method;
  request.target = target;
  request.body = body;
  request.deadline = environment_.now() + change_deadline;
  ask(
      std::move(request),
      [done = std::move(done)](Got<rest_client::Response> got) {
        if (auto* problem = std::get_if<Problem>(&got)) return done(std::move(*problem));
        done(std::nullopt);
      },
      gate);
}

// Engines before 7.19 ignore a due date beside the retries: it has a path of its own, which all engines have.
// It is set first, or the job would run before it is held; and so it is done where the version is not known.
void Engine::retry_job(const std::string& job, const Retry& retry, const Gate& gate, Done done) {
  const auto retries = [this, self = shared_from_this(), job, retry, done](const Gate& before) {
    change(Method::put, "/job/" + encode(job) + "/retries", body_of(retry), before, done);
  };
  delays_many([this, self = shared_from_this(), job, retry, gate, done, retries](bool with_retries) {
    if (with_retries) return retries(gate);
    change(Method::put, "/job/" + encode(job) + "/duedate",
           json{{"duedate", retry.due ? json(*retry.due) : json{}}, {"cascade", false}}.dump(), gate,
           [done, retries](std::optional<Problem> problem) {
             if (problem) return done(std::move(problem));
             retries({});  // the second half of what was begun
           });
  });
}

void Engine::delete_job(const std::string& job, const Gate& gate, Done done) {
  change(Method::del, "/job/" + encode(job), {}, gate, std::move(done));
}

void Engine::retry_all(const std::string& definition, const Retry& retry, const Gate& gate, Done done) {
  const auto retries = [this, self = shared_from_this(), definition, retry, gate, done] {
    change(Method::put, "/job-definition/" + encode(definition) + "/retries", body_of(retry), gate, done);
  };
  if (!retry.due) return retries();
  delays_many([retries, done](bool can) {
    if (can) return retries();
    done(Problem{COCKPIT_UNSUPPORTED, "Not with a due date",
                 "Engines before 7.19 cannot retry many jobs at a later time with one call.",
                 "problemNoDelay"});
  });
}

void Engine::suspend(const std::string& batch, bool suspended, const Gate& gate, Done done) {
  change(Method::put, "/batch/" + encode(batch) + "/suspended",
         suspended ? R"({"suspended":true})" : R"({"suspended":false})", gate, std::move(done));
}

void Engine::delete_batch(const std::string& batch, bool with_history, const Gate& gate, Done done) {
  change(Method::del, "/batch/" + encode(batch) + (with_history ? "?cascade=true" : "?cascade=false"), {},
         gate, std::move(done));
}

void Engine::delete_history(const std::string& batch, const Gate& gate, Done done) {
  change(Method::del, "/history/batch/" + encode(batch), {}, gate, std::move(done));
}

}  // namespace batch_view
