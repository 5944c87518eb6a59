// Contract rows: calls, handles, memory, errors, data, limits. Each runs directly and through the wall of
// frames.
#include "bench.hpp"

using abi::Answer;
using abi::Bench;
using namespace std::chrono_literals;

TEST_CASE("a call that was taken is completed once, from inside the call or from any thread", "[calls]") {
  const bool framed = GENERATE(false, true);
  Bench bench{framed};
  REQUIRE(bench.start().empty());
  const auto inside = bench.asked("answer");
  CHECK(inside.status == COCKPIT_OK);
  CHECK(inside.body == R"({"answer":1})");
  const auto outside = bench.asked("thread");
  CHECK(outside.body == R"({"answer":"from a thread"})");
  if (framed) CHECK(frame_shim::frames() > 4);
}

TEST_CASE("a second completion is dropped and counted", "[calls]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  const auto answer = bench.asked("twice");
  CHECK(answer.body == R"({"answer":"first"})");
  bench.until([&] { return bench.runtime->counts().stale == 1; });
  CHECK(answer.completions == 1);
}

TEST_CASE("handles of calls that are over, or were never opened, are recognized", "[handles]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  const auto answer = bench.asked("forged");
  CHECK(answer.body == R"({"answer":"true one"})");
  CHECK(bench.runtime->counts().stale == 3);
}

TEST_CASE("a call that is not taken ends with the status the plugin gave, and owes nothing", "[calls]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  const auto answer = bench.asked("refuse");
  CHECK(answer.status == COCKPIT_NOT_FOUND);
  CHECK_THAT(answer.body, ContainsSubstring("\"status\":404"));
  CHECK(bench.asked("answer").status == COCKPIT_OK);
}

TEST_CASE("the host owns the deadline; a later answer is late, and reported to the audit log", "[calls]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  Answer answer;
  bench.ask(answer, "late", 30ms);
  bench.until([&] { return answer.came; });
  CHECK(answer.status == COCKPIT_TIMEOUT);
  bench.until([&] { return answer.late; });
  CHECK(answer.late_body == R"({"answer":"late"})");
  CHECK(answer.completions == 1);
  CHECK(bench.runtime->counts().late == 1);
}

TEST_CASE("cancel asks a call to end early and is harmless afterwards", "[calls]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  Answer answer;
  const auto call = bench.ask(answer, "wait");
  bench.runtime->cancel(call);
  bench.until([&] { return answer.came; });
  CHECK(answer.status == COCKPIT_CANCELLED);
  bench.runtime->cancel(call);
  bench.runtime->cancel(call);
  CHECK(bench.asked("answer").status == COCKPIT_OK);
  CHECK(answer.completions == 1);
}

TEST_CASE("progress reaches the caller before the completion; a progress over its limit is refused",
          "[calls]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  const auto answer = bench.asked("progress");
  REQUIRE(answer.progress.size() == 1);
  CHECK(answer.progress.front() == R"({"done":1,"of":3})");
  CHECK(bench.runtime->counts().refused == 1);
}

TEST_CASE("the host copies before complete returns", "[memory]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  CHECK(bench.asked("overwrite").body == R"({"answer":"as it was"})");
}

TEST_CASE("a request reaches the plugin byte by byte", "[data]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  CHECK(bench.asked("echo\",\"text\":\"\u00e4\u4e16").body == "{\"do\":\"echo\",\"text\":\"\u00e4\u4e16\"}");
}

TEST_CASE("a problem passes with its status", "[errors]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  const auto answer = bench.asked("problem");
  CHECK(answer.status == COCKPIT_DENIED);
  CHECK_THAT(answer.body, ContainsSubstring("Not for you."));
}

TEST_CASE("an answer that is not JSON in UTF-8 becomes a problem that says so", "[errors]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  const auto [what, why] = GENERATE(table<std::string, std::string>({{"garbage", "not JSON at byte"},
                                                                     {"brackets", "nested deeper than 32"},
                                                                     {"latin1", "not JSON at byte"}}));
  const auto answer = bench.asked(what);
  CHECK(answer.status == COCKPIT_INTERNAL);
  CHECK_THAT(answer.body, ContainsSubstring(why));
  CHECK(bench.runtime->counts().malformed == 1);
  CHECK(bench.asked("answer").status == COCKPIT_OK);
}

TEST_CASE("line breaks of an answer cannot end a line of an event stream", "[errors]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  const auto answer = bench.asked("lines");
  CHECK(answer.status == COCKPIT_OK);
  CHECK(answer.body.find_first_of("\r\n") == std::string::npos);
  CHECK_THAT(answer.body, ContainsSubstring("\\nevent: run"));
}

TEST_CASE("a completion over the limit ends the call TOO_LARGE", "[limits]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  const auto answer = bench.asked("large");
  CHECK(answer.status == COCKPIT_TOO_LARGE);
  CHECK_THAT(answer.body, ContainsSubstring("4194304"));
}

TEST_CASE("no more calls are open than the limit passed to the plugin", "[limits]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  const auto most = static_cast<std::size_t>(host::plugins::host_limits.open_calls);
  std::vector<Answer> answers(most + 1);
  for (std::size_t i = 0; i < most; ++i) REQUIRE(bench.ask(answers[i], "wait") != 0);
  CHECK(bench.ask(answers[most], "wait") == 0);
  CHECK(answers[most].status == COCKPIT_BUSY);
  CHECK(bench.stop());
  for (std::size_t i = 0; i < most; ++i) CHECK(answers[i].status == COCKPIT_STOPPING);
}

TEST_CASE("a request over its limit is not sent", "[limits]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  const auto answer = bench.asked(std::string(host::plugins::host_limits.request_bytes + 1, 'x'));
  CHECK(answer.status == COCKPIT_TOO_LARGE);
}

TEST_CASE("log lines are harmless and bounded", "[limits]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  bench.asked("log");
  bench.until([&] { return !bench.logged.empty(); });
  CHECK(bench.logged.front() == "2 a line with a break  [31m");
  CHECK(bench.logged.size() <= 2 * host::plugins::host_limits.log_per_second);
}
