// What does not move though nothing failed: jobs that wait for a date, jobs that are suspended; and what was
// retried and failed again.
#include "catch.hpp"
#include "scene.hpp"

using namespace batch_view_tests;

namespace {

const Json job_of(const std::vector<std::string>& jobs) {
  return {{"ids", jobs}};
}

struct Scene {
  World world;
  Host host{world};
  Scene() { world.run(seconds{1}); }

  // A batch whose jobs take long enough to be suspended before they ran.
  Json waiting_batch() {
    Json ids = Json::array();
    for (int i = 0; i < 40; ++i) ids.push_back("made-up-" + std::to_string(i));
    auto made = Json::parse(
        world.ask(Host::node, "POST", "/process-instance/delete", Json{{"processInstanceIds", ids}}.dump()));
    // Until its jobs are there.
    for (int i = 0; i < 200 && statistics(world, made.at("id")).at("jobsCreated") == 0; ++i)
      world.run(milliseconds{5});
    return made;
  }
  void suspend_jobs(const std::string& definition) {
    for (const auto& job :
         Json::parse(world.ask(Host::node, "GET", "/job?maxResults=1000&jobDefinitionId=" + definition)))
      world.ask(Host::node, "PUT", "/job/" + job.at("id").get<std::string>() + "/suspended",
                R"({"suspended":true})");
  }
  Json details(const std::string& batch) {
    return host.ask(Host::details_of("batch", {{"id", batch}})).json();
  }
};

// As another client may do it: retries, and a date years from now.
void schedule_far_ahead(Scene& scene, const std::string& job) {
  scene.world.ask(Host::node, "PUT", "/job/" + job + "/retries",
                  R"({"retries":2,"dueDate":"2030-01-01T00:00:00.000+0000"})");
}

}  // namespace

TEST_CASE("a job with a due date in the future is scheduled, and runs at once on request", "[hangs]") {
  Scene scene;
  const auto batch = blocked_batch(scene.world, 2);
  const auto jobs = failed_jobs(scene.world, batch);
  schedule_far_ahead(scene, jobs[0]);
  scene.world.run(seconds{30});
  const auto job = scene.host.ask(Host::details_of("job", {{"id", jobs[0]}})).json();
  CHECK(job.at("fields").at("state") == "scheduled");
  CHECK(job.at("_actions").at("run-now") == true);
  CHECK(scene.host.rows("retrying", {{"batch", batch}}).at("rows")[0].at("state") == "scheduled");
  CHECK(scene.host.rows("retrying", {{"batch", batch}}).at("rows")[0].at("_actions").at("run-now") == true);
  auto dry = job_of({jobs[0], jobs[1]});
  dry["dryRun"] = true;
  CHECK(scene.host.act("run-now", dry).json().at("plan").at("ids") == Json{jobs[0]});
  const auto done = scene.host.act("run-now", job_of({jobs[0]}));
  INFO(done.body);
  CHECK(done.json().at("outcome") == "accepted");
  scene.world.run(seconds{30});
  // It ran, and failed again, as it always does; its retries were its own.
  CHECK(failed_jobs(scene.world, batch).size() == 2);
  CHECK(scene.host.act("run-now", job_of({jobs[1]})).status == COCKPIT_CONFLICT);
}

TEST_CASE("a batch that does not move as its jobs are suspended says so, and is resumed", "[hangs]") {
  for (const auto* definition : {"batchJobDefinitionId", "seedJobDefinitionId"}) {
    INFO(definition);
    Scene scene;
    Json ids = Json::array();
    for (int i = 0; i < 350; ++i) ids.push_back("made-up-" + std::to_string(i));
    const auto made = Json::parse(scene.world.ask(Host::node, "POST", "/process-instance/delete",
                                                  Json{{"processInstanceIds", ids}}.dump()));
    const auto batch = made.at("id").get<std::string>();
    for (int i = 0; i < 400 && statistics(scene.world, batch).at("jobsCreated") == 0; ++i)
      scene.world.run(milliseconds{5});
    scene.suspend_jobs(made.at(definition));
    scene.world.run(seconds{90});
    // Other jobs of it may have run; what is suspended has not.
    const auto before = statistics(scene.world, batch);
    REQUIRE_FALSE(before.is_null());
    scene.details(batch);
    scene.world.run(seconds{20});
    scene.details(batch);
    scene.world.run(seconds{20});
    const auto stands = scene.details(batch);
    CHECK(stands.at("fields").at("state") == "jobsSuspended");
    CHECK(stands.at("_actions").at("resume") == true);
    CHECK(scene.host.ask(Host::details_of("need", Json::object())).json().at("fields").at("count") == 1);
    CHECK(scene.host.act("resume", {{"ids", {batch}}}).json().at("outcome") == "ok");
    scene.world.run(seconds{60});
    const auto after = statistics(scene.world, batch);
    CHECK((after.is_null() || after.at("completedJobs") > before.at("completedJobs")));
    CHECK(scene.details(batch).at("fields").at("state") != "jobsSuspended");
  }
}

TEST_CASE("whether jobs are suspended is asked once, and not while they move", "[hangs]") {
  Scene scene;
  const auto batch = blocked_batch(scene.world, 3);
  schedule_far_ahead(scene, failed_jobs(scene.world, batch)[0]);
  scene.host.watch(Host::details_of("batch", {{"id", batch}}));
  scene.host.watch(Host::rows_of("running", Json::object(), {{"sort", {{"key", "start"}}}}));
  scene.world.asked.clear();
  scene.world.run(std::chrono::minutes{10});
  std::size_t questions = 0;
  for (const auto& one : scene.world.asked) questions += one.is("GET", "suspended=true") ? 1 : 0;
  CHECK(questions == 1);
}

TEST_CASE("a job of a larger retry that fails again says so", "[hangs]") {
  Scene scene;
  const auto batch = blocked_batch(scene.world, 60);
  const auto result = scene.host.act("retry-jobs", all_failed(batch, 60));
  INFO(result.body);
  CHECK(result.json().at("affected") == 60);
  scene.world.run(seconds{60});
  const auto rows =
      scene.host.rows("failed-jobs", {{"batch", batch}}, {{"page", {{"first", 0}, {"size", 60}}}});
  REQUIRE(rows.at("rows").size() == 60);
  for (const auto& row : rows.at("rows")) CHECK(row.at("state") == "failedAgain");
  const auto one = rows.at("rows")[7].at("id").get<std::string>();
  CHECK(scene.host.ask(Host::details_of("job", {{"id", one}})).json().at("fields").at("state") ==
        "failedAgain");
}
