// Rate and time left: only what was seen, or follows from the engine's own times; never a guess.
#include "session/rate_estimator.hpp"

#include "catch.hpp"
#include "model/time.hpp"

using namespace batch_view;
using std::chrono::seconds;

namespace {

Batch batch_with(std::int64_t completed, std::int64_t failed = 0) {
  Batch batch;
  batch.id = "b";
  batch.total = batch.created = 1000;
  batch.completed = completed;
  batch.remaining = batch.total - completed;
  batch.failed = failed;
  return batch;
}

const RateEstimator::Clock::time_point begin{seconds{1000}};

}  // namespace

TEST_CASE("nothing is said of a batch that was seen once") {
  RateEstimator pace;
  pace.add({batch_with(100)}, begin);
  CHECK_FALSE(pace.rate(batch_with(100), 0).has_value());
}

TEST_CASE("the rate is what was seen in the last minute") {
  RateEstimator pace;
  for (int i = 0; i <= 200; ++i) pace.add({batch_with(i < 100 ? 0 : (i - 100) * 5)}, begin + seconds{i});
  const auto rate = pace.rate(batch_with(500), 0);
  REQUIRE(rate.has_value());
  CHECK(*rate == Approx(5));
  CHECK(time_left(batch_with(500), rate) == 100'000);
}

TEST_CASE("a batch that stands still has the rate 0 and no time left") {
  RateEstimator pace;
  for (int i = 0; i <= 20; ++i) pace.add({batch_with(100)}, begin + seconds{i});
  CHECK(pace.rate(batch_with(100), 0) == 0.0);
  CHECK_FALSE(time_left(batch_with(100), 0.0).has_value());
}

TEST_CASE("right after opening the average since the first job counts, by the engine's clock") {
  auto batch = batch_with(200);
  batch.first_done = "2030-01-01T00:00:00.000+0000";
  const auto start = *ms_of(*batch.first_done);
  const RateEstimator pace;
  CHECK(*pace.rate(batch, start + 100'000) == Approx(2));
  CHECK_FALSE(pace.rate(batch, start + 2'000).has_value());   // too short to tell
  CHECK_FALSE(pace.rate(batch, start - 50'000).has_value());  // the clocks contradict each other
  batch.completed = 3;
  CHECK_FALSE(pace.rate(batch, start + 100'000).has_value());  // too few to tell
}

TEST_CASE("a rest makes the rate unknown, and it begins anew after it") {
  RateEstimator pace;
  for (int i = 0; i <= 20; ++i) pace.add({batch_with(i * 10)}, begin + seconds{i});
  auto resting = batch_with(200);
  resting.suspended = true;
  pace.add({resting}, begin + seconds{21});
  CHECK_FALSE(pace.rate(resting, 0).has_value());
  pace.add({batch_with(200)}, begin + seconds{22});
  CHECK_FALSE(pace.rate(batch_with(200), 0).has_value());
}

TEST_CASE("failed jobs do not count towards the time left") {
  CHECK(time_left(batch_with(500, 400), 10.0) == 10'000);
  CHECK_FALSE(time_left(batch_with(500, 500), 10.0).has_value());
}

TEST_CASE("the time left has two figures") {
  CHECK(time_left(batch_with(0), 1000.0 / 12345) == 12'000'000);
}
