// The engine's calls against engines of several versions and habits, in simulated time.
#include "engine_rig.hpp"

using namespace batch_view_tests;

namespace {

constexpr const char* kFar = "2039-01-01T00:00:00.000+0000";

}  // namespace

TEST_CASE("a job's batch is known on engines of every version", "[engine]") {
  for (const char* version :
       {"7.15.0", "7.17.0", "7.18.0", "7.20.0", "7.21.0", "7.22.0", "7.24.0", "1.0.3"}) {
    Rig rig(version);
    const Failing failing(rig);
    const auto job = std::get<0>(rig.job(failing.job));
    REQUIRE(job);
    CHECK(job->batch == failing.batch);
    CHECK_FALSE(job->batch_unknown);
    const auto before = rig.world.asked.size();
    CHECK(std::get<0>(rig.job(failing.job))->batch == failing.batch);
    CHECK(rig.world.asked.size() == before + 1);  // what was found out is remembered
    const auto many = std::get<0>(rig.wait<Engine::Jobs>([&](auto then) {
      rig.engine->jobs_among({failing.job, "not there"}, then);
    }));
    REQUIRE(many.jobs.size() == 1);
    CHECK(many.jobs[0].batch == failing.batch);
    CHECK_FALSE(std::get<0>(rig.job("00000000-0000-0000-0000-000000000000")));
  }
}

TEST_CASE("a list of batches makes their jobs known without another question", "[engine]") {
  Rig rig("7.17.0");
  const Failing failing(rig);
  rig.wait<std::vector<Batch>>([&](auto then) { rig.engine->running({}, {}, then); });
  CHECK(std::get<0>(rig.job(failing.job))->batch == failing.batch);
  CHECK(rig.times("GET", "/job-definition/") == 0);
}

TEST_CASE("where job definitions are hidden the job log tells the batch, else the batches do", "[engine]") {
  for (const bool log : {true, false}) {
    Rig rig("7.17.0");
    rig.world.engine_options.traits.history = log;
    const Failing failing(rig);
    rig.world.fate = [](const Asked& asked) {
      Fate fate;
      if (asked.is("GET", "/job-definition/")) fate.status = 404;
      return fate;
    };
    CHECK(std::get<0>(rig.job(failing.job))->batch == failing.batch);
    CHECK(rig.times("GET", "/history/job-log") == 1);
    CHECK(rig.times("GET", "/batch/statistics") == (log ? 0 : 1));
  }
}

TEST_CASE("a job whose batch nothing tells is neither gone nor of no batch", "[engine]") {
  Rig rig("7.17.0");
  const Failing failing(rig);
  Json many = Json::array();
  for (int i = 0; i < 2000; ++i) many.push_back({{"id", "b" + std::to_string(i)}, {"totalJobs", 1}});
  rig.world.fate = [&](const Asked& asked) {
    Fate fate;
    if (asked.is("GET", "/job-definition/")) fate.status = 403;
    if (asked.is("GET", "/history/job-log")) fate = {.status = 200, .content = "[]"};
    if (asked.is("GET", "/batch/statistics")) fate = {.status = 200, .content = many.dump()};
    return fate;
  };
  const auto job = std::get<0>(rig.job(failing.job));
  REQUIRE(job);
  CHECK(job->batch_unknown);
  // An engine that is away is away.
  rig.world.fate = [](const Asked& asked) {
    Fate fate;
    if (asked.is("GET", "/job-definition/")) fate.status = 503;
    return fate;
  };
  CHECK(problem_in(rig.job(failing.job)).status == COCKPIT_UNAVAILABLE);
}

TEST_CASE("a due date is set on engines of every version, before the job can run", "[engine]") {
  for (const auto& [version, calls] : {std::pair{"7.17.0", 2}, {"7.18.0", 2}, {"7.19.0", 1}, {"1.0.3", 1}}) {
    Rig rig(version);
    const Failing failing(rig);
    CHECK_FALSE(rig.change([&](auto done) { rig.engine->retry_job(failing.job, {2, kFar}, {}, done); }));
    auto job = rig.ask("/job/" + failing.job);
    CHECK(job.at("dueDate") == kFar);
    CHECK(job.at("retries") == 2);
    REQUIRE(rig.world.changed.size() == static_cast<std::size_t>(calls));
    if (calls == 2) CHECK(rig.world.changed[0].is("PUT", "/duedate"));
    CHECK_FALSE(rig.change([&](auto done) { rig.engine->retry_job(failing.job, {1, {}}, {}, done); }));
    job = rig.ask("/job/" + failing.job);
    CHECK(job.at("dueDate").is_null());
  }
}

TEST_CASE("where many jobs cannot be delayed with one call, that is refused before anything is done",
          "[engine]") {
  Rig old("7.18.0");
  const Failing failing(old);
  const auto refused = old.change([&](auto done) {
    old.engine->retry_all(failing.definition, {1, kFar}, {}, done);
  });
  REQUIRE(refused);
  CHECK(refused->key == "problemNoDelay");
  CHECK(old.world.changed.empty());
  CHECK_FALSE(old.change([&](auto done) { old.engine->retry_all(failing.definition, {1, {}}, {}, done); }));
  Rig rig("7.19.0");
  const Failing other(rig);
  CHECK_FALSE(rig.change([&](auto done) { rig.engine->retry_all(other.definition, {1, kFar}, {}, done); }));
}

TEST_CASE("every list is whole where the engine allows few rows at once", "[engine]") {
  for (const std::size_t limit : {1U, 3U, 10U, 50U}) {
    Rig rig("1.0.3");
    rig.world.engine_options.max_results = limit;
    rig.world.engine_options.content.extra_failed_jobs = 61;
    rig.world.run(1s);
    std::string batch, definition;
    for (const auto& one : rig.ask("/batch/statistics?maxResults=" + std::to_string(limit)))
      if (one.at("failedJobs") == 61) batch = one.at("id"), definition = one.at("batchJobDefinitionId");
    if (batch.empty()) {
      const auto all = std::get<0>(rig.wait<std::vector<Batch>>([&](auto then) {
        Page page;
        page.size = 100;
        rig.engine->running({}, page, then);
      }));
      for (const auto& one : all)
        if (one.failed == 61) batch = one.id, definition = one.job_definition;
    }
    REQUIRE_FALSE(batch.empty());
    Page page;
    page.size = 100;
    const auto failed = std::get<0>(
        rig.wait<RowsOf<Job>>([&](auto then) { rig.engine->failed_jobs(definition, page, then); }));
    CHECK(failed.size() == 61);
    std::set<std::string> ids;
    for (const auto& job : failed) ids.insert(job.id);
    CHECK(ids.size() == 61);
    page.first = 40;
    page.size = 20;
    CHECK(std::get<0>(rig.wait<RowsOf<Job>>([&](auto then) {
            rig.engine->failed_jobs(definition, page, then);
          })).size() == 20);
    page = {};
    page.size = 200;
    const auto log = std::get<0>(rig.wait<RowsOf<LogEntry>>([&](auto then) {
      rig.engine->log({batch, {}}, page, then);
    }));
    CHECK(log.size() == 200);
    CHECK_FALSE(rig.change([&](auto done) { rig.engine->retry_all(definition, {9, kFar}, {}, done); }));
    page.size = 100;
    CHECK(std::get<0>(rig.wait<RowsOf<Job>>([&](auto then) {
            rig.engine->retrying_jobs(definition, page, then);
          })).size() == 61);
  }
}

TEST_CASE("one bad field or row costs itself; the others are shown, and it is counted", "[engine]") {
  Rig rig("1.0.3");
  rig.world.fate = [](const Asked& asked) {
    Fate fate;
    fate.status = 200;
    if (asked.is("POST", "/job?"))
      fate.content = R"([{"id":"a","jobDefinitionId":"d","retries":0,"exceptionMessage":"cut \uD83D"},
                         {"id":"b","jobDefinitionId":"d","retries":0,"exceptionMessage":7},
                         null,{"jobDefinitionId":"d"},{"id":"c","jobDefinitionId":"d","retries":0}])";
    else
      fate.content = R"([{"id":"x","type":"t","totalJobs":"many","failedJobs":1},7,
                         {"id":"y","type":"\uDC00","totalJobs":2,"completedJobs":12,"failedJobs":-1}])";
    return fate;
  };
  Page page;
  page.size = 50;
  const auto jobs =
      std::get<0>(rig.wait<RowsOf<Job>>([&](auto then) { rig.engine->failed_jobs("d", page, then); }));
  REQUIRE(jobs.size() == 3);
  CHECK(jobs[0].message == "cut \xEF\xBF\xBD");
  CHECK_FALSE(jobs[1].message);
  CHECK(jobs.unread == 3);
  const auto batches =
      std::get<0>(rig.wait<std::vector<Batch>>([&](auto then) { rig.engine->running({}, page, then); }));
  REQUIRE(batches.size() == 2);
  CHECK(batches[1].completed == 2);  // never more than all
  CHECK(batches[1].failed == 0);
  CHECK(rig.engine->unread_batches(true) == 2);
  CHECK(rig.engine->unread_batches(false) == 0);
}

TEST_CASE("people whose ids hold commas are asked for one by one, the others together", "[engine]") {
  Rig rig("1.0.3");
  const std::string comma = "cn=mary,ou=people", slash = "a/b?c&d";
  rig.world.fate = [&](const Asked& asked) {
    Fate fate;
    if (!asked.is("GET", "/user")) return fate;
    fate.status = 200;
    if (asked.is("GET", "?id="))
      fate.content = R"([{"id":"cn=mary,ou=people","firstName":"Mary","lastName":"Miller"}])";
    else
      fate.content = R"([{"id":"demo","firstName":"Demo"},{"id":7},{"id":"x","lastName":"X"}])";
    return fate;
  };
  const auto names = std::get<0>(rig.wait<Engine::Names>([&](auto then) {
    rig.engine->users({"demo", comma, slash}, then);
  }));
  CHECK(rig.times("GET", "/user?idIn=demo%2Ca%2Fb%3Fc%26d&") == 1);
  CHECK(rig.times("GET", "/user?id=cn%3Dmary%2Cou%3Dpeople&") == 1);
  REQUIRE(names.size() == 3);
  CHECK(names.front() == std::pair<std::string, std::string>{comma, "Mary Miller"});
  std::vector<std::string> many;
  for (int i = 0; i < 100; ++i) many.push_back(std::string(200, 'x') + std::to_string(i));
  rig.world.asked.clear();
  rig.wait<Engine::Names>([&](auto then) { rig.engine->users(many, then); });
  CHECK(rig.world.asked.size() >= 5);
  for (const auto& asked : rig.world.asked) CHECK(asked.target.size() < 5000);
}

TEST_CASE("people are found by the name that is shown", "[engine]") {
  Rig rig("1.0.3", "demo", true);
  rig.world.engine_options.authentication = true;
  rig.world.run(1s);
  const auto named = [&](const std::string& name) {
    return std::get<0>(rig.wait<Engine::Names>([&](auto then) { rig.engine->users_named(name, then); }));
  };
  const auto all = std::get<0>(rig.wait<Engine::Names>([&](auto then) {
    rig.engine->users({"demo", "mary"}, then);
  }));
  REQUIRE(all.size() == 2);
  for (const auto& [id, name] : all) {
    const auto found = named(name);
    REQUIRE(found.size() == 1);
    CHECK(found[0].first == id);
  }
  CHECK(named("Mary").empty());
  CHECK(named("Nobody At All").empty());
  CHECK(named(" ").empty());
}
