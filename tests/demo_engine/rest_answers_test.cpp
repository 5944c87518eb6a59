// The answers themselves, without a network: the engine's error bodies, rights, and the ways of writing a
// filter. What a real engine answers alike is in the contract tests.
#include <demo_engine/router.hpp>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "moved_model.hpp"

using demo_engine::Answer;
using demo_engine_tests::kStart;
using Json = nlohmann::json;
using namespace std::chrono_literals;

namespace {

class Engine {
 public:
  explicit Engine(bool authentication = false, bool empty = false, const std::string& version = "1.0.3")
      : router_(kStart, options(authentication, empty, version)) {}

  Answer ask(const std::string& method, const std::string& path, const std::string& body = {},
             const std::string& credentials = {}) {
    demo_engine::Request request;
    request.method = method;
    request.target = "/engine-rest" + path;
    request.body = body;
    if (!body.empty()) request.content_type = "application/json";
    if (!credentials.empty()) request.authorization = "Basic " + credentials;
    return router_.answer(request, kStart);
  }
  Json get(const std::string& path, const std::string& credentials = {}) {
    const Answer answer = ask("GET", path, {}, credentials);
    CHECK(answer.status == 200);
    return Json::parse(answer.body);
  }

 private:
  static demo_engine::EngineOptions options(bool authentication, bool empty, const std::string& version) {
    demo_engine::EngineOptions made;
    made.authentication = authentication;
    made.content.empty = empty;
    made.traits.version = version;
    return made;
  }
  demo_engine::Router router_;
};

constexpr const char* kDemo = "ZGVtbzpkZW1v";
constexpr const char* kMary = "bWFyeTptYXJ5";

std::vector<std::string> ids(const Json& rows) {
  std::vector<std::string> found;
  for (const auto& row : rows) found.push_back(row.at("id"));
  return found;
}

}  // namespace

TEST_CASE("without authentication every request is allowed and no rights can be checked") {
  Engine engine;
  CHECK(engine.get("/batch/count").at("count") == 7);
  const Answer check = engine.ask(
      "GET", "/authorization/check?permissionName=UPDATE&resourceName=Batch&resourceType=13&resourceId=x");
  CHECK(check.status == 401);
  CHECK(Json::parse(check.body).at("message") == "You must be authenticated in order to use this resource.");
}

TEST_CASE("with authentication only the list of engines is open; the challenge has no body") {
  Engine engine(true);
  CHECK(engine.ask("GET", "/engine").status == 200);
  for (const char* path : {"/version", "/batch", "/nosuch", "/engine/default/batch"}) {
    const Answer refused = engine.ask("GET", path);
    CHECK(refused.status == 401);
    CHECK(refused.challenge);
    CHECK(refused.body.empty());
  }
  CHECK(engine.ask("GET", "/version", {}, "bm90IGEgcGFpcg==").status == 401);
  CHECK(engine.ask("GET", "/version", {}, kMary).status == 200);
}

TEST_CASE("who may not read a batch does not find it, and sees its jobs all the same") {
  Engine engine(true);
  const auto all = ids(engine.get("/batch", kDemo));
  const auto visible = ids(engine.get("/batch", kMary));
  REQUIRE(visible.size() == 3);
  REQUIRE(all.size() > visible.size());
  CHECK(engine.get("/batch/statistics/count", kMary).at("count") == visible.size());
  CHECK(engine.get("/history/batch/count", kMary).at("count") <
        engine.get("/history/batch/count", kDemo).at("count"));
  for (const std::string& id : all) {
    const bool may = std::find(visible.begin(), visible.end(), id) != visible.end();
    CHECK(engine.ask("GET", "/batch/" + id, {}, kMary).status == (may ? 200U : 404U));
  }
  CHECK(engine.get("/job/count", kMary) == engine.get("/job/count", kDemo));
  CHECK(engine.get("/incident/count", kMary) == engine.get("/incident/count", kDemo));
  CHECK(engine.get("/history/job-log/count", kMary) == engine.get("/history/job-log/count", kDemo));
}

TEST_CASE("a missing right is 403 with everything about it, and the check says so before") {
  Engine engine(true);
  const std::string suspended = engine.get("/batch?suspended=true", kMary).at(0).at("id");
  const auto check = [&](const std::string& permission) {
    return engine
        .get("/authorization/check?permissionName=" + permission +
                 "&resourceName=Batch&resourceType=13&resourceId=" + suspended,
             kMary)
        .at("authorized");
  };
  CHECK(check("READ") == true);
  CHECK(check("UPDATE") == false);
  const Answer refused =
      engine.ask("PUT", "/batch/" + suspended + "/suspended", R"({"suspended":false})", kMary);
  CHECK(refused.status == 403);
  const Json body = Json::parse(refused.body);
  CHECK(body.at("type") == "AuthorizationException");
  CHECK(body.at("code") == 0);
  CHECK(body.at("missingAuthorizations").at(0).at("permissionName") == "UPDATE");
  CHECK(engine.ask("DELETE", "/batch/" + suspended, {}, kMary).status == 403);
  CHECK(engine.ask("DELETE", "/history/batch/" + suspended, {}, kMary).status == 403);
  CHECK(engine.ask("POST", "/process-instance/delete", R"({"processInstanceIds":["a"]})", kMary).status ==
        403);
  CHECK(engine.ask("PUT", "/batch/" + suspended + "/suspended", R"({"suspended":false})", kDemo).status ==
        204);
}

TEST_CASE("persons are resolved by id for who may see them") {
  Engine engine(true);
  CHECK(ids(engine.get("/user?idIn=mary,demo,nobody", kDemo)) == std::vector<std::string>{"demo", "mary"});
  CHECK(ids(engine.get("/user?idIn=mary,demo", kMary)) == std::vector<std::string>{"mary"});
  CHECK(engine.ask("GET", "/user/demo/profile", {}, kMary).status == 404);
}

TEST_CASE("a batch names the user who created it") {
  Engine engine(true, true);
  const Answer made =
      engine.ask("POST", "/process-instance/delete", R"({"processInstanceIds":["a","b"]})", kDemo);
  CHECK(made.status == 200);
  CHECK(Json::parse(made.body).at("createUserId") == "demo");
  CHECK(Json::parse(made.body).at("totalJobs") == 2);
}

TEST_CASE("a named engine answers as the default path; an unknown one is refused") {
  Engine engine;
  CHECK(engine.get("/engine/default/batch") == engine.get("/batch"));
  CHECK(engine.ask("GET", "/engine/nope/batch").status == 400);
  Engine guarded(true);
  CHECK(guarded.ask("GET", "/engine/nope/batch").status == 404);
}

TEST_CASE("the server refuses what it does not pass on, and closes after 400 and 500") {
  Engine engine;
  const Answer html = engine.ask("GET", "/batch/a%2Fb");
  CHECK(html.status == 400);
  CHECK_THAT(html.content_type, ContainsSubstring("text/html"));
  CHECK(html.close);
  CHECK(engine.ask("DELETE", "/batch/missing").close);
  CHECK(engine.ask("PUT", "/job/missing/retries", R"({"retries":1})").close);
  CHECK_FALSE(engine.ask("GET", "/batch/missing").close);
}

TEST_CASE("bodies that do not fit are refused in plain text, no body at all as an error of the engine") {
  Engine engine;
  for (const char* body : {"{bad", R"({"suspended":"maybe"})", "[1]", R"({"suspended":true} x)"}) {
    const Answer refused = engine.ask("PUT", "/batch/x/suspended", body);
    CHECK(refused.status == 400);
    CHECK(refused.content_type == "text/plain");
  }
  CHECK(engine.ask("PUT", "/batch/x/suspended").status == 500);
  CHECK(engine.ask("PUT", "/batch/x/suspended", "null").status == 500);
}

TEST_CASE("retries of jobs by a batch: those that exist are retried, the others fail") {
  Engine engine;
  const auto failed = engine.get("/job?noRetriesLeft=true&maxResults=1");
  const std::string body = Json({{"jobIds", {failed.at(0).at("id"), "made-up"}}, {"retries", 2}}).dump();
  const Json made = Json::parse(engine.ask("POST", "/job/retries", body).body);
  CHECK(made.at("type") == "set-job-retries");
  CHECK(made.at("totalJobs") == 2);
  CHECK(engine.ask("POST", "/job/retries", R"({"jobQuery":{"jobDefinitionId":"x"},"retries":1})").status ==
        400);
}

namespace {

/// A failed job of the batch whose work fails in a listener.
Json failed_job(Engine& engine) {
  for (const auto& job : engine.get("/job?noRetriesLeft=true"))
    if (job.at("failedActivityId") == "approve") return job;
  FAIL("there is no failed job");
  return {};
}

}  // namespace

TEST_CASE("jobs and their log name their batch since 7.22") {
  for (const auto& [version, names] :
       {std::pair{"7.17.0", false}, {"7.21.0", false}, {"7.22.0", true}, {"1.0.3", true}}) {
    Engine engine(false, false, version);
    const Json job = failed_job(engine);
    CHECK(job.contains("batchId") == names);
    const auto id = job.at("id").get<std::string>();
    CHECK(engine.get("/job/" + id) == job);
    const Json entry = engine.get("/history/job-log?maxResults=1&jobId=" + id).at(0);
    CHECK(entry.contains("batchId") == names);
    CHECK(engine.get("/history/job-log/" + entry.at("id").get<std::string>()) == entry);
    const Json definition = engine.get("/job-definition/" + job.at("jobDefinitionId").get<std::string>());
    CHECK(definition.at("jobConfiguration") == entry.at("jobDefinitionConfiguration"));
  }
}

TEST_CASE("a due date beside the retries counts since 7.19; a path of its own takes one always") {
  constexpr const char* kDue = "2039-01-01T00:00:00.000+0000";
  for (const auto& [version, counts] : {std::pair{"7.18.0", false}, {"7.19.0", true}, {"1.0.3", true}}) {
    Engine engine(false, false, version);
    const auto id = failed_job(engine).at("id").get<std::string>();
    const auto due = [&] { return engine.get("/job/" + id).at("dueDate"); };
    CHECK(
        engine.ask("PUT", "/job/" + id + "/retries", Json{{"retries", 2}, {"dueDate", kDue}}.dump()).status ==
        204);
    CHECK(due() == (counts ? Json(kDue) : Json(nullptr)));
    CHECK(engine.ask("PUT", "/job/" + id + "/duedate", Json{{"duedate", kDue}}.dump()).status == 204);
    CHECK(due() == kDue);
    CHECK(engine.ask("PUT", "/job/" + id + "/duedate", Json{{"duedate", nullptr}}.dump()).status == 204);
    CHECK(due().is_null());
  }
  Engine engine;
  CHECK(engine.ask("PUT", "/job/nope/duedate", R"({"duedate":null})").status == 404);
}

TEST_CASE("up to 7.18 a message begins with the expression that failed, in jobs and stack traces") {
  const std::string wrapper = "Error while evaluating expression: ${";
  Engine old(false, false, "7.18.0");
  const Json job = failed_job(old);
  const auto message = job.at("exceptionMessage").get<std::string>();
  CHECK(message.starts_with(wrapper));
  CHECK_THAT(message, ContainsSubstring(". Cause: java.lang.IllegalStateException: Payment gateway refused"));
  const Answer trace = old.ask("GET", "/job/" + job.at("id").get<std::string>() + "/stacktrace");
  CHECK_THAT(trace.body, ContainsSubstring("ProcessEngineException: " + wrapper));
  CHECK_THAT(trace.body, ContainsSubstring("\nCaused by: java.lang.IllegalStateException: Payment"));
  Engine newer(false, false, "7.19.0");
  CHECK(failed_job(newer).at("exceptionMessage").get<std::string>().starts_with("java.lang.IllegalState"));
}
