// Contract rows: entry, negotiation, growth, identity, threads, configuration, stopping, exceptions.
#include <cockpit/sdk.hpp>
#include <stdexcept>
#include <thread>

#include "bench.hpp"
#include "sdk_entry.hpp"

using abi::Answer;
using abi::Bench;
using namespace std::chrono_literals;

TEST_CASE("a library that refuses the host, or cannot be created, says why", "[negotiation]") {
  const bool framed = GENERATE(false, true);
  scripted::Manner manner;
  manner.refuse_entry = "I want version 9";
  CHECK(Bench{framed, manner}.start() == "I want version 9");
  manner = {};
  manner.refuse_create = "the licence file is missing";
  CHECK(Bench{framed, manner}.start() == "the licence file is missing");
}

TEST_CASE("the host refuses what it cannot work with, and names it", "[negotiation]") {
  const bool framed = GENERATE(false, true);
  scripted::Manner manner;
  manner.version = 2;
  CHECK_THAT((Bench{framed, manner}.start()), ContainsSubstring("chose version 2"));
  manner = {};
  manner.draft = COCKPIT_ABI_DRAFT + 1;
  CHECK_THAT((Bench{framed, manner}.start()), ContainsSubstring("draft 2"));
  manner = {};
  manner.small_descriptor = true;
  CHECK_THAT((Bench{framed, manner}.start()), ContainsSubstring("too small"));
  manner = {};
  manner.without_view = true;
  CHECK_THAT((Bench{framed, manner}.start()), ContainsSubstring("no cockpit.view/1"));
  manner = {};
  manner.id = "Bad Id";
  CHECK_THAT((Bench{framed, manner}.start()), ContainsSubstring("[a-z0-9-]"));
  manner = {};
  manner.required = {"cockpit.watch/1", "cockpit.time-travel/1"};
  const auto missing = Bench{framed, manner}.start();
  CHECK_THAT(missing, ContainsSubstring("cockpit.time-travel/1"));
  CHECK_THAT(missing, !ContainsSubstring("cockpit.watch/1"));
}

TEST_CASE("the host info names the host", "[negotiation]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  CHECK(scripted::seen().host == "cockpit-host test");
}

TEST_CASE("extensions are given in create, drafts only when allowed, unknown ones never", "[growth]") {
  const bool framed = GENERATE(false, true);
  Bench bench{framed};
  REQUIRE(bench.start().empty());
  CHECK(scripted::seen().extensions == std::vector<std::string>{COCKPIT_WATCH_1, COCKPIT_LOG_1});
}

TEST_CASE("extensions asked after create are refused, and the plugin is reported", "[growth]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  bench.asked("extension");
  CHECK_FALSE(scripted::seen().extension_after_create);
  CHECK(bench.runtime->violation_count() > 0);
}

TEST_CASE("every control function comes on one thread, which is not the host's", "[threads]") {
  const bool framed = GENERATE(false, true);
  {
    Bench bench{framed};
    REQUIRE(bench.start().empty());
    bench.asked("answer");
    bench.runtime->open_authority(3, {"default", COCKPIT_CREDENTIALS_BASIC, "mary", "secret"});
    bench.runtime->close_authority(3);
    bench.asked("answer");
    CHECK(bench.stop());
  }
  const auto seen = scripted::seen();
  CHECK(seen.one_control_thread);
  CHECK(seen.calls.front() == "entry");
  CHECK(seen.calls.back() == "destroy");
}

TEST_CASE("authorities are opened and closed in order, and no request carries their secret", "[identity]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  bench.runtime->open_authority(3, {"default", COCKPIT_CREDENTIALS_BASIC, "mary", "s3cret"});
  const auto answer = bench.asked("echo");
  bench.runtime->close_authority(3);
  bench.asked("answer");
  const auto seen = scripted::seen();
  CHECK(seen.secret == "s3cret");
  CHECK(answer.body.find("s3cret") == std::string::npos);
  const std::vector<std::string> expected{"entry",          "create", "configure", "invoke",
                                          "open 3 default", "invoke", "close 3",   "invoke"};
  CHECK(seen.calls == expected);
}

TEST_CASE("a configuration is taken whole or refused with the reason", "[configuration]") {
  const bool framed = GENERATE(false, true);
  CHECK_THAT(Bench{framed}.start(R"({"bad":1})"), ContainsSubstring("no setting of mine"));
  Bench bench{framed};
  REQUIRE(bench.start().empty());
  std::string why = "?";
  bench.runtime->configure(R"({"bad":1})", [&](std::string reason) { why = std::move(reason); });
  bench.until([&] { return why != "?"; });
  CHECK_THAT(why, ContainsSubstring("no setting of mine"));
  CHECK(bench.asked("answer").status == COCKPIT_OK);
}

TEST_CASE("a plugin that hangs is quarantined, its calls end, and it serves again when it is back",
          "[threads]") {
  host::loader::RuntimeOptions options;
  options.thread_patience = 100ms;
  Bench bench{GENERATE(false, true), {}, options};
  REQUIRE(bench.start().empty());
  Answer hanging, waiting;
  bench.ask(waiting, "wait");
  bench.ask(hanging, "hang");
  bench.until([&] { return hanging.came && waiting.came; });
  CHECK(hanging.status == COCKPIT_TIMEOUT);
  CHECK(waiting.status == COCKPIT_TIMEOUT);
  CHECK(bench.runtime->state() == host::loader::Runtime::State::quarantined);
  CHECK(bench.asked("answer").status == COCKPIT_UNAVAILABLE);
  bench.until([&] { return bench.runtime->state() == host::loader::Runtime::State::serving; });
  CHECK(bench.asked("answer").status == COCKPIT_OK);
  CHECK(bench.runtime->quarantines() == 1);
}

TEST_CASE("stopping completes every open call and watch, then the plugin is destroyed", "[stopping]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  Answer call, watched;
  bench.ask(call, "wait");
  bench.watch(watched, "nothing at all");
  CHECK(bench.stop());
  CHECK(call.status == COCKPIT_STOPPING);
  CHECK(watched.status == COCKPIT_STOPPING);
  const auto seen = scripted::seen();
  CHECK(seen.calls[seen.calls.size() - 2] == "stop");
  CHECK(seen.calls.back() == "destroy");
}

TEST_CASE(
    "a plugin that does not say stopped is left behind, its calls end all the same; if it ends after all it "
    "is destroyed",
    "[stopping]") {
  scripted::Manner manner;
  manner.never_stops = true;
  host::loader::RuntimeOptions options;
  options.stop_patience = 50ms;
  Bench bench{GENERATE(false, true), manner, options};
  REQUIRE(bench.start().empty());
  Answer call;
  bench.ask(call, "wait");
  CHECK_FALSE(bench.stop());
  CHECK(call.status == COCKPIT_STOPPING);
  CHECK(scripted::seen().calls.back() == "stop");
  scripted::relent();
  bench.until([&] { return scripted::seen().calls.back() == "destroy" && bench.runtime.use_count() == 1; });
}

TEST_CASE("after stop the plugin is asked nothing more", "[stopping]") {
  Bench bench{GENERATE(false, true)};
  REQUIRE(bench.start().empty());
  REQUIRE(bench.stop());
  Answer answer;
  CHECK(bench.ask(answer, "answer") == 0);
  CHECK(answer.status == COCKPIT_STOPPING);
  CHECK(scripted::seen().calls.back() == "destroy");
}

TEST_CASE("start and stop a hundred times", "[stopping]") {
  const bool framed = GENERATE(false, true);
  for (int i = 0; i < 100; ++i) {
    Bench bench{framed};
    REQUIRE(bench.start().empty());
    Answer call;
    bench.ask(call, i % 2 == 0 ? "wait" : "thread");
    REQUIRE(bench.stop());
    REQUIRE(call.came);
  }
}

namespace {

// Breaks the one rule the SDK has to keep for everybody: it throws, and it drops its calls.
class Careless final : public cockpit::Plugin {
 public:
  explicit Careless(cockpit::Host) {}
  void invoke(cockpit::Call call, const cockpit::Request& request) override {
    if (request.body.find("describe") != std::string_view::npos) {
      call.ok("{}");
      return;
    }
    if (request.body.find("throw") != std::string_view::npos) throw std::runtime_error{"careless"};
    if (request.body.find("odd") != std::string_view::npos) throw 42;
  }
  void stop() override {}
};

class Impossible final : public cockpit::Plugin {
 public:
  explicit Impossible(cockpit::Host) { throw std::runtime_error{"no room for me"}; }
  void invoke(cockpit::Call, const cockpit::Request&) override {}
  void stop() override {}
};

}  // namespace

TEST_CASE("the SDK turns exceptions and forgotten calls into completions", "[exceptions]") {
  const bool framed = GENERATE(false, true);
  Bench bench{framed};
  bench.runtime = host::loader::Runtime::make(
      bench.io, framed ? frame_shim::around(&sdk_entry<Careless>) : &sdk_entry<Careless>, {});
  REQUIRE(bench.start().empty());
  for (const auto* what : {"throw", "odd", "forget"}) {
    const auto answer = bench.asked(what);
    CHECK(answer.status == COCKPIT_INTERNAL);
    CHECK_THAT(answer.body, ContainsSubstring("dropped this call"));
  }
}

TEST_CASE("a constructor of the SDK that throws is a reason", "[exceptions]") {
  const bool framed = GENERATE(false, true);
  Bench bench{framed};
  bench.runtime = host::loader::Runtime::make(
      bench.io, framed ? frame_shim::around(&sdk_entry<Impossible>) : &sdk_entry<Impossible>, {});
  CHECK(bench.start() == "no room for me");
}
