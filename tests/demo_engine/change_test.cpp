// What a client can change: retries, suspension, deletion.
#include "catch.hpp"
#include "moved_model.hpp"

using namespace demo_engine_tests;
using demo_engine::DueChange;
using demo_engine::FailureCause;
using demo_engine::JobDeletion;

namespace {
const DueChange kNow{true, std::nullopt};
}

TEST_CASE("a retried job runs some time later, not at once, and succeeds where the script says so") {
  MovedModel m;
  const Id id = m.create(2, always_failing(2, 3));
  m.pass(1s);
  REQUIRE(m.counts(id).failed == 2);
  const Id job = m.jobs(id).at(0);
  REQUIRE(m.model.set_job_retries(job, 1, kNow));
  CHECK(m.counts(id).failed == 1);
  CHECK_FALSE(m.job(job).incident);
  m.pass(299ms);
  CHECK(m.model.find_job(job));
  m.pass(3s);
  CHECK_FALSE(m.model.find_job(job));
  CHECK(m.counts(id).remaining == 1);
}

TEST_CASE("a retried job that fails again is failed again") {
  MovedModel m;
  const Id id = m.create(1, always_failing(1));
  m.pass(1s);
  const Id job = m.jobs(id).at(0);
  m.model.set_job_retries(job, 1, kNow);
  m.pass(4s);
  CHECK(m.job(job).retries == 0);
  CHECK(m.job(job).failed_runs == 4);
  CHECK(m.job(job).incident);
}

TEST_CASE("a retry by definition touches only jobs without retries and leaves their incidents open") {
  MovedModel m;
  const Id id = m.create(3, always_failing(3));
  m.pass(1s);
  const auto jobs = m.jobs(id);
  m.model.set_job_retries(jobs[0], 5, {true, m.model.now() + 1h});
  m.model.set_definition_retries(m.batch(id).facts.execution_definition, 1, {true, m.model.now() + 1h});
  CHECK(m.job(jobs[0]).retries == 5);
  CHECK_FALSE(m.job(jobs[0]).incident);
  CHECK(m.job(jobs[1]).retries == 1);
  CHECK(m.job(jobs[1]).incident);
}

TEST_CASE("a retry by definition with 0 or of an unknown definition changes nothing") {
  MovedModel m;
  const Id id = m.create(1, always_failing(1));
  m.pass(1s);
  m.model.set_definition_retries(m.batch(id).facts.execution_definition, 0, kNow);
  m.model.set_definition_retries(Id{1, 2}, 1, kNow);
  CHECK(m.counts(id).failed == 1);
}

TEST_CASE("a due date holds a job until then; it stays unless the next retry clears it") {
  MovedModel m;
  const Id id = m.create(1, always_failing(1, 3));
  m.pass(1s);
  const Id job = m.jobs(id).at(0);
  m.model.set_job_retries(job, 2, {true, m.model.now() + 1h});
  m.pass(10min);
  CHECK(m.job(job).retries == 2);
  m.model.set_job_retries(job, 1, {});
  m.pass(10min);
  CHECK(m.job(job).retries == 1);
  m.model.set_job_retries(job, 1, kNow);
  m.pass(4s);
  CHECK_FALSE(m.model.find_job(job));
}

TEST_CASE("setting the retries of a waiting job to 0 makes it failed, with an incident that has no message") {
  MovedModel m;
  const Id other = m.create(5, {}, 10min);
  m.pass(100ms);
  Id waiting{};
  for (const Id& job : m.jobs(other))
    if (!m.job(job).running) waiting = job;
  m.model.set_job_retries(waiting, 0, {});
  CHECK(m.counts(other).failed == 1);
  REQUIRE(m.job(waiting).incident);
  CHECK(m.job(waiting).incident->failure == nullptr);
}

TEST_CASE("a stuck seed: no retries, an incident, nothing more created; a retry by its definition frees it") {
  MovedModel m;
  const Id id = m.create(1000, {}, 1h);
  m.model.set_batch_suspended(id, true);
  m.pass(1s);
  const Id seed = m.only_job(id, JobKind::seed);
  m.model.set_job_retries(seed, 0, {});
  m.model.set_batch_suspended(id, false);
  m.pass(10min);
  CHECK(m.batch(id).jobs_created == 0);
  CHECK(m.counts(id).failed == 0);
  CHECK(m.jobs(id, JobKind::monitor).empty());
  m.model.set_definition_retries(m.batch(id).facts.seed_definition, 1, kNow);
  m.pass(10s);
  CHECK(m.batch(id).jobs_created == 1000);
}

TEST_CASE("suspending stops everything but what runs, and that is rolled back") {
  MovedModel m;
  const Id id = m.create(10, {}, 6s);
  m.pass(7s);
  const auto before = m.counts(id).completed;
  REQUIRE(m.model.set_batch_suspended(id, true));
  m.pass(1h);
  CHECK(m.counts(id).completed == before);
  int conflicts = 0;
  for (const Id& job : m.jobs(id)) {
    CHECK(m.job(job).suspended);
    CHECK(m.job(job).retries == 3);
    if (m.job(job).failure && m.job(job).failure->cause == FailureCause::lock_conflict) ++conflicts;
  }
  CHECK(conflicts == 3);
  m.model.set_batch_suspended(id, false);
  m.pass(1min);
  CHECK(m.model.find_batch(id) == nullptr);
}

TEST_CASE("a retry in a suspended batch is accepted and waits") {
  MovedModel m;
  const Id id = m.create(1, always_failing(1, 3));
  m.pass(1s);
  m.model.set_batch_suspended(id, true);
  m.model.set_job_retries(m.jobs(id).at(0), 1, kNow);
  CHECK(m.counts(id).failed == 0);
  m.pass(1h);
  CHECK(m.counts(id).remaining == 1);
  m.model.set_batch_suspended(id, false);
  m.pass(1h);
  CHECK(m.model.find_batch(id) == nullptr);
}

TEST_CASE("resuming the batch undoes the suspension of a single job") {
  MovedModel m;
  const Id id = m.create(1, {}, 1s);
  m.pass(100ms);
  const Id job = m.jobs(id).at(0);
  m.model.set_job_suspended(job, true);
  m.pass(1min);
  CHECK(m.counts(id).remaining == 1);
  m.model.set_batch_suspended(id, false);
  m.pass(5s);
  CHECK(m.counts(id).remaining == 0);
}

TEST_CASE(
    "a deleted job counts as completed; a running one cannot be deleted, but in a suspended batch it can") {
  MovedModel m;
  const Id id = m.create(5, {}, 1h);
  m.pass(1s);
  Id running{};
  Id waiting{};
  for (const Id& job : m.jobs(id)) (m.job(job).running ? running : waiting) = job;
  CHECK(m.model.delete_job(waiting) == JobDeletion::deleted);
  CHECK(m.model.delete_job(waiting) == JobDeletion::missing);
  CHECK(m.counts(id).completed == 1);
  CHECK(m.model.delete_job(running) == JobDeletion::running);
  m.model.set_batch_suspended(id, true);
  CHECK(m.model.delete_job(running) == JobDeletion::deleted);
  m.pass(2h);
  CHECK(m.counts(id).completed == 2);
}

TEST_CASE("a batch whose monitor job was deleted never ends by itself") {
  MovedModel m;
  const Id id = m.create(1, {}, 20ms);
  m.pass(2s);
  m.model.delete_job(m.only_job(id, JobKind::monitor));
  m.pass(2h);
  CHECK(m.model.find_batch(id) != nullptr);
  CHECK(m.batch(id).jobs.empty());
}

TEST_CASE("deleting a running batch keeps its history unless requested otherwise") {
  MovedModel m;
  const Id kept = m.create(10, {}, 1h);
  const Id gone = m.create(10, {}, 1h);
  m.pass(1s);
  REQUIRE(m.model.delete_batch(kept, false));
  REQUIRE(m.model.delete_batch(gone, true));
  CHECK_FALSE(m.model.delete_batch(gone, true));
  CHECK(m.model.history().at(kept).ended);
  CHECK(m.model.logs().contains(kept));
  CHECK_FALSE(m.model.history().contains(gone));
  CHECK_FALSE(m.model.logs().contains(gone));
  m.pass(2h);
  CHECK(m.model.batches().empty());
}

TEST_CASE("a running batch whose history is deleted runs on and never appears among the completed ones") {
  MovedModel m;
  const Id id = m.create(10, {}, 3s);
  m.pass(1s);
  REQUIRE(m.model.delete_history(id));
  CHECK_FALSE(m.model.delete_history(id));
  CHECK(m.model.find_batch(id) != nullptr);
  m.pass(10min);
  CHECK(m.model.find_batch(id) == nullptr);
  CHECK_FALSE(m.model.history().contains(id));
}
