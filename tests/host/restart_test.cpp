// What a host that was killed leaves behind, and what the next one makes of it: nothing is done twice.
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>

#include "program.hpp"
#include "views/audit.hpp"
#include "views/run_records.hpp"

using bench::Bench;
using bench::Place;
using bench::Program;
using nlohmann::json;

namespace {

constexpr const char* a_run = R"({"plugin":"hostile","action":"throw","ids":["flint"],"key":"one"})";

std::size_t effects(const Place& place) {
  return bench::content_of(place / "effects").size();
}

json the_run(const bench::Reply& reply) {
  INFO(reply.head << reply.body);
  REQUIRE(reply.status == 202);
  return reply.as_json();
}

std::string started(const std::string& key, std::uint64_t at, const std::string& run, const char* more = "") {
  return R"({"action":"throw","event":"started","key":")" + key +
         R"(","plugin":"hostile","principal":"mary",)" + more + R"("request":"r","run":")" + run +
         R"(","time":")" + host::views::utc_text(at) + "\"}\n";
}

}  // namespace

TEST_CASE(
    "a host that is killed while an action runs does not do it again when the same key is sent to the next") {
  const Place place;
  place.drop("slow_action");
  const bench::Environment effects_file{"HOSTILE_EFFECTS", (place / "effects").string()};
  const bench::Environment release{"HOSTILE_RELEASE", (place / "release").string()};
  {
    Program first{place};
    CHECK(the_run(first.post("/api/runs", a_run)).at("state") == "running");
    bench::eventually([&] { return effects(place) == 1; });
    first.signal(SIGKILL);
    CHECK(first.wait() == -SIGKILL);
  }
  bench::touch(place / "release");
  Program second{place};
  const auto run = the_run(second.post("/api/runs", a_run));
  CHECK(run.at("state") == "ended");
  CHECK(run.at("outcome") == "unknown");
  CHECK_THAT(run.at("message").get<std::string>(), ContainsSubstring("check before you repeat it"));
  const auto same =
      second.post("/api/runs", R"({"plugin":"hostile","action":"throw","ids":["chert"],"key":"one"})");
  CHECK(same.status == 409);
  CHECK(effects(place) == 1);
  CHECK(the_run(
            second.post("/api/runs", R"({"plugin":"hostile","action":"throw","ids":["flint"],"key":"two"})"))
            .at("state") == "running");
  bench::eventually([&] { return effects(place) == 2; });
}

TEST_CASE("a run whose end is in the audit log is answered with it, by the next host and by another one") {
  const Place place;
  place.drop("well_behaved");
  const bench::Environment effects_file{"HOSTILE_EFFECTS", (place / "effects").string()};
  auto first = std::make_unique<Program>(place);
  Program beside{place};  // started before the run began
  const auto id = the_run(first->post("/api/runs", a_run)).at("id");
  bench::eventually([&] { return bench::content_of(place.audit()).find("\"ended\"") != std::string::npos; });
  const auto answered = [&](const Program& host) {
    const auto run = the_run(host.post("/api/runs", a_run));
    CHECK(run.at("id") == id);
    CHECK(run.at("outcome") == "ok");
    CHECK(run.at("affected") == 1);
  };
  answered(beside);
  first->signal(SIGKILL);
  first->wait();
  first = std::make_unique<Program>(place);
  answered(*first);
  CHECK(effects(place) == 1);
  CHECK(first->ask("DELETE /api/runs/" + id.get<std::string>()).status ==
        404);  // it is recorded, and not kept
}

TEST_CASE("the key of a run that was dismissed, or that is too many runs ago, is not done again") {
  const Place place;
  Bench bench;
  bench.drop("well_behaved");
  bench.start();
  const bench::Environment effects_file{"HOSTILE_EFFECTS", bench.file("effects").string()};
  const auto count = [&] { return bench::content_of(bench.file("effects")).size(); };
  const auto done = [&](const std::string& key) {
    REQUIRE(bench.act(key).status == COCKPIT_OK);
    bench.until([&] { return bench.service->runs().running() == 0; });
  };
  done("one");
  REQUIRE(bench.service->runs().dismiss(json::parse(bench.run("one")).at("id")) == COCKPIT_OK);
  const auto again = bench.act("one");
  CHECK(again.status == COCKPIT_OK);
  CHECK(json::parse(again.run).at("outcome") == "ok");
  for (std::size_t i = 0; i <= host::views::Runs::most_kept; ++i) done("k" + std::to_string(i));
  CHECK(bench.run("k0") == "null");
  CHECK(json::parse(bench.act("k0").run).at("outcome") == "ok");
  CHECK(count() == host::views::Runs::most_kept + 2);
}

TEST_CASE("half a line that a killed process left costs nothing but itself") {
  const Place place;
  place.drop("well_behaved");
  std::filesystem::create_directory(place / "state");
  const auto now = host::views::now_ms();
  const auto whole = started("kept", now, "run-1");
  bench::touch(place.audit(), std::string(70'000, 'x') + "\nno JSON\n[1]\n{\"event\":\"started\"}\n" + whole +
                                  whole.substr(0, whole.size() / 2));
  Program host{place};
  CHECK(host.post("/api/runs", R"({"plugin":"hostile","action":"throw","ids":["flint"],"key":"kept"})")
            .status == 409);
  the_run(host.post("/api/runs", a_run));
  bench::eventually([&] { return bench::content_of(place.audit()).find("\"ended\"") != std::string::npos; });
  const auto lines = bench::lines_of(place.audit());
  REQUIRE(lines.size() == 9);  // the half one is a line by now: refused, started and ended follow it
  CHECK(lines[5].is_discarded());
  CHECK(lines[6].at("event") == "refused");
  CHECK(lines[7].at("event") == "started");
  CHECK(lines[8].at("event") == "ended");
}

TEST_CASE("only a line about a run of the last day that changed something keeps its key") {
  host::views::RunRecords records;
  const std::uint64_t now = 1'900'000'000'000;
  const std::uint64_t hour = 3'600'000;
  const auto take = [&](const std::string& line) { records.take(line, now); };
  take(started("old", now - 25 * hour, "r1"));
  take(started("young", now - 23 * hour, "r2"));
  take(started("dry", now, "r3", R"("dryRun":true,)"));
  take(R"({"event":"ended","run":"r2","outcome":"ok","affected":3,"time":"2030-03-17T17:46:40.000Z"})");
  take(R"({"event":"ended","run":"nobody's","outcome":"ok","time":"2030-03-17T17:46:40.000Z"})");
  take(R"({"event":"refused","key":"no","run":"r4","request":"r","time":"2030-03-17T17:46:40.000Z"})");
  CHECK(records.size() == 1);
  REQUIRE(records.find("young", now) != nullptr);
  CHECK(records.find("young", now)->state.at("outcome") == "ok");
  CHECK(records.find("young", now)->state.at("affected") == 3);
  CHECK(records.find("young", now + 2 * hour) == nullptr);
  CHECK(records.size() == 0);
  for (std::size_t i = 0; i < host::views::RunRecords::most + 2; ++i)
    take(started("k" + std::to_string(i), now, "run" + std::to_string(i)));
  CHECK(records.size() == host::views::RunRecords::most);
  CHECK(records.find("k1", now) == nullptr);
  CHECK(records.find("k2", now) != nullptr);
}

TEST_CASE(
    "an audit log that another process holds, or that nobody can write, stops every action, with the cause") {
  Bench bench;
  bench.drop("well_behaved");
  bench.start();
  const bench::Environment effects_file{"HOSTILE_EFFECTS", bench.file("effects").string()};
  const int held = ::open(bench.file("audit.jsonl").c_str(), O_RDWR | O_CREAT, 0600);
  REQUIRE(::flock(held, LOCK_EX) == 0);
  const auto refused = bench.act("one");
  CHECK(refused.status == COCKPIT_UNAVAILABLE);
  CHECK_THAT(refused.reason, ContainsSubstring("does not let go of it"));
  ::close(held);
  CHECK_FALSE(std::filesystem::exists(bench.file("effects")));
  CHECK(bench.act("one").status == COCKPIT_OK);
}

TEST_CASE("a log that is moved away for its archive is followed by a new one, and no key is forgotten") {
  Bench bench;
  bench.drop("well_behaved");
  bench.start();
  const auto done = [&](const std::string& key) {
    REQUIRE(bench.act(key).status == COCKPIT_OK);
    bench.until([&] { return bench.service->runs().running() == 0; });
  };
  done("one");
  std::filesystem::rename(bench.file("audit.jsonl"), bench.file("audit.1"));
  done("two");
  CHECK(bench::lines_of(bench.file("audit.1")).size() == 2);
  REQUIRE(bench::lines_of(bench.file("audit.jsonl")).size() == 2);
  CHECK(bench::lines_of(bench.file("audit.jsonl"))[0].at("key") == "two");
  std::filesystem::resize_file(bench.file("audit.jsonl"), 0);
  done("three");
  CHECK(bench::lines_of(bench.file("audit.jsonl")).size() == 2);
}
