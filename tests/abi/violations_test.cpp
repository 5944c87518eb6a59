// Contract rows that a plugin breaks: each is said once, by name, and costs nothing but its own call.
#include <algorithm>
#include <cockpit/sdk.hpp>
#include <new>
#include <stdexcept>
#include <thread>

#include "bench.hpp"
#include "sdk_entry.hpp"

using abi::Answer;
using abi::Bench;
using host::loader::Violation;
using namespace std::chrono_literals;

namespace {

std::size_t lines_with(const Bench& bench, const std::string& words) {
  return static_cast<std::size_t>(
      std::count_if(bench.logged.begin(), bench.logged.end(),
                    [&](const auto& line) { return line.find(words) != std::string::npos; }));
}

}  // namespace

TEST_CASE("a member that is null, or beyond its table, is named, and the plugin is not used", "[growth]") {
  const auto [member, words] = GENERATE(table<std::string, std::string>({
      {"get_extension", "the plugin's table: get_extension is null"},
      {"cancel", "the plugin's table: cancel is null"},
      {"stop", "the plugin's table: stop is null"},
      {"destroy", "the plugin's table: destroy is null"},
      {"view.invoke", "cockpit.view/1: invoke is null"},
      {"watch.watch", "cockpit.watch/1: watch is null"},
      {"authority.open", "cockpit.authority/1: open is null"},
      {"authority.close", "cockpit.authority/1: close is null"},
      {"configuration.configure", "cockpit.configuration/1: configure is null"},
      {"sign_in.verify", "cockpit.sign_in/1: verify is null"},
  }));
  scripted::Manner manner;
  manner.null_member = member;
  Bench bench{false, manner};
  CHECK(bench.start() == words);
  manner = {};
  manner.small_table = "view";
  CHECK_THAT((Bench{false, manner}.start()), ContainsSubstring("cockpit.view/1 is too small"));
  manner.small_table = "plugin";
  CHECK_THAT((Bench{false, manner}.start()), ContainsSubstring("destroy is missing"));
}

TEST_CASE("nothing reaches a plugin that is being destroyed, or is gone", "[stopping]") {
  scripted::Manner manner;
  manner.slow_to_end = true;
  Answer call;
  {
    Bench bench{GENERATE(false, true), manner};
    REQUIRE(bench.start().empty());
    const auto id = bench.ask(call, "wait");
    bool over = false;
    bench.runtime->stop([&over](bool) { over = true; });
    bench.until([] { return scripted::seen().calls.back() == "destroy"; });
    bench.runtime->cancel(id);  // behind destroy, on the plugin thread
    bench.runtime->open_authority(3, {"default", COCKPIT_CREDENTIALS_NONE, "", ""});
    bench.runtime->close_authority(3);
    scripted::let_end();
    bench.until([&over] { return over; });
    bench.runtime->cancel(id);
    bench.runtime->close_authority(3);
    CHECK(bench.stop());
  }  // joins the plugin thread: all that was queued is done
  CHECK(scripted::seen().calls.back() == "destroy");
}

TEST_CASE("an exception of a plugin ends its call and is said, and the plugin goes on", "[exceptions]") {
  Bench bench{false};
  REQUIRE(bench.start().empty());
  const auto answer = bench.asked("throw");
  CHECK(answer.status == COCKPIT_INTERNAL);
  CHECK(answer.completions == 1);
  bench.until([&] { return lines_with(bench, "an exception left one of its functions") == 1; });
  CHECK_THAT(bench.logged.back(), ContainsSubstring("invoke: thrown across the boundary"));
  CHECK(bench.asked("answer").status == COCKPIT_OK);
}

TEST_CASE("each kind of broken rule is one line, however often it is broken", "[errors]") {
  Bench bench{false};
  REQUIRE(bench.start().empty());
  for (int i = 0; i < 100; ++i) bench.asked("twice");
  bench.until([&] { return bench.runtime->violations().of(Violation::completed_twice) == 100; });
  bench.asked("forged");
  CHECK(bench.runtime->violations().of(Violation::unknown_call) == 3);
  CHECK(bench.asked("made-up status").status == COCKPIT_INTERNAL);
  CHECK(bench.asked("negative status").status == COCKPIT_INTERNAL);
  CHECK(bench.asked("refuse oddly").status == COCKPIT_INTERNAL);
  CHECK(bench.runtime->violations().of(Violation::unknown_status) == 3);
  CHECK(bench.asked("garbage").status == COCKPIT_INTERNAL);
  Answer late;
  bench.ask(late, "late garbage", 20ms);
  bench.until([&] { return late.late; });
  CHECK(late.status == COCKPIT_TIMEOUT);
  bench.until([&] { return lines_with(bench, "its late answer was refused: it is not JSON") == 1; });
  CHECK(lines_with(bench, "a call that was over already") == 3);  // the 1st, the 10th and the 100th
  CHECK(lines_with(bench, "(100 times by now)") == 1);
  CHECK(lines_with(bench, "a call that it was never given") == 1);
  CHECK(lines_with(bench, "does not have: 4711") == 1);
  CHECK(lines_with(bench, "its answer was refused: it is not JSON") == 1);
  CHECK(bench.asked("answer").status == COCKPIT_OK);
}

TEST_CASE("a plugin in quarantine has a reason and a next step, and its return is said", "[threads]") {
  host::loader::RuntimeOptions options;
  options.thread_patience = 100ms;
  Bench bench{false, {}, options};
  REQUIRE(bench.start().empty());
  CHECK(bench.runtime->trouble().empty());
  Answer hanging;
  bench.ask(hanging, "hang");
  bench.until([&] { return hanging.came; });
  CHECK_THAT(bench.runtime->trouble(), ContainsSubstring("a call within 100 ms (invoke)") &&
                                           ContainsSubstring("take its file out of the plugin folder"));
  CHECK(lines_with(bench, "has not come back") == 1);
  CHECK_THAT(bench.asked("answer").body, ContainsSubstring("start the host again"));
  bench.until([&] { return bench.runtime->state() == host::loader::Runtime::State::serving; });
  CHECK(bench.runtime->trouble().empty());
  CHECK(lines_with(bench, "serves again") == 1);
}

namespace {

class Throwing final : public cockpit::Plugin {
 public:
  explicit Throwing(cockpit::Host host) : host_(std::move(host)) {}
  ~Throwing() override {
    if (thread_.joinable()) thread_.join();
  }
  Throwing(const Throwing&) = delete;
  Throwing& operator=(const Throwing&) = delete;
  void invoke(cockpit::Call call, const cockpit::Request& request) override {
    if (request.body.find("describe") != std::string_view::npos) {
      call.ok("{}");
      return;
    }
    if (thread_.joinable()) thread_.join();
    thread_ = std::thread{[this, call = std::make_shared<cockpit::Call>(std::move(call))]() mutable {
      int turn = 0;
      cockpit::run_guarded(host_, "the loop", [&] {
        if (turn++ == 0) {
          const auto owed = std::move(call);
          throw std::bad_alloc{};
        }
        if (turn == 2) throw 42;
      });
    }};
  }
  void cancel(cockpit_call) override { throw std::runtime_error{"no cancelling"}; }
  void stop() override {}

 private:
  cockpit::Host host_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("the SDK guards a plugin's own threads: the call is ended, the loop goes on, the log says why",
          "[exceptions]") {
  Bench bench{false};
  host::loader::RuntimeOptions options;
  options.log = [&bench](std::uint32_t, const std::string& line) { bench.logged.push_back(line); };
  bench.runtime = host::loader::Runtime::make(bench.io, &sdk_entry<Throwing>, options);
  REQUIRE(bench.start().empty());
  for (int i = 0; i < 2; ++i) {
    Answer answer;
    const auto id = bench.ask(answer, "throw");
    bench.runtime->cancel(id);
    bench.until([&] { return answer.came; });
    CHECK(answer.status == COCKPIT_INTERNAL);
  }
  bench.until([&] { return lines_with(bench, "no std::exception") == 2; });
  CHECK(lines_with(bench, "the loop: an exception ended it: std::bad_alloc") == 2);
  CHECK(bench.stop());
}

TEST_CASE("what a host gives throws nothing, by its type", "[exceptions]") {
  const cockpit_host host{};
  const cockpit_watch_host_1 watch{};
  const cockpit_log_host_1 log{};
  STATIC_REQUIRE(noexcept(host.complete(&host, 1, COCKPIT_OK, {})));
  STATIC_REQUIRE(noexcept(host.progress(&host, 1, {})));
  STATIC_REQUIRE(noexcept(host.stopped(&host)));
  STATIC_REQUIRE(noexcept(host.get_extension(&host, {})));
  STATIC_REQUIRE(noexcept(watch.update(&host, 1, COCKPIT_OK, 0, {})));
  STATIC_REQUIRE(noexcept(log.log(&host, 0, {})));
}
