// Whatever people do in whatever order, and whatever engines answer: the invariants hold, and a fault in each
// of them would be found.
#include "schedules.hpp"

#include <cstdlib>
#include <iostream>

#include "catch.hpp"

using namespace batch_view_tests;

namespace {

std::uint64_t number(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace

TEST_CASE(
    "simulated schedules, 10,000 unless COCKPIT_SCHEDULES says otherwise: clicks, polls, answers late, lost "
    "or "
    "out of order, ends at any step",
    "[schedules]") {
  for (std::uint64_t seed = 1; seed <= number("COCKPIT_SCHEDULES", 10'000); ++seed) {
    const auto broken = run_schedule(seed);
    INFO("seed " << seed << ": " << broken);
    REQUIRE(broken.empty());
  }
}

TEST_CASE("a fault that is planted in any of the invariants is found", "[schedules]") {
  const auto finds = [](Planted planted, const std::string& what) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed)
      if (run_schedule(seed, planted).find(what) != std::string::npos) return true;
    return false;
  };
  CHECK(finds(Planted::lost_callback, "does not"));
  CHECK(finds(Planted::second_completion, "a second completion"));
  CHECK(finds(Planted::deaf_to_cancel, "a change after its call was cancelled"));
  CHECK(finds(Planted::restless, "is asked though nobody looks"));
  CHECK(finds(Planted::repeated_changes, "the same change twice"));
  CHECK(finds(Planted::shared_credentials, "of somebody else's"));
  CHECK(finds(Planted::tight_bounds, " of 1"));
}

// ./dev fuzz [COUNT [FIRST]]: as many as wanted, from a seed on.
TEST_CASE("so many simulated schedules as COCKPIT_SCHEDULES says, from COCKPIT_FIRST_SEED on", "[.fuzz]") {
  const auto schedules = number("COCKPIT_SCHEDULES", 1'000'000);
  const auto first = number("COCKPIT_FIRST_SEED", 1);
  for (std::uint64_t seed = first; seed < first + schedules; ++seed) {
    const auto broken = run_schedule(seed);
    INFO("seed " << seed << ": " << broken);
    REQUIRE(broken.empty());
    if ((seed - first + 1) % 10'000 == 0) std::cerr << seed - first + 1 << " schedules\n";
  }
}
