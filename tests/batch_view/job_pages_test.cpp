// A page of jobs as engines answer it, read without a tree.
#include "job_pages.hpp"

#include "catch.hpp"

using namespace batch_view;

TEST_CASE("each job of a page is listed with the fields it needs", "[jobs]") {
  std::vector<Job> jobs;
  const auto see = [&jobs](const Job& job) { jobs.push_back(job); };
  CHECK(each_job(R"([{"id":"a","jobDefinitionId":"d","exceptionMessage":"x \"y\" ü","retries":0,
                      "dueDate":null,"suspended":true,"priority":7,"createTime":"2026-11-23T16:08:03.430+0000",
                      "surprise":{"id":"no","list":[{"id":"no"}]},"batchId":"b"},
                     {"id":"c","jobDefinitionId":"d","exceptionMessage":null,"failedActivityId":"pay","retries":2}])",
                 see)
            ->rows == 2);
  REQUIRE(jobs.size() == 2);
  CHECK(jobs[0].id == "a");
  CHECK(jobs[0].message == "x \"y\" ü");
  CHECK(jobs[0].suspended);
  CHECK(jobs[0].priority == 7);
  CHECK(jobs[0].batch == "b");
  CHECK_FALSE(jobs[1].message);
  CHECK_FALSE(jobs[1].suspended);
  CHECK(jobs[1].activity == "pay");
  CHECK(jobs[1].retries == 2);
}

TEST_CASE("what is no list of jobs is not taken for an empty one", "[jobs]") {
  const auto see = [](const Job&) {};
  CHECK(each_job("[]", see)->rows == 0);
  CHECK_FALSE(each_job("{}", see));
  CHECK_FALSE(each_job("7", see));
  CHECK_FALSE(each_job("null", see));
  CHECK_FALSE(each_job("", see));
  CHECK_FALSE(each_job(R"([{"id":"a")", see));
  CHECK_FALSE(each_job("<html>", see));
}

TEST_CASE("an engine that allows fewer rows says how many", "[jobs]") {
  CHECK(allowed_rows("Max results limit of 50 exceeded!") == 50);
  CHECK_FALSE(allowed_rows("An unbound number of results is forbidden!"));
  CHECK_FALSE(allowed_rows("Max results limit of many exceeded!"));
}

TEST_CASE("a value of another type costs itself, what is no job costs its row, and both are counted",
          "[jobs]") {
  std::vector<Job> jobs;
  const auto read =
      each_job(R"([{"id":"a","retries":"none","exceptionMessage":["x"],"dueDate":7,"suspended":"no"},
                                 {"id":"b","retries":1,"exceptionMessage":"m","priority":2.0},
                                 null, 7, "c", [], [[{"id":"e"}]], {"id":5,"retries":0}, {},
                                 {"id":"d","processInstanceId":"i","jobDefinitionId":{"id":"no"}}])",
               [&jobs](const Job& job) { jobs.push_back(job); });
  REQUIRE(read);
  CHECK(read->rows == 10);
  CHECK(read->unread == 9);
  REQUIRE(jobs.size() == 3);
  CHECK(jobs[0].id == "a");
  CHECK_FALSE(jobs[0].message);
  CHECK_FALSE(jobs[0].due);
  CHECK(jobs[1].id == "b");
  CHECK(jobs[1].message == "m");
  CHECK(jobs[1].priority == 2);
  CHECK(jobs[2].id == "d");
  CHECK(jobs[2].instance == "i");
}

TEST_CASE("whether an engine names a job's batch shows in the job", "[jobs]") {
  std::vector<Job> jobs;
  REQUIRE(each_job(
      R"([{"id":"a","jobDefinitionId":"d","batchId":"b"},{"id":"b","jobDefinitionId":"d","batchId":null},
                       {"id":"c","jobDefinitionId":"d"},{"id":"d"}])",
      [&jobs](const Job& job) { jobs.push_back(job); }));
  REQUIRE(jobs.size() == 4);
  CHECK_FALSE(jobs[0].batch_unknown);
  CHECK_FALSE(jobs[1].batch_unknown);
  CHECK(jobs[1].batch.empty());
  CHECK(jobs[2].batch_unknown);
  CHECK_FALSE(jobs[3].batch_unknown);  // without a definition it is of no batch
}
