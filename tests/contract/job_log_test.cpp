// The job log of a batch.
#include <set>

#include "catch.hpp"
#include "situations.hpp"

using namespace contract;

TEST_CASE("one query gives the whole log of a batch: its seed, execution and monitor jobs") {
  const FailedBatch batch(2);
  batch.waiting_monitor_job();
  Engine& engine = Engine::open();
  const std::string all = "jobDefinitionConfiguration=" + batch.id;
  const Json entries = engine.read("/history/job-log?maxResults=500&sortBy=timestamp&sortOrder=asc&" + all);
  CHECK(engine.count("/history/job-log/count?" + all) >= entries.size());
  std::set<std::string> types;
  for (const Json& entry : entries) {
    types.insert(entry.at("jobDefinitionType").get<std::string>());
    CHECK(entry.at("jobDefinitionConfiguration") == batch.id);
    CHECK(entry.contains("batchId") == engine.since(22));
    if (engine.since(22)) CHECK(entry.at("batchId") == batch.id);
    CHECK(entry.at("hostname") == "127.0.0.1$default");
    const int states = entry.at("creationLog").get<int>() + entry.at("failureLog").get<int>() +
                       entry.at("successLog").get<int>() + entry.at("deletionLog").get<int>();
    CHECK(states == 1);
  }
  CHECK(types == std::set<std::string>{"batch-seed-job", "batch-monitor-job", "set-external-task-retries"});
  CHECK(entries.at(0).at("jobDefinitionType") == "batch-seed-job");
  CHECK(entries.at(0).at("creationLog") == true);
}

TEST_CASE("the log tells the batch of a job, on engines of all versions") {
  const FailedBatch batch(1);
  const std::string job = batch.jobs(batch.execution_definition).at(0).at("id");
  const Json entries = Engine::open().read("/history/job-log?maxResults=1&jobId=" + job);
  REQUIRE(entries.size() == 1);
  CHECK(entries.at(0).at("jobId") == job);
  CHECK(entries.at(0).at("jobDefinitionConfiguration") == batch.id);
}

TEST_CASE("a failed job leaves its creation and a failure for each try, with the retries before it") {
  const FailedBatch batch(1);
  Engine& engine = Engine::open();
  const std::string job = batch.jobs(batch.execution_definition).at(0).at("id");
  const Json failures = engine.read(
      "/history/job-log?maxResults=10&failureLog=true&sortBy=jobRetries&sortOrder=desc&jobId=" + job);
  REQUIRE(failures.size() == 3);
  for (int i = 0; i < 3; ++i) CHECK(failures.at(static_cast<std::size_t>(i)).at("jobRetries") == 3 - i);
  CHECK(engine.count("/history/job-log/count?creationLog=true&jobId=" + job) == 1);
  CHECK(engine.count("/history/job-log/count?successLog=true&jobId=" + job) == 0);
  const std::string entry = failures.at(0).at("id");
  CHECK(engine.read("/history/job-log/" + entry) == failures.at(0));
  const Reply trace = engine.get("/history/job-log/" + entry + "/stacktrace", "text/plain");
  CHECK(trace.status == 200);
  CHECK_THAT(trace.type, ContainsSubstring("text/plain"));
  CHECK_THAT(trace.body, ContainsSubstring("externalTask is null"));
  const Json created = engine.read("/history/job-log?maxResults=1&creationLog=true&jobId=" + job);
  const std::string creation = created.at(0).at("id");
  CHECK(engine.get("/history/job-log/" + creation + "/stacktrace", "text/plain").status == 204);
}

TEST_CASE("the log of one job, newest first, in pages, and one state of it") {
  const FailedBatch batch(2);
  Engine& engine = Engine::open();
  const std::string job = batch.jobs(batch.execution_definition).at(0).at("id");
  const std::string filter = "jobDefinitionConfiguration=" + batch.id + "&jobId=" + job;
  const Json newest =
      engine.read("/history/job-log?" + filter +
                  "&failureLog=true&sortBy=timestamp&sortOrder=desc&firstResult=0&maxResults=2");
  REQUIRE(newest.size() == 2);
  CHECK(newest.at(0).at("timestamp").get<std::string>() >= newest.at(1).at("timestamp").get<std::string>());
  CHECK(newest.at(0).at("jobDefinitionConfiguration") == batch.id);
  CHECK(newest.at(0).at("failureLog") == true);
  CHECK(engine.count("/history/job-log/count?" + filter) == 4);
  CHECK(engine.get("/history/job-log/" + made_up_id()).status == 404);
}

TEST_CASE("the log is filtered and sorted by a body too") {
  const FailedBatch batch(2);
  Engine& engine = Engine::open();
  const Json filter = {
      {"jobDefinitionConfiguration", batch.id},
      {"failureLog", true},
      {"sorting",
       {{{"sortBy", "jobRetries"}, {"sortOrder", "asc"}}, {{"sortBy", "timestamp"}, {"sortOrder", "desc"}}}}};
  const Json entries = engine.post("/history/job-log?maxResults=10", filter).json();
  REQUIRE(entries.size() == 6);
  CHECK(entries.at(0).at("jobRetries") == 1);
  CHECK(entries.at(5).at("jobRetries") == 3);
  CHECK(engine.post("/history/job-log/count", filter).json().at("count") == 6);
  const std::string message = entries.at(0).at("jobExceptionMessage");
  CHECK(engine.count("/history/job-log/count?jobDefinitionConfiguration=" + batch.id +
                     "&jobExceptionMessage=" + encoded(message)) == 3);
  CHECK(engine.count("/history/job-log/count?jobDefinitionType=batch-seed-job&successLog=true&" +
                     ("jobDefinitionConfiguration=" + batch.id)) == 1);
  CHECK(engine.count("/history/job-log/count?hostname=elsewhere&jobDefinitionConfiguration=" + batch.id) ==
        0);
}
