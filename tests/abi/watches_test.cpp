// Contract row: watching.
#include "bench.hpp"

using abi::Answer;
using abi::Bench;

TEST_CASE("a watch may be updated any number of times; an empty body only moves its age", "[watching]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  Answer watched;
  bench.watch(watched, "two");
  bench.until([&] { return watched.updates.size() == 2; });
  CHECK(watched.updates[0].body == R"({"n":1})");
  CHECK(watched.updates[0].as_of == 1000);
  CHECK(watched.updates[1].body.empty());
  CHECK(watched.updates[1].as_of == 2000);
  CHECK_FALSE(watched.came);
}

TEST_CASE("for a slow reader the newest update wins", "[watching]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  Answer watched;
  const auto call = bench.watch(watched, "flood");
  bench.until([&] { return !watched.updates.empty() && watched.updates.back().as_of == 10'000; });
  CHECK(watched.updates.back().body == R"({"n":10000})");
  CHECK(watched.updates.size() < 10'000);
  bench.runtime->cancel(call);
  bench.until([&] { return watched.came; });
}

TEST_CASE("'unchanged' right after an answer does not swallow the answer", "[watching]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  Answer watched;
  bench.watch(watched, "newest");
  bench.until([&] { return !watched.updates.empty() && watched.updates.back().as_of == 2; });
  CHECK(watched.updates.front().body == R"({"n":1})");
}

TEST_CASE("an error is an update too, and the watch goes on", "[watching]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  Answer watched;
  bench.watch(watched, "error");
  bench.until([&] { return !watched.updates.empty(); });
  CHECK(watched.updates.front().status == COCKPIT_UNAVAILABLE);
  CHECK_THAT(watched.updates.front().body, ContainsSubstring("The engine is down."));
  CHECK_FALSE(watched.came);
}

TEST_CASE("an update over its limit is refused, and its viewer is notified", "[watching][limits]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  Answer watched;
  bench.watch(watched, "big");
  bench.until([&] { return !watched.updates.empty(); });
  CHECK(watched.updates.front().status == COCKPIT_TOO_LARGE);
  CHECK_THAT(watched.updates.front().body, ContainsSubstring("1048576"));
  CHECK(bench.runtime->counts().refused == 1);
}

TEST_CASE("after an update over its limit the watch goes on", "[watching][limits]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  Answer watched;
  bench.watch(watched, "big, then small");
  bench.until([&] { return !watched.updates.empty() && watched.updates.back().status == COCKPIT_OK; });
  CHECK(watched.updates.back().body == R"({"n":"small"})");
  CHECK(bench.runtime->counts().refused == 1);
}

TEST_CASE("line breaks of an update become spaces", "[watching]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  Answer watched;
  bench.watch(watched, "forge");
  bench.until([&] { return !watched.updates.empty(); });
  CHECK(watched.updates.front().body.find('\n') == std::string::npos);
}

TEST_CASE("a watch ends with its one completion; what follows is stale", "[watching]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  Answer watched;
  bench.watch(watched, "gone");
  bench.until([&] { return watched.came; });
  CHECK(watched.status == COCKPIT_GONE);
  CHECK(watched.updates.empty());
  bench.until([&] { return bench.runtime->counts().stale == 1; });
}
