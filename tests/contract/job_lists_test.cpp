// The jobs of batches: rows, filters, sorting, stack traces.
#include <set>

#include "catch.hpp"
#include "situations.hpp"

using namespace contract;

TEST_CASE("a failed job says why, with no retries left, and belongs to no process instance") {
  const FailedBatch batch(2);
  const Json jobs = batch.jobs(batch.execution_definition);
  REQUIRE(jobs.size() == 2);
  const Json& job = jobs.at(0);
  std::set<std::string> names;
  for (const auto& [name, value] : job.items()) names.insert(name);
  std::set<std::string> expected{"id",
                                 "jobDefinitionId",
                                 "processInstanceId",
                                 "processDefinitionId",
                                 "processDefinitionKey",
                                 "executionId",
                                 "exceptionMessage",
                                 "failedActivityId",
                                 "retries",
                                 "dueDate",
                                 "suspended",
                                 "priority",
                                 "tenantId",
                                 "createTime"};
  if (Engine::open().since(22)) {
    expected.insert("batchId");
    CHECK(job.at("batchId") == batch.id);
  }
  CHECK(names == expected);
  CHECK(job.at("jobDefinitionId") == batch.execution_definition);
  CHECK(job.at("retries") == 0);
  CHECK(job.at("dueDate").is_null());
  CHECK(job.at("processInstanceId").is_null());
  CHECK(job.at("failedActivityId").is_null());
  CHECK_THAT(job.at("exceptionMessage").get<std::string>(),
             ContainsSubstring("Cannot find external task with id"));
  CHECK(Engine::open().read("/job/" + job.at("id").get<std::string>()) == job);
}

TEST_CASE("the filters of jobs select, by query and by body alike") {
  const FailedBatch batch(3);
  Engine& engine = Engine::open();
  const Json jobs = batch.jobs(batch.execution_definition);
  const std::string id = jobs.at(0).at("id");
  const std::string message = jobs.at(0).at("exceptionMessage");
  REQUIRE(retry_at(id, 2, "2039-01-01T00:00:00.000+0000").status == 204);
  const auto count = [&](const std::string& more) {
    return engine.count("/job/count?jobDefinitionId=" + batch.execution_definition + more);
  };
  const auto count_by_body = [&](Json filter) {
    filter["jobDefinitionId"] = batch.execution_definition;
    const Reply reply = engine.post("/job/count", filter);
    REQUIRE(reply.status == 200);
    return reply.json().at("count").get<std::size_t>();
  };
  CHECK(count("") == 3);
  CHECK(count("&noRetriesLeft=true") == 2);
  CHECK(count_by_body({{"noRetriesLeft", true}}) == 2);
  CHECK(count("&noRetriesLeft=false") == 3);
  CHECK(count("&withRetriesLeft=true") == 1);
  CHECK(count("&withException=true&withRetriesLeft=true") == 1);
  CHECK(count_by_body({{"withException", true}, {"withRetriesLeft", true}}) == 1);
  CHECK(count("&exceptionMessage=" + encoded(message)) == 1);
  CHECK(count_by_body({{"exceptionMessage", message}}) == 1);
  CHECK(count("&failedActivityId=none") == 0);
  CHECK(count("&suspended=true") == 0);
  CHECK(count("&active=true") == 3);
  CHECK(count("&messages=true") == 3);
  CHECK(count("&timers=true") == 0);
  CHECK(count("&batchId=" + made_up_id()) == 3);  // There is no such filter.
  CHECK(engine.count("/job/count?jobDefinitionId=" + made_up_id()) == 0);
}

TEST_CASE("jobs are asked for by id, but never together with a definition: engines fail on that") {
  const FailedBatch batch(2);
  Engine& engine = Engine::open();
  const Json jobs = batch.jobs(batch.execution_definition);
  const std::string first = jobs.at(0).at("id");
  const std::string second = jobs.at(1).at("id");
  CHECK(engine.count("/job/count?jobId=" + first) == 1);
  CHECK(engine.count("/job/count?noRetriesLeft=true&jobIds=" + first + "," + second + "," + made_up_id()) ==
        2);
  CHECK(engine.post("/job/count", {{"jobIds", {first, made_up_id()}}}).json().at("count") == 1);
  for (const char* filter : {"&jobId=", "&jobIds="}) {
    const Reply failed =
        engine.get("/job?maxResults=1&jobDefinitionId=" + batch.execution_definition + filter + first);
    CHECK(failed.status == 500);
    CHECK(failed.json().at("type") ==
          (engine.since(19) ? "ProcessEnginePersistenceException" : "ProcessEngineException"));
  }
}

TEST_CASE("of hundreds of jobs that are asked for by id in a body those that exist are answered") {
  const FailedBatch batch(3);
  Engine& engine = Engine::open();
  std::vector<std::string> ids = made_up_ids(497);
  std::set<std::string> there;
  for (const Json& job : batch.jobs(batch.execution_definition)) {
    there.insert(job.at("id").get<std::string>());
    ids.push_back(job.at("id").get<std::string>());
  }
  const Reply reply = engine.post("/job?firstResult=0&maxResults=500", {{"jobIds", ids}});
  REQUIRE(reply.status == 200);
  std::set<std::string> found;
  for (const Json& job : reply.json()) {
    found.insert(job.at("id").get<std::string>());
    CHECK(job.at("jobDefinitionId") == batch.execution_definition);
    if (engine.since(22)) CHECK(job.at("batchId") == batch.id);
    CHECK(job.at("retries") == 0);
  }
  CHECK(found == there);
}

TEST_CASE("jobs that failed and have retries left are listed by a query, in the order of their ids") {
  const FailedBatch batch(3);
  Engine& engine = Engine::open();
  for (const Json& job : batch.jobs(batch.execution_definition))
    REQUIRE(retry_at(job.at("id").get<std::string>(), 10, "2039-01-01T00:00:00.000+0000").status == 204);
  const std::string filter =
      "jobDefinitionId=" + batch.execution_definition + "&withException=true&withRetriesLeft=true";
  const Json jobs = engine.read("/job?" + filter + "&sortBy=jobId&sortOrder=asc&firstResult=1&maxResults=2");
  REQUIRE(jobs.size() == 2);
  CHECK(jobs.at(0).at("retries") == 10);
  CHECK(jobs.at(0).at("dueDate") == "2039-01-01T00:00:00.000+0000");
  CHECK(jobs.at(0).at("id").get<std::string>() < jobs.at(1).at("id").get<std::string>());
  CHECK(engine.count("/job/count?" + filter) == 3);
}

TEST_CASE("jobs are sorted by several keys in a body, and paged by the query") {
  const FailedBatch batch(3);
  Engine& engine = Engine::open();
  const std::string id = batch.jobs(batch.execution_definition).at(0).at("id");
  REQUIRE(retry_at(id, 2, "2039-01-01T00:00:00.000+0000").status == 204);
  const Json filter = {
      {"jobDefinitionId", batch.execution_definition},
      {"sorting",
       {{{"sortBy", "jobRetries"}, {"sortOrder", "desc"}}, {{"sortBy", "jobId"}, {"sortOrder", "desc"}}}}};
  const Json jobs = engine.post("/job?maxResults=10", filter).json();
  REQUIRE(jobs.size() == 3);
  CHECK(jobs.at(0).at("id") == id);
  CHECK(jobs.at(0).at("dueDate") == "2039-01-01T00:00:00.000+0000");
  CHECK(jobs.at(1).at("id").get<std::string>() > jobs.at(2).at("id").get<std::string>());
  const Json second = engine.post("/job?firstResult=1&maxResults=1", filter).json();
  REQUIRE(second.size() == 1);
  CHECK(second.at(0) == jobs.at(1));
  const Json by_query = engine.read("/job?sortBy=jobId&sortOrder=asc&maxResults=10&jobDefinitionId=" +
                                    batch.execution_definition);
  CHECK(by_query.at(0).at("id").get<std::string>() < by_query.at(1).at("id").get<std::string>());
}

TEST_CASE("a failed job has a stack trace in plain text; a job that never failed has none") {
  const FailedBatch batch(1);
  Engine& engine = Engine::open();
  const std::string failed = batch.jobs(batch.execution_definition).at(0).at("id");
  const Reply trace = engine.get("/job/" + failed + "/stacktrace", "text/plain");
  CHECK(trace.status == 200);
  CHECK_THAT(trace.type, ContainsSubstring("text/plain"));
  CHECK(trace.body.starts_with("org."));
  CHECK_THAT(trace.body, ContainsSubstring("externalTask is null"));
  CHECK_THAT(trace.body, ContainsSubstring("\n\tat org."));
  const Reply none = engine.get("/job/" + batch.waiting_monitor_job() + "/stacktrace", "text/plain");
  CHECK(none.status == 204);
  CHECK(none.body.empty());
}

TEST_CASE("failed work of a process keeps markup in its message and its cause in a long stack trace") {
  Engine& engine = Engine::open();
  Json found;
  for (const Json& batch : engine.read("/batch/statistics?withFailures=true&maxResults=100"))
    for (const Json& job : engine.read("/job?noRetriesLeft=true&maxResults=50&jobDefinitionId=" +
                                       batch.at("batchJobDefinitionId").get<std::string>()))
      if (job.at("exceptionMessage").is_string() &&
          job.at("exceptionMessage").get<std::string>().find("<b>") != std::string::npos)
        found = job;
  REQUIRE_FALSE(found.is_null());
  CHECK(found.at("failedActivityId") == "approve");
  const Reply trace =
      engine.get("/job/" + found.at("id").get<std::string>() + "/stacktrace", "text/plain, */*");
  CHECK(trace.status == 200);
  CHECK(trace.body.size() > 4000);
  CHECK_THAT(trace.body, ContainsSubstring("\nCaused by: java."));
  CHECK_THAT(trace.body, ContainsSubstring("<b>(code 4711)</b>"));
}

TEST_CASE("a job definition tells its batch and its kind of job") {
  const FailedBatch batch(1);
  Engine& engine = Engine::open();
  const auto type = [&](const std::string& definition) {
    const Json row = engine.read("/job-definition/" + definition);
    CHECK(row.at("id") == definition);
    CHECK(row.at("jobConfiguration") == batch.id);
    return row.at("jobType").get<std::string>();
  };
  CHECK(type(batch.seed_definition) == "batch-seed-job");
  CHECK(type(batch.monitor_definition) == "batch-monitor-job");
  CHECK(type(batch.execution_definition) == "set-external-task-retries");
}

TEST_CASE("each failed job has an incident that names it") {
  const FailedBatch batch(2);
  Engine& engine = Engine::open();
  const Json incidents =
      engine.read("/incident?maxResults=10&jobDefinitionIdIn=" + batch.execution_definition + "," +
                  batch.seed_definition + "," + batch.monitor_definition);
  REQUIRE(incidents.size() == 2);
  const Json& incident = incidents.at(0);
  CHECK(incident.at("incidentType") == "failedJob");
  CHECK(incident.at("jobDefinitionId") == batch.execution_definition);
  CHECK(engine.get("/job/" + incident.at("configuration").get<std::string>()).status == 200);
  CHECK_THAT(incident.at("incidentMessage").get<std::string>(), ContainsSubstring("externalTask is null"));
}
