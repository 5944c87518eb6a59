// Suspending, resuming and deleting batches.
#include "catch.hpp"
#include "situations.hpp"

using namespace contract;

TEST_CASE("a suspended batch makes nothing more; its jobs and definitions are marked; resuming goes on") {
  const UnseededBatch batch;
  Engine& engine = Engine::open();
  CHECK(batch.statistics()->at("suspended") == true);
  CHECK(engine.count("/batch/count?suspended=true&batchId=" + batch.id) == 1);
  CHECK(engine.read("/job-definition/" + batch.execution_definition).at("suspended") == true);
  const Json jobs = batch.jobs(batch.execution_definition);
  for (const Json& job : jobs) CHECK(job.at("suspended") == true);
  CHECK(batch.jobs(batch.execution_definition, "&active=true").empty());
  batch.set_suspended(true);  // Twice the same is fine.
  batch.set_suspended(false);
  CHECK(eventually([&] {
    const auto row = batch.statistics();
    return !row || row->at("jobsCreated") == row->at("totalJobs");
  }));
}

TEST_CASE("a body without the state resumes") {
  const FailedBatch batch(1);
  Engine& engine = Engine::open();
  batch.set_suspended(true);
  CHECK(engine.put("/batch/" + batch.id + "/suspended", Json::object()).status == 204);
  CHECK(batch.statistics()->at("suspended") == false);
  batch.set_suspended(true);
  CHECK(engine.put("/batch/" + batch.id + "/suspended", {{"nope", 1}}).status == 204);
  CHECK(batch.statistics()->at("suspended") == false);
}

TEST_CASE("failed jobs of a suspended batch stay failed; their retry is accepted and waits") {
  const FailedBatch batch(2);
  batch.set_suspended(true);
  CHECK(batch.statistics()->at("failedJobs") == 2);
  const std::string job = batch.jobs(batch.execution_definition).at(0).at("id");
  CHECK(Engine::open().put("/job/" + job + "/retries", {{"retries", 1}, {"dueDate", nullptr}}).status == 204);
  CHECK(batch.statistics()->at("failedJobs") == 1);
  CHECK(Engine::open().read("/job/" + job).at("retries") == 1);
  batch.set_suspended(false);
  CHECK(eventually([&] { return batch.statistics()->at("failedJobs") == 2; }));
}

TEST_CASE("a running batch is suspended in the middle of its work: nothing completes any more") {
  const BusyBatch busy;
  const std::string& id = busy.id;
  Engine& engine = Engine::open();
  REQUIRE(engine.put("/batch/" + id + "/suspended", {{"suspended", true}}).status == 204);
  const std::string disturbed =
      "/job?maxResults=50&withException=true&jobDefinitionId=" + busy.execution_definition;
  // What ran when it was suspended is rolled back with a lock conflict and keeps its retries.
  CHECK(eventually([&] { return !engine.read(disturbed).empty(); }));
  const Json job = engine.read(disturbed).at(0);
  CHECK(job.at("retries") == 3);
  CHECK(job.at("suspended") == true);
  CHECK_THAT(job.at("exceptionMessage").get<std::string>(), ContainsSubstring("ENGINE-03005"));
  CHECK(engine.read("/batch/statistics?maxResults=1&batchId=" + id).at(0).at("failedJobs") == 0);
  REQUIRE(engine.put("/batch/" + id + "/suspended", {{"suspended", false}}).status == 204);
  const auto completed = [&] {
    return engine.read("/batch/statistics?maxResults=1&batchId=" + id).at(0).at("completedJobs").get<int>();
  };
  const int before = completed();
  CHECK(eventually([&] { return completed() > before; }));
}

TEST_CASE("a deleted batch keeps its history, with an end and a deletion in the log of its monitor job") {
  const FailedBatch batch(2);
  Engine& engine = Engine::open();
  batch.waiting_monitor_job();
  CHECK(engine.del_batch("/batch/" + batch.id).status == 204);
  CHECK(engine.get("/batch/" + batch.id).status == 404);
  CHECK_FALSE(batch.statistics());
  CHECK(batch.jobs(batch.execution_definition).empty());
  CHECK_FALSE(engine.read("/history/batch/" + batch.id).at("endTime").is_null());
  const std::string deleted = "/history/job-log/count?deletionLog=true&jobDefinitionId=";
  CHECK(engine.count(deleted + batch.monitor_definition) == 1);
  CHECK(engine.count(deleted + batch.execution_definition) == 2);
  const Reply again = engine.del("/batch/" + batch.id);
  CHECK(again.status == 400);
  CHECK(again.json().at("message") == "Unable to delete batch with id '" + batch.id + "'");
}

TEST_CASE("a batch deleted while its seed job was at work has the deletion in the log of that") {
  const UnseededBatch batch;
  Engine& engine = Engine::open();
  CHECK(engine.del_batch("/batch/" + batch.id + "?cascade=false").status == 204);
  CHECK(engine.count("/history/job-log/count?deletionLog=true&jobDefinitionId=" + batch.seed_definition) ==
        1);
}

TEST_CASE("a batch deleted with its history leaves nothing") {
  const FailedBatch batch(2);
  Engine& engine = Engine::open();
  CHECK(engine.del_batch("/batch/" + batch.id + "?cascade=true").status == 204);
  CHECK(engine.get("/history/batch/" + batch.id).status == 404);
  CHECK(engine.count("/history/job-log/count?jobDefinitionConfiguration=" + batch.id) == 0);
  CHECK(engine.count("/incident/count?jobDefinitionIdIn=" + batch.execution_definition) == 0);
}

TEST_CASE("deleting the history of a running batch leaves it running") {
  const FailedBatch batch(1);
  Engine& engine = Engine::open();
  CHECK(engine.del("/history/batch/" + batch.id).status == 204);
  CHECK(engine.get("/history/batch/" + batch.id).status == 404);
  CHECK(engine.get("/batch/" + batch.id).status == 200);
  CHECK(engine.del("/history/batch/" + batch.id).status == 400);
  CHECK(engine.del_batch("/batch/" + batch.id).status == 204);
  CHECK(engine.get("/history/batch/" + batch.id).status == 404);
}
