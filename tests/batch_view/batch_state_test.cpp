// What a batch is doing, derived from its numbers: one row a state, as the field knows them.
#include "model/batch_state.hpp"

#include "catch.hpp"
#include "engine/version.hpp"
#include "model/time.hpp"

using namespace batch_view;

namespace {

Batch batch_of(std::int64_t total, std::int64_t created, std::int64_t remaining, std::int64_t failed) {
  Batch batch;
  batch.id = "b";
  batch.total = total;
  batch.created = created;
  batch.remaining = remaining;
  batch.completed = total - remaining;
  batch.failed = failed;
  batch.seed_definition = "seed";
  batch.monitor_definition = "monitor";
  batch.job_definition = "jobs";
  return batch;
}

}  // namespace

TEST_CASE("the state of a running batch follows from its numbers", "[states]") {
  CHECK(state_of(batch_of(100, 40, 100, 0), DrivingJob::alive, false) == State::seeding);
  CHECK(state_of(batch_of(100, 100, 60, 0), DrivingJob::unknown, false) == State::running);
  CHECK(state_of(batch_of(100, 100, 60, 7), DrivingJob::unknown, false) == State::failing);
  CHECK(state_of(batch_of(40, 40, 7, 7), DrivingJob::unknown, false) == State::blocked);
  CHECK(state_of(batch_of(40, 40, 0, 0), DrivingJob::alive, false) == State::finishing);
  CHECK(state_of(batch_of(0, 0, 0, 0), DrivingJob::alive, false) == State::finishing);
  auto suspended = batch_of(100, 100, 60, 7);
  suspended.suspended = true;
  CHECK(state_of(suspended, DrivingJob::unknown, false) == State::suspended);
}

TEST_CASE("a batch is stuck when the one job that moves it on has no retries left, or is gone", "[states]") {
  CHECK(state_of(batch_of(1000, 300, 1000, 0), DrivingJob::without_retries, false) == State::stuck_seed);
  CHECK(state_of(batch_of(1000, 300, 1000, 0), DrivingJob::missing, false) == State::missing_seed);
  CHECK(state_of(batch_of(40, 40, 0, 0), DrivingJob::without_retries, false) == State::stuck_monitor);
  CHECK(state_of(batch_of(40, 40, 0, 0), DrivingJob::missing, false) == State::missing_monitor);
  // What is known of the driving job says nothing while jobs are there to run.
  CHECK(state_of(batch_of(40, 40, 5, 0), DrivingJob::missing, false) == State::running);
}

TEST_CASE("only a batch whose numbers do not move by themselves may be stalled", "[states]") {
  CHECK(driving_definition(batch_of(1000, 300, 1000, 0)) == "seed");
  CHECK(driving_definition(batch_of(40, 40, 0, 0)) == "monitor");
  CHECK_FALSE(driving_definition(batch_of(40, 40, 7, 7)));
}

TEST_CASE("an ended batch is completed, or was deleted before it finished", "[states]") {
  auto ended = batch_of(40, 40, 0, 0);
  ended.end = "2026-11-23T16:08:03.430+0000";
  CHECK(state_of(ended, DrivingJob::unknown, false) == State::completed);
  CHECK(state_of(ended, DrivingJob::unknown, true) == State::deleted_early);
  CHECK_FALSE(driving_definition(ended));
}

TEST_CASE("states that need attention are counted, those that only wait are not", "[states]") {
  for (const auto state : {State::failing, State::blocked, State::stuck_seed, State::stuck_monitor,
                           State::missing_seed, State::missing_monitor})
    CHECK(needs_attention(state));
  for (const auto state : {State::seeding, State::running, State::suspended, State::finishing,
                           State::completed, State::deleted_early})
    CHECK_FALSE(needs_attention(state));
}

TEST_CASE("times go from the engine's form to ISO 8601 and back", "[states]") {
  CHECK(iso("2026-11-23T16:08:03.430+0000") == "2026-11-23T16:08:03.430+00:00");
  CHECK(ms_of("1970-01-02T00:00:00.001+0000") == 86'400'001);
  CHECK(engine_time("2030-01-31T14:31:05.5+01:00") == "2030-01-31T13:31:05.500+0000");
  CHECK(engine_time("2030-01-31T14:31Z") == "2030-01-31T14:31:00.000+0000");
  for (const auto* wrong : {"", "yesterday", "2030-13-01T00:00:00Z", "2030-01-31", "2030-01-31T25:00:00Z",
                            "2030-01-31T14:31:05.5+1"})
    CHECK_FALSE(engine_time(wrong));
}

TEST_CASE("only Camunda before 7.18 cannot filter running batches by user, start and failures", "[states]") {
  CHECK(is_at_least("7.24.0", 18));
  CHECK(is_at_least("7.18.0-alpha1", 18));
  CHECK_FALSE(is_at_least("7.17.5-ee", 18));
  CHECK(is_at_least("1.0.3", 18));
  CHECK(is_at_least("something else", 18));
}

TEST_CASE("times are read in each form that an operator can make an engine write", "[time]") {
  const auto usual = ms_of(std::string{"2026-11-23T16:08:03.000+0000"});
  REQUIRE(usual);
  for (const char* time : {"2026-11-23T16:08:03Z", "2026-11-23T16:08:03+00:00", "2026-11-23T16:08:03+00",
                           "2026-11-23T17:08:03+01:00", "2026-11-23T17:08:03+01", "2026-11-23T15:08:03-0100",
                           "2026-11-23T16:08:03.000Z", "2026-11-23T16:08:03,000+0000", "2026-11-23 16:08:03",
                           "2026-11-23T16:08:03.000000+00:00", "2026-11-23T16:08:03"}) {
    CHECK(ms_of(std::string{time}) == usual);
    CHECK(iso(time) == "2026-11-23T16:08:03.000+00:00");
  }
  CHECK(iso("2026-11-23T16:08:03.430+0100") == "2026-11-23T16:08:03.430+01:00");
  CHECK(iso("yesterday") == "yesterday");
  for (const char* time :
       {"2026-11-23", "2026-11-23T16", "2026-11-23T16:08:03+1", "2026-11-23T16:08:03+01:0", ""})
    CHECK_FALSE(ms_of(std::string{time}));
}
