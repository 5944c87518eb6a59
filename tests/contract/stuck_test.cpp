// Batches that are stuck, which their statistics do not show.
#include "catch.hpp"
#include "situations.hpp"

using namespace contract;

TEST_CASE("stuck by its seed job: nothing more is created, no failure is counted, an incident tells") {
  const UnseededBatch batch;
  Engine& engine = Engine::open();
  REQUIRE(eventually([&] {
    const Json jobs = batch.jobs(batch.seed_definition);
    if (jobs.size() != 1) return false;
    const std::string seed = jobs.at(0).at("id");
    return engine.put("/job/" + seed + "/retries", {{"retries", 0}}).status == 204 &&
           engine.get("/job/" + seed).status == 200;
  }));
  batch.set_suspended(false);
  CHECK(batch.statistics()->at("failedJobs") == 0);
  const Json incidents = engine.read("/incident?maxResults=10&jobDefinitionIdIn=" + batch.seed_definition +
                                     "," + batch.monitor_definition);
  REQUIRE(incidents.size() == 1);
  CHECK(incidents.at(0).at("jobDefinitionId") == batch.seed_definition);
  CHECK(engine.count("/job/count?noRetriesLeft=true&jobDefinitionId=" + batch.seed_definition) == 1);
  CHECK(batch.jobs(batch.monitor_definition).empty());  // There is none while the seed job is at work.
  CHECK(batch.statistics()->at("jobsCreated") < batch.statistics()->at("totalJobs"));
  // A retry by the definition frees it.
  CHECK(engine
            .put("/job-definition/" + batch.seed_definition + "/retries",
                 {{"retries", 1}, {"dueDate", nullptr}})
            .status == 204);
  CHECK(eventually([&] {
    const auto row = batch.statistics();
    return !row || row->at("jobsCreated") == row->at("totalJobs");
  }));
  CHECK(engine.count("/incident/count?jobDefinitionIdIn=" + batch.seed_definition) == 0);
}

TEST_CASE("stuck by its monitor job: all is done and it does not end until that is retried") {
  const FailedBatch batch(1);
  Engine& engine = Engine::open();
  const std::string monitor = batch.waiting_monitor_job();
  REQUIRE(engine.put("/job/" + monitor + "/retries", {{"retries", 0}}).status == 204);
  REQUIRE(
      engine.del("/job/" + batch.jobs(batch.execution_definition).at(0).at("id").get<std::string>()).status ==
      204);
  CHECK(batch.statistics()->at("remainingJobs") == 0);
  const Json incidents = engine.read("/incident?maxResults=10&jobDefinitionIdIn=" + batch.monitor_definition);
  REQUIRE(incidents.size() == 1);
  CHECK(incidents.at(0).at("configuration") == monitor);
  CHECK(incidents.at(0).at("incidentMessage").is_null());
  const Reply trace = engine.get("/job/" + monitor + "/stacktrace", "text/plain");
  CHECK(trace.status == 204);
  CHECK(engine
            .put("/job-definition/" + batch.monitor_definition + "/retries",
                 {{"retries", 1}, {"dueDate", nullptr}})
            .status == 204);
  CHECK(eventually([&] { return !batch.statistics(); }));
}

TEST_CASE("without its monitor job a batch stays, with neither a failure nor an incident") {
  const FailedBatch batch(1);
  Engine& engine = Engine::open();
  REQUIRE(engine.del("/job/" + batch.waiting_monitor_job()).status == 204);
  REQUIRE(
      engine.del("/job/" + batch.jobs(batch.execution_definition).at(0).at("id").get<std::string>()).status ==
      204);
  CHECK(batch.statistics()->at("remainingJobs") == 0);
  CHECK(batch.jobs(batch.monitor_definition).empty());
  CHECK(batch.jobs(batch.seed_definition).empty());
  CHECK(engine.count("/incident/count?jobDefinitionIdIn=" + batch.monitor_definition) == 0);
  CHECK(engine.count("/history/job-log/count?deletionLog=true&jobDefinitionId=" + batch.monitor_definition) ==
        1);
}
