// The lists of batches: rows, filters, sorting, paging, counts.
#include <set>

#include "catch.hpp"
#include "situations.hpp"

using namespace contract;

namespace {

std::set<std::string> names(const Json& object) {
  std::set<std::string> found;
  for (const auto& [name, value] : object.items()) found.insert(name);
  return found;
}

std::vector<std::string> ids(const Json& rows) {
  std::vector<std::string> found;
  for (const Json& row : rows) found.push_back(row.at("id"));
  return found;
}

bool is_date(const Json& value) {
  const std::string text = value.get<std::string>();
  return text.size() == 28 && text.ends_with("+0000") && text[10] == 'T' && text[19] == '.';
}

/// Before 7.18 running batches have no start, and none has a start of its execution.
bool knows_start() {
  return Engine::open().since(18);
}

std::set<std::string> batch_fields() {
  std::set<std::string> fields{"id",
                               "type",
                               "totalJobs",
                               "jobsCreated",
                               "batchJobsPerSeed",
                               "invocationsPerBatchJob",
                               "seedJobDefinitionId",
                               "monitorJobDefinitionId",
                               "batchJobDefinitionId",
                               "suspended",
                               "tenantId",
                               "createUserId"};
  if (knows_start()) fields.insert({"startTime", "executionStartTime"});
  return fields;
}

}  // namespace

TEST_CASE("a new batch is answered with the fields of a batch, nothing created yet") {
  const Json made = create_succeeding(3);
  const MadeBatch batch(made);
  CHECK(names(made) == batch_fields());
  CHECK(made.at("type") == "instance-deletion");
  CHECK(made.at("totalJobs") == 3);
  CHECK(made.at("jobsCreated") == 0);
  CHECK(made.at("batchJobsPerSeed") == 100);
  CHECK(made.at("invocationsPerBatchJob") == 1);
  CHECK(made.at("suspended") == false);
  CHECK(made.at("createUserId").is_null());
  if (knows_start()) {
    CHECK(made.at("executionStartTime").is_null());
    CHECK(is_date(made.at("startTime")));
  }
  CHECK(std::set<std::string>{batch.id, batch.seed_definition, batch.monitor_definition,
                              batch.execution_definition}
            .size() == 4);
}

TEST_CASE("statistics are the batch's fields and three counts of jobs") {
  const FailedBatch batch(3);
  const Json row = *batch.statistics();
  auto fields = batch_fields();
  fields.insert({"remainingJobs", "completedJobs", "failedJobs"});
  CHECK(names(row) == fields);
  CHECK(row.at("remainingJobs") == 3);
  CHECK(row.at("completedJobs") == 0);
  CHECK(row.at("failedJobs") == 3);
  if (knows_start()) CHECK(row.at("executionStartTime").is_null());  // No job of it has finished.
  CHECK(names(Engine::open().read("/batch/" + batch.id)) == batch_fields());
}

TEST_CASE("the history record of a batch exists while it runs") {
  const FailedBatch batch(1);
  const Json record = Engine::open().read("/history/batch/" + batch.id);
  std::set<std::string> fields{"id",
                               "type",
                               "totalJobs",
                               "batchJobsPerSeed",
                               "invocationsPerBatchJob",
                               "seedJobDefinitionId",
                               "tenantId",
                               "createUserId",
                               "startTime",
                               "endTime",
                               "removalTime",
                               "monitorJobDefinitionId",
                               "batchJobDefinitionId"};
  if (knows_start()) fields.insert("executionStartTime");
  CHECK(names(record) == fields);
  CHECK(is_date(record.at("startTime")));
  CHECK(record.at("endTime").is_null());
  CHECK(Engine::open().read("/history/batch?completed=true&maxResults=5&batchId=" + batch.id).empty());
  CHECK(Engine::open().count("/history/batch/count?completed=false&batchId=" + batch.id) == 1);
}

TEST_CASE("filters of the statistics select") {
  const FailedBatch failed(2);
  const std::string one = "/batch/statistics/count?batchId=" + failed.id;
  Engine& engine = Engine::open();
  CHECK(engine.count(one) == 1);
  CHECK(engine.count(one + "&type=set-external-task-retries") == 1);
  CHECK(engine.count(one + "&type=instance-deletion") == 0);
  CHECK(engine.count(one + "&withFailures=true") == 1);
  CHECK(engine.count(one + "&withoutFailures=false&withFailures=false") == 1);
  CHECK(engine.count(one + "&suspended=true") == 0);
  CHECK(engine.count(one + "&suspended=false") == 1);
  CHECK(engine.count(one + "&tenantIdIn=a,b") == 0);
  CHECK(engine.count(one + "&tenantIdIn=") == 1);
  CHECK(engine.count(one + "&withoutTenantId=true") == 1);
  CHECK(engine.count(one + "&withoutTenantId=false") == 1);
  CHECK(engine.count(one + "&startedAfter=" + encoded("2013-01-23T14:42:45.000+0200")) == 1);
  CHECK(engine.count("/batch/statistics/count?batchId=") == 0);
  // Before 7.18 these are unknown, and so ignored.
  const std::size_t none = engine.since(18) ? 0 : 1;
  CHECK(engine.count(one + "&withoutFailures=true") == none);
  CHECK(engine.count(one + "&withFailures=true&withoutFailures=true") == none);
  CHECK(engine.count(one + "&createdBy=somebody") == none);
  CHECK(engine.count(one + "&startedBefore=" + encoded("2013-01-23T14:42:45.000+0200")) == none);
}

TEST_CASE("a filter the engine does not know is ignored") {
  const FailedBatch failed(1);
  Engine& engine = Engine::open();
  CHECK(engine.count("/batch/statistics/count?batchId=" + failed.id + "&nonsense=1") == 1);
  CHECK(engine.count("/batch/count?batchId=" + failed.id + "&withoutFailures=true") == 1);
  CHECK(engine.count("/batch/count?batchId=" + failed.id + "&createdBy=somebody") == 1);
  CHECK(engine.count("/history/batch/count?batchId=" + failed.id + "&withoutFailures=true&suspended=true") ==
        1);
}

TEST_CASE("without a sort key the order is by id; with one it is by that, either way") {
  const FailedBatch first(1);
  const FailedBatch second(1);
  Engine& engine = Engine::open();
  const auto by_default = ids(engine.read("/batch/statistics?maxResults=500"));
  CHECK(std::is_sorted(by_default.begin(), by_default.end()));
  const auto ascending = ids(engine.read("/batch/statistics?sortBy=batchId&sortOrder=asc&maxResults=500"));
  CHECK(std::is_sorted(ascending.begin(), ascending.end()));
  auto descending = ids(engine.read("/batch/statistics?sortBy=batchId&sortOrder=desc&maxResults=500"));
  CHECK(std::is_sorted(descending.rbegin(), descending.rend()));
  const std::string by_start = "/batch/statistics?sortBy=startTime&sortOrder=desc&maxResults=500";
  if (!knows_start()) {
    CHECK(engine.get(by_start).status == 400);
    return;
  }
  const Json newest = engine.read(by_start);
  REQUIRE(newest.size() >= 2);
  for (std::size_t i = 1; i < newest.size(); ++i)
    CHECK(newest.at(i - 1).at("startTime").get<std::string>() >=
          newest.at(i).at("startTime").get<std::string>());
}

TEST_CASE("a page is what firstResult and maxResults say, counts ignore them") {
  const FailedBatch first(1);
  const FailedBatch second(1);
  Engine& engine = Engine::open();
  const std::string sorted = "/batch?sortBy=batchId&sortOrder=asc";
  const auto all = ids(engine.read(sorted + "&maxResults=500"));
  REQUIRE(all.size() >= 2);
  CHECK(ids(engine.read(sorted + "&firstResult=1&maxResults=1")) == std::vector<std::string>{all[1]});
  CHECK(ids(engine.read(sorted + "&firstResult=" + std::to_string(all.size() - 1))) ==
        std::vector<std::string>{all.back()});
  CHECK(engine.read(sorted + "&firstResult=100000&maxResults=10").empty());
  for (const char* page : {"&maxResults=0", "&maxResults=-1", "&firstResult=-1"})
    CHECK(engine.read(sorted + page).empty());
  CHECK(engine.count("/batch/count?maxResults=1&firstResult=1") == all.size());
  CHECK(engine.count("/batch/count?maxResults=text") == all.size());
}

TEST_CASE("a finished batch waits for its monitor job, then it is a completed one") {
  const MadeBatch batch(create_succeeding(5));
  Engine& engine = Engine::open();
  REQUIRE(eventually([&] {
    const auto row = batch.statistics();
    return !row || (row->at("remainingJobs") == 0 && row->at("completedJobs") == 5);
  }));
  REQUIRE(eventually([&] { return !batch.statistics(); }));
  CHECK(engine.get("/batch/" + batch.id).status == 404);
  const Json rows = engine.read("/history/batch?completed=true&maxResults=5&batchId=" + batch.id);
  REQUIRE(rows.size() == 1);
  CHECK(is_date(rows.at(0).at("endTime")));
  if (knows_start()) CHECK(is_date(rows.at(0).at("executionStartTime")));
  CHECK(rows.at(0).at("removalTime").is_null());
  for (const auto& definition : {batch.seed_definition, batch.monitor_definition}) {
    CHECK(engine.count("/history/job-log/count?deletionLog=true&jobDefinitionId=" + definition) == 0);
    CHECK(engine.get("/job-definition/" + definition).status == 404);
  }
  const Json newest = engine.read("/history/batch?completed=true&sortBy=endTime&sortOrder=desc&maxResults=3");
  CHECK(newest.at(0).at("endTime").get<std::string>() >= rows.at(0).at("endTime").get<std::string>());
  CHECK(engine.del("/history/batch/" + batch.id).status == 204);
  CHECK(engine.get("/history/batch/" + batch.id).status == 404);
}
