// The job log: what the engine writes down of each event.
#include "catch.hpp"
#include "moved_model.hpp"

using namespace demo_engine_tests;
using demo_engine::LogState;

namespace {

std::vector<LogState> states_of(const MovedModel& m, const Id& batch, JobKind kind) {
  std::vector<LogState> states;
  const auto& log = m.model.logs().at(batch);
  for (const auto& entry : kind == JobKind::monitor ? log.monitor : log.work)
    if (entry.kind == kind) states.push_back(entry.state);
  return states;
}

long count(const std::vector<LogState>& states, LogState state) {
  return std::count(states.begin(), states.end(), state);
}

}  // namespace

TEST_CASE("a job that fails for good leaves its creation and three failures with the retries before each") {
  MovedModel m;
  const Id id = m.create(1, always_failing(1));
  m.pass(1s);
  std::vector<int> retries;
  for (const auto& entry : m.model.logs().at(id).work)
    if (entry.state == LogState::failed) retries.push_back(entry.retries);
  CHECK(retries == std::vector<int>{3, 2, 1});
  CHECK(states_of(m, id, JobKind::execution) ==
        std::vector<LogState>{LogState::created, LogState::failed, LogState::failed, LogState::failed});
}

TEST_CASE("a batch that ended by itself has no deletion in the log of its seed and monitor jobs") {
  MovedModel m;
  const Id id = m.create(150);
  m.pass(1min);
  REQUIRE(m.model.find_batch(id) == nullptr);
  CHECK(count(states_of(m, id, JobKind::seed), LogState::succeeded) == 2);
  CHECK(count(states_of(m, id, JobKind::seed), LogState::deleted) == 0);
  CHECK(count(states_of(m, id, JobKind::monitor), LogState::deleted) == 0);
  CHECK(count(states_of(m, id, JobKind::execution), LogState::succeeded) == 150);
}

TEST_CASE("a batch deleted before it finished has one, of its monitor job or of its seed job") {
  MovedModel m;
  const Id seeded = m.create(10, {}, 1h);
  m.pass(1s);
  m.model.delete_batch(seeded, false);
  CHECK(count(states_of(m, seeded, JobKind::monitor), LogState::deleted) == 1);
  CHECK(count(states_of(m, seeded, JobKind::execution), LogState::deleted) == 10);
  const Id fresh = m.create(10);
  m.model.delete_batch(fresh, false);
  CHECK(count(states_of(m, fresh, JobKind::seed), LogState::deleted) == 1);
}

TEST_CASE("each look of the monitor job leaves a success and a new job, due half a minute later") {
  MovedModel m;
  const Id id = m.create(1, always_failing(1));
  m.pass(95s);
  const auto states = states_of(m, id, JobKind::monitor);
  CHECK(count(states, LogState::succeeded) == 4);
  CHECK(count(states, LogState::created) == 5);
  CHECK(m.model.logs().at(id).monitor.back().due > m.model.now());
}

TEST_CASE("a run disturbed by a suspension is a failure in the log that costs no retry") {
  MovedModel m;
  const Id id = m.create(1, {}, 5s);
  m.pass(1s);
  m.model.set_batch_suspended(id, true);
  m.pass(10s);
  const auto& entry = m.model.logs().at(id).work.back();
  CHECK(entry.state == LogState::failed);
  CHECK(entry.retries == 3);
  REQUIRE(entry.failure);
  CHECK_THAT(whole_message(*entry.failure), ContainsSubstring("ENGINE-03005"));
}
