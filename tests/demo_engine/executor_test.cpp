// How batches advance: seed, execution and monitor jobs on the clock.
#include "catch.hpp"
#include "moved_model.hpp"

using namespace demo_engine_tests;

TEST_CASE("a new batch has one seed job and nothing else") {
  MovedModel m;
  const Id id = m.create(250);
  CHECK(m.batch(id).jobs.size() == 1);
  CHECK(m.jobs(id, JobKind::seed).size() == 1);
  CHECK(m.batch(id).jobs_created == 0);
  CHECK(m.counts(id).remaining == 250);
  CHECK_FALSE(m.batch(id).facts.execution_started);
}

TEST_CASE("each run of the seed job creates up to a hundred execution jobs, the last one the monitor job") {
  MovedModel m;
  const Id id = m.create(250, {}, 10min);
  std::vector<std::uint32_t> created;
  for (int i = 0; i < 1000 && m.batch(id).jobs_created < 250; ++i) {
    m.pass(1ms);
    if (created.empty() || created.back() != m.batch(id).jobs_created)
      created.push_back(m.batch(id).jobs_created);
  }
  CHECK(created == std::vector<std::uint32_t>{0, 100, 200, 250});
  CHECK(m.jobs(id, JobKind::seed).empty());
  CHECK(m.jobs(id, JobKind::monitor).size() == 1);
}

TEST_CASE("several items go into one job where the batch says so") {
  MovedModel m;
  demo_engine::NewBatch request;
  request.type = "set-variables";
  request.items = 42;
  request.invocations_per_job = 5;
  CHECK(m.model.create_batch(std::move(request))->facts.total_jobs == 9);
}

TEST_CASE("a batch without failures finishes, waits for its monitor job, and ends when that looks") {
  MovedModel m;
  const Id id = m.create(10);
  m.pass(5s);
  CHECK(m.counts(id).completed == 10);
  const auto& monitor = m.job(m.only_job(id, JobKind::monitor));
  REQUIRE(monitor.due);
  CHECK(*monitor.due > m.model.now());
  CHECK(*monitor.due <= kStart + 31s);
  m.model.advance(*monitor.due - 1ms);
  CHECK(m.model.find_batch(id) != nullptr);
  m.pass(1s);
  CHECK(m.model.find_batch(id) == nullptr);
  const auto& record = m.model.history().at(id);
  REQUIRE(record.ended);
  CHECK(*record.ended > kStart + 30s);
  CHECK(record.facts.execution_started);
}

TEST_CASE(
    "the execution start is unknown until the first execution job has finished, then it is that job's "
    "start") {
  MovedModel m;
  const Id id = m.create(3, {}, 9s);
  m.pass(5s);
  CHECK_FALSE(m.batch(id).facts.execution_started);
  m.pass(20s);
  REQUIRE(m.batch(id).facts.execution_started);
  CHECK(*m.batch(id).facts.execution_started < kStart + 1s);
}

TEST_CASE("a failing job is tried three times within a second, then it has no retries and an incident") {
  MovedModel m;
  const Id id = m.create(5, always_failing(2));
  m.pass(1s);
  CHECK(m.counts(id).failed == 2);
  CHECK(m.counts(id).remaining == 2);
  for (const Id& failed : m.jobs(id)) {
    CHECK(m.job(failed).retries == 0);
    CHECK(m.job(failed).failed_runs == 3);
    CHECK(m.job(failed).incident);
    REQUIRE(m.job(failed).failure);
    CHECK_THAT(whole_message(*m.job(failed).failure), ContainsSubstring("<b>(code 4711)</b>"));
  }
}

TEST_CASE("a blocked batch never ends, and polls for ever in bounded memory") {
  MovedModel m;
  const Id id = m.create(1, always_failing(1));
  m.pass(24h);
  CHECK(m.model.find_batch(id) != nullptr);
  CHECK(m.model.logs().at(id).monitor.size() == demo_engine::kMaxMonitorEntriesPerBatch);
}

TEST_CASE("a long batch does not hold up a short one") {
  MovedModel m;
  m.create(2000, {}, 2s);
  m.pass(1s);
  const Id quick = m.create(20);
  m.pass(3s);
  CHECK(m.counts(quick).remaining == 0);
}

TEST_CASE("the clock never goes back") {
  MovedModel m;
  m.pass(10s);
  m.model.advance(kStart);
  CHECK(m.model.now() == kStart + 10s);
}

TEST_CASE("only so many completed batches are kept: the oldest go, with their logs") {
  MovedModel m;
  const Id first = m.create(1);
  m.pass(40s);
  REQUIRE(m.model.history().contains(first));
  for (std::size_t i = 0; i < demo_engine::kMaxCompletedBatches; ++i) m.create(1);
  m.pass(40s);
  CHECK(m.model.batches().empty());
  CHECK(m.model.history().size() == demo_engine::kMaxCompletedBatches);
  CHECK_FALSE(m.model.history().contains(first));
  CHECK_FALSE(m.model.logs().contains(first));
}

TEST_CASE("more batches or items than the engine holds are not created") {
  MovedModel m;
  demo_engine::NewBatch large;
  large.items = demo_engine::kMaxItemsPerBatch + 1;
  CHECK(m.model.create_batch(std::move(large)) == nullptr);
  CHECK(m.model.create_batch({}) == nullptr);
  for (std::size_t i = 0; i < demo_engine::kMaxLiveBatches; ++i) m.create(1, always_failing(1));
  demo_engine::NewBatch one_more;
  one_more.items = 1;
  CHECK(m.model.create_batch(std::move(one_more)) == nullptr);
}
