// Retrying, deleting and suspending jobs.
#include <thread>

#include "catch.hpp"
#include "situations.hpp"

using namespace contract;

namespace {

constexpr const char* kFarAway = "2039-01-01T00:00:00.000+0000";

std::size_t failures_of(const std::string& job) {
  return Engine::open().count("/history/job-log/count?failureLog=true&jobId=" + job);
}

}  // namespace

TEST_CASE("a job retried now has its retries at once, runs later, and is failed again if it fails again") {
  const FailedBatch batch(1);
  Engine& engine = Engine::open();
  const std::string job = batch.jobs(batch.execution_definition).at(0).at("id");
  CHECK(failures_of(job) == 3);
  REQUIRE(engine.put("/job/" + job + "/retries", {{"retries", 1}, {"dueDate", nullptr}}).status == 204);
  CHECK(eventually([&] { return failures_of(job) == 4; }));
  CHECK(eventually([&] { return engine.read("/job/" + job).at("retries") == 0; }));
  CHECK(batch.statistics()->at("failedJobs") == 1);
  CHECK(engine.count("/incident/count?jobDefinitionIdIn=" + batch.execution_definition) == 1);
}

TEST_CASE(
    "retrying a job with a due date resolves its incident and holds it; the date stays until it is cleared") {
  const bool with_retries = Engine::open().since(19);
  const FailedBatch batch(1);
  Engine& engine = Engine::open();
  const std::string job = batch.jobs(batch.execution_definition).at(0).at("id");
  const std::string retries = "/job/" + job + "/retries";
  REQUIRE(retry_at(job, 2, kFarAway).status == 204);
  CHECK(engine.read("/job/" + job).at("dueDate") == kFarAway);
  CHECK(engine.count("/incident/count?jobDefinitionIdIn=" + batch.execution_definition) == 0);
  CHECK(batch.statistics()->at("failedJobs") == 0);
  REQUIRE(engine.put(retries, {{"retries", 5}}).status == 204);
  CHECK(engine.read("/job/" + job).at("dueDate") == kFarAway);
  CHECK(engine.read("/job/" + job).at("retries") == 5);
  if (!with_retries) {  // A date beside the retries is ignored.
    REQUIRE(engine.put(retries, {{"retries", 1}, {"dueDate", nullptr}}).status == 204);
    CHECK(engine.read("/job/" + job).at("dueDate") == kFarAway);
    REQUIRE(engine.put("/job/" + job + "/duedate", {{"duedate", nullptr}}).status == 204);
  } else {
    REQUIRE(engine.put(retries, {{"retries", 1}, {"dueDate", nullptr}}).status == 204);
  }
  CHECK(eventually([&] { return failures_of(job) == 4; }));
}

TEST_CASE("retrying by definition takes only jobs without retries and leaves their incidents open") {
  const FailedBatch batch(3);
  Engine& engine = Engine::open();
  for (const Json& one : batch.jobs(batch.execution_definition))
    if (!engine.since(19))
      REQUIRE(engine.put("/job/" + one.at("id").get<std::string>() + "/duedate", {{"duedate", kFarAway}})
                  .status == 204);
  const std::string job = batch.jobs(batch.execution_definition).at(0).at("id");
  REQUIRE(retry_at(job, 7, kFarAway).status == 204);
  const std::string all = "/job-definition/" + batch.execution_definition + "/retries";
  REQUIRE(engine.put(all, {{"retries", 0}}).status == 204);
  CHECK(batch.statistics()->at("failedJobs") == 2);
  REQUIRE(engine.put(all, {{"retries", 1}, {"dueDate", kFarAway}}).status == 204);
  CHECK(batch.statistics()->at("failedJobs") == 0);
  CHECK(engine.read("/job/" + job).at("retries") == 7);
  CHECK(engine.count("/incident/count?jobDefinitionIdIn=" + batch.execution_definition) == 2);
}

TEST_CASE("a due date has a path of its own, on engines of all versions") {
  const FailedBatch batch(1);
  Engine& engine = Engine::open();
  const std::string job = batch.jobs(batch.execution_definition).at(0).at("id");
  const std::string due = "/job/" + job + "/duedate";
  REQUIRE(engine.put(due, {{"duedate", kFarAway}}).status == 204);
  CHECK(engine.read("/job/" + job).at("dueDate") == kFarAway);
  CHECK(engine.read("/job/" + job).at("retries") == 0);
  REQUIRE(engine.put(due, {{"duedate", nullptr}}).status == 204);
  CHECK(engine.read("/job/" + job).at("dueDate").is_null());
  CHECK(engine.put("/job/" + made_up_id() + "/duedate", {{"duedate", nullptr}}).status >= 400);
}

TEST_CASE("a job that is set to 0 retries counts as failed without a message") {
  const FailedBatch batch(1);
  Engine& engine = Engine::open();
  const std::string monitor = batch.waiting_monitor_job();
  REQUIRE(engine.put("/job/" + monitor + "/retries", {{"retries", 0}}).status == 204);
  const Json job = engine.read("/job/" + monitor);
  CHECK(job.at("retries") == 0);
  CHECK(job.at("exceptionMessage").is_null());
  CHECK(engine.count("/job/count?noRetriesLeft=true&jobDefinitionId=" + batch.monitor_definition) == 1);
  CHECK(engine.count("/job/count?noRetriesLeft=true&withException=true&jobDefinitionId=" +
                     batch.monitor_definition) == 0);
}

TEST_CASE("a deleted job is gone, counts as completed, and its deletion is in the log") {
  const FailedBatch batch(2);
  Engine& engine = Engine::open();
  const std::string job = batch.jobs(batch.execution_definition).at(0).at("id");
  CHECK(engine.del("/job/" + job).status == 204);
  CHECK(engine.get("/job/" + job).status == 404);
  const Reply again = engine.del("/job/" + job);
  CHECK(again.status == 404);
  CHECK(again.json().at("message") == "No job found with id '" + job + "': job is null");
  CHECK(batch.statistics()->at("completedJobs") == 1);
  CHECK(batch.statistics()->at("remainingJobs") == 1);
  CHECK(engine.count("/history/job-log/count?deletionLog=true&jobId=" + job) == 1);
  const Reply late = engine.put("/job/" + job + "/retries", {{"retries", 1}});
  CHECK(late.status == 500);
  CHECK(late.json().at("message") ==
        message_code("ENGINE-13053") + "No job found with id '" + job + (engine.since(19) ? "'.'" : "'."));
}

TEST_CASE("a blocked batch ends once its last failed job is deleted") {
  const FailedBatch batch(1);
  Engine& engine = Engine::open();
  CHECK(
      engine.del("/job/" + batch.jobs(batch.execution_definition).at(0).at("id").get<std::string>()).status ==
      204);
  CHECK(eventually([&] { return !batch.statistics(); }));
  CHECK_FALSE(engine.read("/history/batch/" + batch.id).at("endTime").is_null());
  CHECK(engine.count("/history/job-log/count?deletionLog=true&jobDefinitionId=" + batch.monitor_definition) ==
        0);
}

TEST_CASE("a job that is being executed cannot be deleted") {
  Engine& engine = Engine::open();
  const BusyBatch busy;
  // Engines before 7.24 do not tell which job is being executed: here it is the only one that may be, and
  // each is left alone for a little longer than the one before it.
  REQUIRE(engine.put("/batch/" + busy.id + "/suspended", {{"suspended", true}}).status == 204);
  const Json jobs =
      engine.read("/job?maxResults=50&suspended=true&jobDefinitionId=" + busy.execution_definition);
  auto next = jobs.begin();
  std::chrono::milliseconds head_start{0};
  Reply refused;
  REQUIRE(eventually([&] {
    REQUIRE(next != jobs.end());
    const auto path = "/job/" + (next++)->at("id").get<std::string>();
    REQUIRE(engine.put(path + "/suspended", {{"suspended", false}}).status == 204);
    std::this_thread::sleep_for(head_start);
    head_start += std::chrono::milliseconds{100};
    refused = engine.del(path);
    return refused.status == 500;
  }));
  CHECK(refused.json().at("type") == "RestException");
  CHECK(refused.json().at("message") == "Cannot delete job when the job is being executed. Try again later.");
}

TEST_CASE("a job can be suspended by itself; resuming its batch undoes that") {
  const FailedBatch batch(1);
  Engine& engine = Engine::open();
  const std::string job = batch.jobs(batch.execution_definition).at(0).at("id");
  CHECK(engine.put("/job/" + job + "/suspended", {{"suspended", true}}).status == 204);
  CHECK(engine.read("/job/" + job).at("suspended") == true);
  batch.set_suspended(false);
  CHECK(engine.read("/job/" + job).at("suspended") == false);
}

TEST_CASE("retrying jobs by a batch makes a batch; ids that do not exist become its failed jobs") {
  const FailedBatch target(2);
  Engine& engine = Engine::open();
  const std::string job = target.jobs(target.execution_definition).at(0).at("id");
  REQUIRE(retry_at(job, 3, kFarAway).status == 204);
  const std::string missing = made_up_id();
  const Reply made = engine.post("/job/retries", {{"jobIds", {job, missing}}, {"retries", 9}});
  REQUIRE(made.status == 200);
  CHECK(made.json().at("type") == "set-job-retries");
  const MadeBatch batch(made.json());
  CHECK(eventually([&] {
    const auto row = batch.statistics();
    return row && row->at("failedJobs") == 1 && row->at("remainingJobs") == 1;
  }));
  CHECK(engine.read("/job/" + job).at("retries") == 9);  // Any job named, not only failed ones.
  CHECK(batch.jobs(batch.execution_definition).at(0).at("exceptionMessage") ==
        message_code("ENGINE-13053") + "No job found with id '" + missing +
            (engine.since(19) ? "'.'" : "'."));
}
