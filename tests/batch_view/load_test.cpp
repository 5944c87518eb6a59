// What is asked of an engine, and how often; and that all of its batches count, however many there are.
#include <algorithm>

#include "catch.hpp"
#include "scene.hpp"

using namespace batch_view_tests;

namespace {

const Json newest_first{{"sort", {{"key", "start"}, {"order", "desc"}}}};

std::size_t count(const World& world, const std::function<bool(const Asked&)>& so) {
  return static_cast<std::size_t>(std::count_if(world.asked.begin(), world.asked.end(), so));
}

// Many batches that were suspended at once, after some that are blocked.
void fill(World& world, std::size_t blocked, std::size_t suspended) {
  for (std::size_t i = 0; i < blocked; ++i) blocked_batch(world, 1);
  for (std::size_t i = 0; i < suspended; ++i) {
    const auto made = Json::parse(world.ask(Host::node, "POST", "/process-instance/delete",
                                            R"({"processInstanceIds":["a","b"],"deleteReason":"x"})"));
    world.ask(Host::node, "PUT", "/batch/" + made.at("id").get<std::string>() + "/suspended",
              R"({"suspended":true})");
    world.run(milliseconds{5});
  }
}

std::int64_t need(Host& host) {
  return host.ask(Host::details_of("need", Json::object())).json().at("fields").at("count");
}

}  // namespace

TEST_CASE("those that need attention are counted among all batches, not among the newest", "[load]") {
  World world;
  Host host{world};
  fill(world, 11, 210);
  CHECK(need(host) == 11);
  world.asked.clear();
  for (int i = 0; i < 10; ++i) {
    world.run(seconds{1});
    CHECK(need(host) == 11);
  }
  // All of them are read now and then, and counted by the engine in between.
  CHECK(count(world, [](const Asked& one) { return one.is("GET", "sortBy=batchId"); }) <= 1);
  CHECK(count(world, [](const Asked& one) { return one.is("GET", "/batch/statistics/count"); }) <= 4);
}

TEST_CASE("batches that are stuck are found behind 200 others, too", "[load]") {
  World world;
  Host host{world};
  Json ids = Json::array();
  for (int i = 0; i < 1000; ++i) ids.push_back("made-up-" + std::to_string(i));
  const auto stuck = Json::parse(
      world.ask(Host::node, "POST", "/process-instance/delete", Json{{"processInstanceIds", ids}}.dump()));
  const auto id = stuck.at("id").get<std::string>();
  world.run(milliseconds{1});
  const auto seed = stuck.at("seedJobDefinitionId").get<std::string>();
  for (const auto& job : Json::parse(world.ask(Host::node, "GET", "/job?jobDefinitionId=" + seed)))
    world.ask(Host::node, "PUT", "/job/" + job.at("id").get<std::string>() + "/retries", R"({"retries":0})");
  fill(world, 0, 205);
  world.run(seconds{60});
  for (int i = 0; i < 4; ++i) {
    need(host);
    world.run(seconds{40});
  }
  CHECK(need(host) == 1);
  const auto listed = host.rows("running", Json::object(), {{"filters", {{"state", "stuck"}}}});
  REQUIRE(listed.at("rows").size() == 1);
  CHECK(listed.at("rows")[0].at("id") == id);
}

TEST_CASE("what a filter implies is asked of the engine", "[load]") {
  World world;
  Host host{world};
  fill(world, 3, 220);
  world.asked.clear();
  const auto blocked = host.rows("running", Json::object(), {{"filters", {{"state", "blocked"}}}});
  CHECK(blocked.at("rows").size() == 3);
  CHECK(blocked.at("total") == 3);
  CHECK_FALSE(blocked.contains("scanned"));
  CHECK(count(world, [](const Asked& one) {
          return one.is("GET", "withFailures=true") &&
                 one.target.find("suspended=false") != std::string::npos;
        }) == 1);
  const auto suspended = host.rows("running", Json::object(), {{"filters", {{"state", "suspended"}}}});
  CHECK(suspended.at("total") == 220);
  CHECK(count(world, [](const Asked& one) { return one.is("GET", "suspended=true"); }) > 0);
  CHECK(host.rows("running", Json::object(), {{"filters", {{"state", "needs"}}}}).at("total") == 3);
}

TEST_CASE("an engine that asks to be left alone is asked by nobody's poll until then", "[load]") {
  for (const int status : {429, 503}) {
    World world;
    Host host{world};
    world.run(seconds{1});
    const auto batch = blocked_batch(world, 3);
    const auto list = host.watch(Host::rows_of("running", Json::object(), newest_first));
    const auto details = host.watch(Host::details_of("batch", {{"id", batch}}));
    const auto badge = host.watch(Host::details_of("need", Json::object()));
    const auto causes = host.watch(Host::rows_of("causes", {{"batch", batch}}));
    world.run(seconds{10});
    Fate fate;
    fate.status = status;
    fate.retry_after = seconds{120};
    bool first = true;
    world.fate = [&](const Asked&) { return std::exchange(first, false) ? fate : Fate{}; };
    world.run(seconds{30});
    REQUIRE_FALSE(first);
    world.asked.clear();
    world.run(seconds{60});
    CHECK(world.asked.size() == 0);
    // A person who looks anew is answered with what it said.
    const auto late = host.watch(Host::rows_of("running", Json::object(), newest_first));
    world.run(seconds{2});
    CHECK(world.asked.size() == 0);
    REQUIRE_FALSE(host.record(late).updates.empty());
    CHECK(host.record(late).updates.front().status == COCKPIT_UNAVAILABLE);
    world.run(seconds{60});
    CHECK(world.asked.size() > 0);
    for (const auto call : {list, details, badge, causes, late}) {
      CHECK_FALSE(host.record(call).over());
      CHECK(host.record(call).updates.back().status == COCKPIT_OK);
    }
  }
}

TEST_CASE("a password that was refused is tried once, however much is opened", "[load]") {
  World world;
  world.engine_options.authentication = true;
  world.passwords = {{"mary", "right"}};
  Host host{world};
  host.open_authority(2, "a", "mary", "wrong");
  const auto page_load = [&] {
    std::vector<cockpit_call> calls;
    for (const auto* source : {"running", "ended"})
      calls.push_back(host.watch(Host::rows_of(source, Json::object(), newest_first), 2));
    calls.push_back(host.watch(Host::details_of("need", Json::object()), 2));
    calls.push_back(host.invoke(Host::details_of("need", Json::object()), 2));
    calls.push_back(host.invoke(Host::rows_of("running"), 2));
    calls.push_back(host.watch(Host::details_of("batch", {{"id", "some"}}), 2));
    world.run(seconds{20});
    return calls;
  };
  // With credentials, whichever question it was.
  const auto logins = [&] { return count(world, [](const Asked& one) { return one.user == "mary"; }); };
  for (int i = 0; i < 3; ++i)
    for (const auto call : page_load()) {
      CHECK(host.record(call).completions == 1);
      CHECK(host.record(call).status == COCKPIT_SIGN_IN_REQUIRED);
    }
  CHECK(logins() == 1);
  // A person asks again.
  auto again = Host::rows_of("running", Json::object(), newest_first);
  again["again"] = true;
  CHECK(host.ask(again, 2).status == COCKPIT_SIGN_IN_REQUIRED);
  CHECK(logins() == 2);
  page_load();
  CHECK(logins() == 2);
  // Credentials that changed.
  host.open_authority(2, "a", "mary", "right");
  world.passwords.clear();
  world.engine_options.authentication = false;
  world.run(seconds{1});
  CHECK(host.ask(Host::rows_of("running"), 2).status != COCKPIT_STOPPING);
  CHECK(logins() > 2);
}

TEST_CASE(
    "the credentials that are there, opened again, disturb nobody; with others all that is open is asked "
    "anew",
    "[load]") {
  World world;
  Host host{world};
  host.open_authority(1, "a", "mary", "right");
  world.fate = [](const Asked&) { return Fate{milliseconds{300}, milliseconds{300}}; };
  const auto watch = host.watch(Host::rows_of("running", Json::object(), newest_first));
  world.run(seconds{5});
  const auto read = host.invoke(Host::rows_of("ended", Json::object(), newest_first));
  world.run(milliseconds{100});
  // As a host does whose configuration is read anew.
  host.open_authority(1, "a", "mary", "right");
  const auto before = host.record(watch).updates.size();
  world.run(seconds{10});
  CHECK(host.record(read).status == COCKPIT_OK);
  CHECK_FALSE(host.record(watch).over());
  CHECK(host.record(watch).updates.size() > before);
  for (const auto& update : host.record(watch).updates) CHECK(update.status == COCKPIT_OK);
  // What is on its way ends as it began; a watch is for the host to open anew.
  const auto second = host.invoke(Host::rows_of("ended", Json::object(), newest_first));
  world.run(milliseconds{100});
  host.open_authority(1, "a", "mary", "another");
  world.run(milliseconds{50});
  CHECK(host.record(watch).status == COCKPIT_STOPPING);
  CHECK_FALSE(host.record(second).over());
  world.run(seconds{5});
  CHECK(host.record(second).status == COCKPIT_OK);
  for (const auto& update : host.record(watch).updates) CHECK(update.status == COCKPIT_OK);
  CHECK(host.ask(Host::rows_of("running")).status == COCKPIT_OK);
  CHECK(world.open_transports == 1);
}

TEST_CASE("configured anew, engines that are as they were keep their watches, others end", "[load]") {
  const std::string a = Host::node, b = "http://b/engine-rest", c = "http://c/engine-rest";
  World world;
  Host host{world};
  host.configure(Host::configuration({{"a", a}, {"b", b}}));
  host.open_authority(1, "b");
  world.run(seconds{1});
  const auto rows = [](std::vector<std::string> engines) {
    auto body = Host::rows_of("running", Json::object(), newest_first);
    if (!engines.empty()) body["engines"] = engines;
    return body;
  };
  const auto of_a = host.watch(rows({"a"}));
  const auto of_b = host.watch(rows({"b"}));
  const auto of_both = host.watch(rows({"a", "b"}));
  const auto of_all = host.watch(rows({}));
  world.run(seconds{5});
  for (const auto call : {of_a, of_b, of_both, of_all}) REQUIRE(host.record(call).updates.size() > 0);
  // The same again: nothing happens.
  host.configure(Host::configuration({{"a", a}, {"b", b}}));
  world.run(seconds{2});
  for (const auto call : {of_a, of_b, of_both, of_all}) CHECK_FALSE(host.record(call).over());
  // A read that is on its way, and a run, end as they began.
  world.fate = [](const Asked&) { return Fate{milliseconds{300}, milliseconds{300}}; };
  auto body = rows({"b"});
  body["source"] = "ended";
  const auto read = host.invoke(body);
  world.run(milliseconds{100});
  host.configure(Host::configuration({{"a", a}, {"c", c}}));
  world.run(milliseconds{100});
  CHECK(host.record(of_b).status == COCKPIT_GONE);
  CHECK(host.record(of_both).status == COCKPIT_GONE);
  CHECK(host.record(of_all).status == COCKPIT_STOPPING);
  CHECK_FALSE(host.record(of_a).over());
  CHECK_FALSE(host.record(read).over());
  world.run(seconds{5});
  CHECK(host.record(read).status == COCKPIT_OK);
  CHECK(host.record(read).json().at("rows").is_array());
  CHECK(host.ask(rows({"b"})).status == COCKPIT_NOT_FOUND);
  // Moved to another address: asked there.
  const auto before = host.record(of_a).updates.size();
  world.run(seconds{10});
  CHECK(host.record(of_a).updates.size() > before);
  host.configure(Host::configuration({{"a", c}}));
  world.run(seconds{1});
  CHECK(host.record(of_a).status == COCKPIT_STOPPING);
  world.asked.clear();
  CHECK(host.ask(rows({"a"})).status == COCKPIT_OK);
  CHECK(count(world, [&](const Asked& one) { return one.node == c; }) == world.asked.size());
  // What cannot be taken changes nothing.
  const auto wrong = host.configure({{"engines", {{{"id", "a"}, {"nodes", {"ftp://x"}}}}}});
  world.run(seconds{1});
  CHECK(host.record(wrong).status == COCKPIT_INVALID);
  CHECK(host.ask(rows({"a"})).status == COCKPIT_OK);
}
