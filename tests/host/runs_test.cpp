// Actions as runs: once for one key, audited before they begin, known to their end.
#include <nlohmann/json.hpp>
#include <sstream>

#include "bench.hpp"

using bench::Bench;
using nlohmann::json;

namespace {

struct Acting {
  explicit Acting(const std::string& plugin,
                  const std::function<void(host::views::ServiceOptions&)>& change = {})
      : bench(change) {
    bench.drop(plugin);
    bench.start();
  }
  json ended(const std::string& key) {
    bench.until([&] { return run(key).value("state", "") == "ended"; });
    return run(key);
  }
  json run(const std::string& key) const {
    const auto kept = json::parse(bench.run(key));
    return kept.is_null() ? json::object() : kept;
  }
  std::vector<json> audited() const {
    std::vector<json> lines;
    std::istringstream text{bench.audit()};
    for (std::string line; std::getline(text, line);) lines.push_back(json::parse(line));
    return lines;
  }
  Bench bench;
};

}  // namespace

TEST_CASE("the audit log says started before the plugin is called, and ended with the outcome") {
  Acting acting{"well_behaved"};
  const bench::Environment audit{"HOSTILE_AUDIT", acting.bench.file("audit.jsonl").string()};
  REQUIRE(acting.bench.act("one", "throw").status == COCKPIT_OK);
  const auto run = acting.ended("one");
  CHECK(run.at("outcome") == "ok");
  CHECK(run.at("message") == "started 1, done 1");  // the plugin read the log while it was called
  const auto lines = acting.audited();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].at("event") == "started");
  CHECK(lines[0].at("principal") == "mary");
  CHECK(lines[0].at("plugin") == "hostile");
  CHECK(lines[0].at("action") == "throw");
  CHECK(lines[0].at("ids") == json{"flint"});
  CHECK(lines[1].at("event") == "ended");
  CHECK(lines[1].at("outcome") == "ok");
  CHECK(lines[1].at("run") == lines[0].at("run"));
}

TEST_CASE("one key is one run, however often it is sent") {
  Acting acting{"well_behaved"};
  const auto first = acting.bench.act("one");
  const auto second = acting.bench.act("one");
  CHECK(json::parse(first.run).at("id") == json::parse(second.run).at("id"));
  acting.ended("one");
  CHECK(json::parse(acting.bench.act("one").run).at("state") == "ended");
  CHECK(acting.audited().size() == 2);
  acting.bench.act("two");
  CHECK_THAT(acting.ended("two").at("message").get<std::string>(), ContainsSubstring("done 2"));

  SECTION("and a key of another run is refused") {
    const auto other = acting.bench.act("one", "throw");
    CHECK(other.status == COCKPIT_CONFLICT);
    CHECK_THAT(other.reason, ContainsSubstring("another run"));
  }
}

TEST_CASE("nothing is done unseen: without an audit log actions are refused with the cause") {
  const auto file = GENERATE(as<std::string>{}, "/dev/full", "/dev/null/audit.jsonl");
  Acting acting{"well_behaved", [&file](auto& options) { options.audit_file = file; }};
  const auto begun = acting.bench.act("one");
  CHECK(begun.status == COCKPIT_UNAVAILABLE);
  CHECK_THAT(begun.reason, ContainsSubstring(file));
  CHECK(acting.bench.service->runs().all().empty());
}

TEST_CASE("a read-only host refuses every action, and writes down who tried") {
  Acting acting{"well_behaved", [](auto& options) { options.read_only = true; }};
  CHECK(acting.bench.act("one", "throw").status == COCKPIT_DENIED);
  const auto lines = acting.audited();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].at("event") == "refused");
  CHECK(lines[0].at("principal") == "mary");
  CHECK(lines[0].at("action") == "throw");
  CHECK(lines[0].at("key") == "one");
  CHECK(lines[0].at("ids") == json{"flint"});
  CHECK(lines[0].at("status") == "denied");
  CHECK_THAT(lines[0].at("reason").get<std::string>(), ContainsSubstring("read-only"));
}

TEST_CASE("a flood of refused attempts fills no disk") {
  Acting acting{"well_behaved"};
  for (std::size_t i = 0; i < 10 * host::views::Runs::most_refusals; ++i)
    CHECK(acting.bench.act(std::to_string(i), std::string(100'000, 'f')).status == COCKPIT_INVALID);
  const auto lines = acting.audited();
  // Of one minute, or of two.
  CHECK(lines.size() >= host::views::Runs::most_refusals);
  CHECK(lines.size() <= 2 * host::views::Runs::most_refusals);
  CHECK(acting.bench.audit().size() < lines.size() * 5000);
  CHECK(lines[host::views::Runs::most_refusals - 1].contains("more"));
}

TEST_CASE(
    "an action whose answer does not come is of unknown outcome, and the late answer is audited and shown") {
  Acting acting{"late", [](auto& options) {
                  options.registry.runtime.thread_patience = std::chrono::milliseconds{100};
                }};
  const bench::Environment release{"HOSTILE_RELEASE", acting.bench.file("release").string()};
  REQUIRE(acting.bench.act("one").status == COCKPIT_OK);
  auto run = acting.ended("one");
  CHECK(run.at("outcome") == "unknown");
  CHECK_THAT(run.at("message").get<std::string>(),
             ContainsSubstring("has not come back from a call within 100 ms") &&
                 ContainsSubstring("It is unknown whether it was done"));
  CHECK_FALSE(run.contains("late"));
  bench::touch(acting.bench.file("release"));
  acting.bench.until([&] { return acting.run("one").value("late", false); });
  run = acting.run("one");
  CHECK(run.at("outcome") == "ok");
  const auto lines = acting.audited();
  REQUIRE(lines.size() == 3);
  CHECK(lines[1].at("outcome") == "unknown");
  CHECK(lines[2].at("event") == "ended late");
  CHECK(lines[2].at("outcome") == "ok");
}

TEST_CASE("a run is kept until it is dismissed, which it cannot be while it runs") {
  Acting acting{"slow_action"};
  const bench::Environment release{"HOSTILE_RELEASE", acting.bench.file("release").string()};
  REQUIRE(acting.bench.act("one").status == COCKPIT_OK);
  auto& runs = acting.bench.service->runs();
  const auto id = acting.run("one").at("id").get<std::string>();
  CHECK(runs.dismiss(id) == COCKPIT_CONFLICT);
  CHECK(runs.cancel(id));  // advice: this plugin does not take it
  CHECK_FALSE(runs.cancel("nobody"));
  bench::touch(acting.bench.file("release"));
  acting.ended("one");
  std::string dismissed;
  runs.on_dismissed = [&dismissed](const std::string& which) { dismissed = which; };
  CHECK(runs.dismiss(id) == COCKPIT_OK);
  CHECK(dismissed == id);
  CHECK(runs.dismiss(id) == COCKPIT_NOT_FOUND);
  CHECK(runs.all().empty());
}

TEST_CASE("runs are listed newest first, and only so many are kept") {
  Acting acting{"well_behaved"};
  for (std::size_t i = 0; i <= host::views::Runs::most_kept; ++i) {
    REQUIRE(acting.bench.act(std::to_string(i)).status == COCKPIT_OK);
    acting.ended(std::to_string(i));
  }
  const auto all = acting.bench.service->runs().all();
  CHECK(all.size() == host::views::Runs::most_kept);
  CHECK(json::parse(all.front()).at("key") == std::to_string(host::views::Runs::most_kept));
  CHECK(acting.run("0").empty());
}

TEST_CASE("an action on what is no action, or without what it needs, is refused, and written down as that") {
  Acting acting{"well_behaved"};
  CHECK(acting.bench.act("a", "fly").status == COCKPIT_INVALID);
  CHECK(acting.bench.act("", "count").status == COCKPIT_INVALID);
  CHECK(acting.bench.act(std::string(129, 'k'), "count").status == COCKPIT_INVALID);
  host::views::RunStart nothing_named;
  nothing_named.question.plugin = "hostile";
  nothing_named.action.action = "throw";
  nothing_named.action.run = "key";
  CHECK(acting.bench.service->begin(nothing_named).status == COCKPIT_INVALID);
  nothing_named.action.ids = {"flint"};
  nothing_named.action.dry_run = true;  // which "throw" does not have
  CHECK(acting.bench.service->begin(nothing_named).status == COCKPIT_INVALID);
  const auto lines = acting.audited();
  CHECK(lines.size() == 5);
  for (const auto& line : lines) CHECK(line.at("event") == "refused");
  CHECK(acting.bench.service->runs().all().empty());
}
