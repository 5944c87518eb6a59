// The end of a host: what is under way gets its time, what hangs gets none.
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "bench.hpp"

using bench::Bench;
using nlohmann::json;

namespace {

json run_of(const Bench& bench, const std::string& key) {
  return json::parse(bench.run(key));
}

// The processes that this one has started and that are still there.
std::size_t children() {
  std::size_t count = 0;
  for (const auto& one : std::filesystem::directory_iterator{"/proc"}) {
    const auto stat = bench::content_of(one.path() / "stat");
    const auto name_end = stat.rfind(") ");
    if (name_end == std::string::npos || stat.size() < name_end + 4) continue;
    if (std::stoi(stat.substr(name_end + 4)) == ::getpid()) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("an action that a replaced plugin is finishing gets the time of stopping like any other") {
  Bench bench;
  const bench::Environment release{"HOSTILE_RELEASE", bench.file("release").string()};
  bench.drop("finishes_first", "plugin");
  bench.start();
  REQUIRE(bench.act("first").status == COCKPIT_OK);
  bench.drop("well_behaved_2", "plugin");
  bench.until([&] { return bench.service->registry().find("hostile")->version == "2.0.0"; });

  bool over = false;
  bench.service->stop([&over](bool clean) { over = clean; });
  bench.until([&] { return bench.state("plugin.so") == "stopped"; });  // the new one has nothing to finish
  bench::touch(bench.file("release"));
  bench.until([&over] { return over; });
  CHECK(run_of(bench, "first").at("outcome") == "ok");
  CHECK(run_of(bench, "first").at("message") == "done by 1.0.0");
  CHECK_THAT(bench.audit(), ContainsSubstring("\"event\":\"ended\""));
}

TEST_CASE("an action that its plugin does not end in time is of unknown outcome when the host ends") {
  Bench bench{[](auto& options) { options.registry.runtime.stop_patience = std::chrono::milliseconds{100}; }};
  const bench::Environment release{"HOSTILE_RELEASE", bench.file("release").string()};
  bench.drop("slow_action");
  bench.start();
  REQUIRE(bench.act("first").status == COCKPIT_OK);
  bool over = false;
  bool clean = true;
  const auto stop = [&] {
    bench.service->stop([&](bool all_ended) {
      over = true;
      clean = all_ended;
    });
  };
  stop();
  bench.until([&over] { return over; });
  CHECK_FALSE(clean);
  const auto run = run_of(bench, "first");
  CHECK(run.at("outcome") == "unknown");
  CHECK_THAT(
      run.at("message").get<std::string>(),
      ContainsSubstring("was stopped") && ContainsSubstring("It is unknown whether the action was done"));
  bench::touch(bench.file("release"));
  bench.until([&] {
    stop();
    return clean;
  });
}

TEST_CASE("a host that ends waits for no probe: the child is killed, and nothing is said of its plugin") {
  Bench bench;
  const bench::Environment trace{"HOSTILE_TRACE", bench.file("trace").string()};
  bench.drop("hang_in_constructor");
  bench.begin();
  bench.until([&] { return std::filesystem::exists(bench.file("trace")); });
  CHECK(children() == 1);
  bool over = false;
  bench.service->stop([&over](bool) { over = true; });
  CHECK(children() == 0);
  bench.until([&over] { return over; });
  bench.io.restart();
  bench.io.poll();  // what may have been posted in the meantime
  CHECK(bench.reason("hang_in_constructor.so").empty());
}
