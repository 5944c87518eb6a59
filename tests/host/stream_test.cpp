// The event stream of a tab, runs and exports, as a browser sees them.
#include "site.hpp"

using namespace bench;

namespace {

// The events of a stream, by name.
std::vector<json> events(const std::string& bytes, const std::string& name) {
  std::vector<json> all;
  const auto mark = "event: " + name + "\ndata: ";
  for (auto at = bytes.find(mark); at != std::string::npos; at = bytes.find(mark, at + 1)) {
    const auto end = bytes.find("\n\n", at);
    if (end == std::string::npos) break;
    all.push_back(json::parse(bytes.substr(at + mark.size(), end - at - mark.size())));
  }
  return all;
}

// A tab: a stream that is open.
struct Tab {
  explicit Tab(Site& of) : site(of), client(of) {
    client.send(request(site, "GET /api/stream"));
    client.until([this] { return !heard("host").empty(); });
    stream = heard("open").front().at("stream");
  }
  std::vector<json> heard(const std::string& name) const { return events(client.bytes(), name); }
  Answer watch(const json& watches) {
    return post(site, "/api/stream/" + stream, json{{"watch", watches}}.dump());
  }

  Site& site;
  Client client;
  std::string stream;
};

json question(const std::string& key) {
  return {{"key", key}, {"plugin", "hostile"}, {"at", "views/stones/lists/all"}};
}

}  // namespace

TEST_CASE("a tab first receives the list of plugins, then the updates it watches") {
  Site site;
  Tab tab{site};
  CHECK(tab.heard("open").size() == 1);
  CHECK(tab.client.bytes().find("event: open") < tab.client.bytes().find("event: host"));
  const auto told = tab.heard("host").front();
  CHECK(told.at("principal").at("id") == "mary");
  CHECK(told.at("plugins").at(0).at("state") == "serving");
  CHECK(told.at("plugins").at(0).at("description").at("plugin").at("id") == "hostile");

  REQUIRE(tab.watch(json::array({question("a")})).status == 200);
  tab.client.until([&] { return !tab.heard("update").empty(); });
  const auto update = tab.heard("update").front();
  CHECK(update.at("key") == "a");
  CHECK(update.at("status") == "ok");
  CHECK(update.at("asOf") == 1'700'000'000'000);
  CHECK(update.at("body").at("watches") ==
        1);  // its body had blank lines in it, and is one event all the same

  SECTION("the same question in two tabs is one watch of the plugin") {
    Tab other{site};
    REQUIRE(other.watch(json::array({question("b")})).status == 200);
    other.client.until([&] { return !other.heard("update").empty(); });
    CHECK(other.heard("update").front().at("body").at("watches") == 1);
    CHECK(site.bench.service->watches() == 1);
  }
  SECTION("what is not looked at any more is not watched any more") {
    REQUIRE(tab.watch(json::array()).status == 200);
    CHECK(site.bench.service->watches() == 0);
  }
  SECTION("a tab that goes takes its watches with it") {
    {
      Tab other{site};
      auto second = question("x");
      second["page"] = {{"first", 20}, {"size", 20}};
      REQUIRE(other.watch(json::array({second})).status == 200);
      CHECK(site.bench.service->watches() == 2);
    }
    site.bench.until([&] { return site.bench.service->watches() == 1; });
    CHECK(site.api->tabs() == 1);
  }
  SECTION("a new plugin is reported") {
    const auto before = tab.heard("host").size();
    site.bench.drop("smallest");
    tab.client.until([&] {
      return tab.heard("host").size() > before && tab.heard("host").back().at("plugins").size() == 2;
    });
  }
}

TEST_CASE("a set of watches of the wrong form changes nothing") {
  Site site;
  Tab tab{site};
  REQUIRE(tab.watch(json::array({question("a")})).status == 200);
  CHECK(tab.watch("all").status == 400);
  CHECK(tab.watch(json::array({question("a"), question("a")})).status == 400);
  CHECK(tab.watch(json::array({{{"plugin", "hostile"}, {"at", "views/stones/lists/all"}}})).status == 400);
  CHECK(tab.watch(json(std::vector<json>(65, question("a")))).status == 400);
  CHECK(post(site, "/api/stream/" + tab.stream, "{}").status == 400);
  CHECK(post(site, "/api/stream/nobody", R"({"watch":[]})").status == 404);
  CHECK(site.bench.service->watches() == 1);
}

TEST_CASE("a body that tries to forge an event is refused, and no other event reaches the tab") {
  Site site{"forged_event"};
  Tab tab{site};
  const auto answer = post(site, "/api/read", the_list);
  CHECK(answer.status == 502);
  CHECK(tab.heard("run").empty());
  CHECK(tab.client.bytes().find("\"id\":\"forged\"") == std::string::npos);
}

TEST_CASE("a run is answered at once, reported to every tab, kept, and dismissed in all") {
  Site site;
  Tab one{site};
  Tab other{site};
  const json run{{"plugin", "hostile"}, {"key", "k"}, {"action", "throw"}, {"ids", {"flint"}}};
  const auto begun = post(site, "/api/runs", run.dump());
  REQUIRE(begun.status == 202);
  const auto again = post(site, "/api/runs", run.dump());
  CHECK(again.as_json().at("id") == begun.as_json().at("id"));
  other.client.until(
      [&] { return !other.heard("run").empty() && other.heard("run").back().at("state") == "ended"; });
  CHECK(other.heard("run").back().at("outcome") == "ok");
  Tab later{site};
  later.client.until([&] { return !later.heard("run").empty(); });
  CHECK(ask(site, request(site, "GET /api/runs")).as_json().at("runs").size() == 1);
  const auto id = begun.as_json().at("id").get<std::string>();
  CHECK(ask(site, request(site, "DELETE /api/runs/" + id)).status == 204);
  one.client.until([&] { return !one.heard("dismissed").empty(); });
  CHECK(one.heard("dismissed").front().at("id") == id);
  CHECK(ask(site, request(site, "DELETE /api/runs/" + id)).status == 404);
}

TEST_CASE("an export is a ticket for one download of all pages") {
  Site site;
  auto wanted = json::parse(the_list);
  wanted["format"] = "json";
  const auto answer = post(site, "/api/export", wanted.dump());
  REQUIRE(answer.status == 200);
  const auto ticket = answer.as_json().at("ticket").get<std::string>();
  Client client{site};
  client.send("GET /download/" + ticket + " HTTP/1.1\r\nHost: " + site.name() + "\r\n\r\n");
  client.until_closed();
  CHECK_THAT(client.bytes(), ContainsSubstring("flint"));
  CHECK_THAT(client.bytes(), ContainsSubstring("attachment"));
  CHECK(ask(site, "GET /download/" + ticket + " HTTP/1.1\r\nHost: " + site.name() + "\r\n\r\n").status ==
        404);
  wanted["format"] = "exe";
  CHECK(post(site, "/api/export", wanted.dump()).status == 400);
}

TEST_CASE("a stream that outlives what answered it ends without it") {
  Site site;
  {
    const Tab tab{site};
    CHECK(site.api->tabs() == 1);
    site.api.reset();
  }
  site.bench.until([&site] { return site.server->connections() == 0; });
}
