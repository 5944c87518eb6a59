// The plugin "everything" in the host: each place its description names is answered, and each action does
// what it says. So the host serves a subject it knows nothing of.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "bench.hpp"

using bench::Said;
using nlohmann::json;

namespace {

constexpr const char* light = "L1007";  // dark, with seven broken lamps
constexpr const char* keeperless = "L1007";

struct Coast {
  Coast()
      : bench{[](auto& options) {
          for (const auto* id : {"north", "south"}) {
            host::views::EngineSettings engine;
            engine.id = engine.name = id;
            engine.nodes = {"http://localhost:1"};
            options.engines.push_back(engine);
          }
          options.settings["everything"] = R"({"region":"west"})";
        }} {
    bench.drop("everything");
    bench.start();
    REQUIRE(bench.state("everything.so") == "serving");
  }
  Said read(const std::string& place, const json& row = json::object(), const json& parent = json::object(),
            const json& filters = json::object(), std::uint64_t size = 0) {
    host::views::Question question;
    question.plugin = "everything";
    question.at = place;
    question.row = row.dump();
    question.parent = parent.dump();
    if (!filters.empty()) question.filters = filters.dump();
    question.size = size;
    Said said;
    bench.service->read(question, [&said](cockpit_status status, std::string body) {
      said = {true, status, std::move(body)};
    });
    bench.until([&said] { return said.came; });
    return said;
  }
  json answer(const std::string& place, const json& row = json::object(), const json& parent = json::object(),
              const json& filters = json::object(), std::uint64_t size = 0) {
    const auto said = read(place, row, parent, filters, size);
    INFO(place << ": " << said.body.substr(0, 300));
    REQUIRE(said.status == COCKPIT_OK);
    return json::parse(said.body);
  }
  json field(const std::string& id, const char* name) {
    return answer("views/light", {{"id", id}}).at("fields").at(name);
  }
  // Why the host does not even begin it.
  std::string refused(host::views::Description::ActionRequest action) {
    host::views::RunStart start;
    start.question.plugin = "everything";
    start.question.engines = {"north"};
    action.run = "run " + std::to_string(++runs);
    start.action = std::move(action);
    return bench.service->begin(start).reason;
  }
  // Runs an action to its end.
  json act(host::views::Description::ActionRequest action,
           const std::string& place = "views/lights/lists/in-service", const std::string& parent = {}) {
    host::views::RunStart start;
    start.question.plugin = "everything";
    start.question.at = place;
    start.question.parent = parent;
    start.question.engines = {"north"};
    action.run = "run " + std::to_string(++runs);
    start.action = action;
    const auto begun = bench.service->begin(start);
    INFO(begun.reason);
    REQUIRE(begun.status == COCKPIT_OK);
    bench.until([&] { return json::parse(bench.run(action.run)).at("state") == "ended"; });
    return json::parse(bench.run(action.run));
  }

  bench::Bench bench;
  int runs = 0;
};

}  // namespace

TEST_CASE("every place that the description names is answered in the form that it owes") {
  Coast coast;
  const auto description = coast.bench.service->description("everything");
  const json row{{"id", light}, {"engine", "south"}};
  const json parent{{"id", light}, {"engine", "south"}, {"tower", "T1"}};
  CHECK(coast.answer("navigation/lights").at("fields").at("dark").is_number());
  for (const auto& list : description->lists()) CHECK(coast.answer(list.at).at("rows").is_array());
  CHECK(coast.answer("views/harbour", {{"id", "S/E"}, {"engine", "south"}})
            .at("fields")
            .at("name")
            .is_string());
  CHECK(coast.answer("views/lights/lists/in-service/filters/keeper").at("options").size() == 3);
  const auto lamp = coast.answer("views/light/sections/lamps", row, parent).at("rows").at(0).at("lamp");
  CHECK(coast.answer("views/light", row).at("fields").at("id") == light);
  CHECK(coast.answer("views/lamp", {{"id", lamp}}, parent).at("fields").at("lamp") == lamp);
  CHECK_THAT(coast.answer("views/lamp/sections/trace", row, {{"id", lamp}})
                 .at("fields")
                 .at("trace")
                 .get<std::string>(),
             ContainsSubstring("at org.coast"));
  for (const auto& section : description->node("views/light")->at("sections")) {
    if (!section.contains("source")) continue;
    const auto type = section.at("type").get<std::string>();
    const auto got = coast.answer("views/light/sections/" + section.at("id").get<std::string>(), row, parent);
    CAPTURE(type);
    CHECK(got.contains(type == "chart" ? "series" : type == "code" ? "fields" : "rows"));
  }
}

TEST_CASE("lists are paged, sorted and filtered by the plugin") {
  Coast coast;
  const std::string list = "views/lights/lists/in-service";
  auto page = coast.answer(list);
  CHECK(page.at("rows").size() == 20);
  CHECK(page.at("total") == 46);
  CHECK(page.at("next") == 20);
  CHECK(coast.answer(list, {}, {}, {{"keeper", "ada"}}).at("total") == 12);
  CHECK(coast.answer(list, {}, {}, {{"broken", {{"from", 5}}}}).at("total") == 9);
  CHECK(coast.answer(list, {}, {}, {{"marks", {"listed"}}, {"automatic", true}}).at("total") == 5);
  CHECK(coast.read(list, {}, {}, {{"automatic", "yes"}}).status == COCKPIT_INVALID);
  CHECK(coast.answer("views/lights/lists/retired").at("total") == 12);
}

TEST_CASE("what is hostile in the content arrives as text, and what is long is cut in rows only") {
  Coast coast;
  const auto rows = coast.answer("views/lights/lists/in-service", {}, {}, {}, 100).at("rows");
  const auto named = [&rows](const std::string& id) {
    for (const auto& row : rows)
      if (row.at("id") == id) return row.at("name").get<std::string>();
    return std::string{};
  };
  CHECK_THAT(named("a/b"), ContainsSubstring("<script>"));
  CHECK_THAT(named("c?d#e"), ContainsSubstring("\u202E"));
  CHECK_THAT(named("f\"g'h"), ContainsSubstring("\u001b[31m"));
  CHECK(coast.answer("views/light", {{"id", "../../l"}}).at("fields").at("id") == "../../l");
  const auto lamps =
      coast.answer("views/light/sections/lamps", {}, {{"id", light}, {"tower", "T1"}}, {}, 20).at("rows");
  const auto cut = std::find_if(lamps.begin(), lamps.end(),
                                [](const json& lamp) { return lamp.at("message").is_object(); });
  REQUIRE(cut != lamps.end());
  CHECK(cut->at("message").at("cut") == 1'000'000);
  CHECK(cut->at("message").at("text").get<std::string>().size() == 4000);
  const auto whole = coast.answer("views/lamp", {{"id", cut->at("lamp")}}, {{"id", light}});
  CHECK(whole.at("fields").at("message").get<std::string>().size() == 1'000'000);
}

TEST_CASE("an action on several things says which failed, and what it began is seen to end") {
  Coast coast;
  const auto state_of_watch = [&coast](const std::string& id) {
    auto updates = std::make_shared<std::vector<json>>();
    host::views::Question question;
    question.plugin = "everything";
    question.at = "views/light";
    question.row = json{{"id", id}}.dump();
    coast.bench.service->listen(question, [updates](const host::views::LiveUpdate& update) {
      if (update.body) updates->push_back(json::parse(*update.body));
    });
    return updates;
  };
  const auto updates = state_of_watch("L1012");
  coast.bench.until([&] { return !updates->empty(); });
  CHECK(updates->back().at("fields").at("state") == "dark");
  const auto run = coast.act({"light", {}, {"L1012", keeperless, "gone"}, {}, {}, {}, {}});
  CHECK(run.at("outcome") == "partial");
  CHECK(run.at("affected") == 1);
  CHECK(run.at("failures").at(0).at("id") == keeperless);
  CHECK(run.at("skipped").at(0).at("id") == "gone");
  CHECK(run.at("progress").at("of") == 3);
  coast.bench.until([&] { return updates->back().at("fields").at("state") == "lit"; });

  SECTION("and what is not as the person saw it is refused") {
    const auto refused = coast.act({"light", {}, {"L1017"}, {}, {}, {}, R"({"state":"lit"})"});
    CHECK(refused.at("outcome") == "failed");
    CHECK(refused.at("status") == "conflict");
  }
}

TEST_CASE("a dry run plans, the plan is done less what is gone, and then the things are gone") {
  Coast coast;
  host::views::Description::ActionRequest demolish{
      "demolish", {}, {},  R"({"filters":{"keeper":"bo","state":"lit"},"count":5})", R"({"reason":"old"})",
      {},         {}, true};
  const auto planned = coast.act(demolish);
  REQUIRE(planned.at("outcome") == "ok");
  CHECK(planned.at("plan").at("count") == 5);
  CHECK(planned.at("plan").at("samples").size() == 5);
  const auto total = coast.answer("views/lights/lists/in-service").at("total").get<int>();
  const auto first = planned.at("plan").at("ids").at(0).get<std::string>();
  coast.act({"demolish", {}, {first}, {}, R"({"reason":"old"})", {}, {}});
  coast.bench.until([&] { return coast.answer("views/lights/lists/in-service").at("total") == total - 1; });
  demolish.dry_run = false;
  demolish.plan = planned.at("plan").dump();
  const auto done = coast.act(demolish);
  CHECK(done.at("outcome") == "accepted");
  CHECK(done.at("affected") == 4);
  CHECK(done.at("skipped").size() == 1);
  coast.bench.until([&] { return coast.answer("views/lights/lists/in-service").at("total") == total - 5; });
}

TEST_CASE("what the plugin does not know is refused and not done") {
  Coast coast;
  CHECK_THAT(coast.refused({"demolish", {}, {light}, {}, R"({"reason":"old","quickly":true})", {}, {}}),
             ContainsSubstring("\"quickly\""));
  CHECK_THAT(coast.refused({"demolish", {}, {light}, {}, R"({"reason":"x"})", {}, {}}),
             ContainsSubstring("at least 3"));
  CHECK_THAT(coast.refused({"douse", {}, {"L1008"}, {}, {}, {}, R"({"state":"lit"})"}),
             ContainsSubstring("expects nothing"));
  CHECK(coast
            .act({"mend", {}, {}, R"({"filters":{},"group":"wick","count":99})", {}, {}, {}},
                 "views/light/sections/causes", json{{"id", light}}.dump())
            .at("status") == "conflict");
  CHECK(coast.field(light, "state") == "dark");
}

TEST_CASE("the lamps of one cause are mended together, one that cannot be is said, and the thing shows it") {
  Coast coast;
  const auto parent = json{{"id", light}}.dump();
  const auto causes = coast.answer("views/light/sections/causes", {}, json::parse(parent)).at("rows");
  REQUIRE(causes.size() == 2);
  CHECK(causes.at(1).at("key") == "wick");
  const auto run = coast.act({"mend", {}, {}, R"({"filters":{},"group":"wick","count":4})", {}, {}, {}},
                             "views/light/sections/causes", parent);
  CHECK(run.at("outcome") == "partial");
  CHECK(run.at("affected") == 3);
  coast.bench.until([&] { return coast.field(light, "broken") == 4; });
  const auto scrapped = coast.act({"scrap", {}, {std::string{light} + "/lamp-6"}, {}, {}, {}, {}},
                                  "views/light/sections/lamps", parent);
  CHECK(scrapped.at("outcome") == "ok");
  CHECK(coast.field(light, "broken") == 3);
}

TEST_CASE("what is built can be followed, and what is reported stands in the book") {
  Coast coast;
  const auto built = coast.act({"build", {}, {}, {}, R"({"name":"Cape New"})", {}, {}});
  CHECK(built.at("follow").at("view") == "light");
  const auto id = built.at("follow").at("id").get<std::string>();
  CHECK(coast.field(id, "name") == "Cape New");
  CHECK(coast.answer("views/light/sections/book", {}, {{"id", light}}).at("rows").at(1).at("label") ==
        "opened");
  CHECK(
      coast.act({"report", {}, {id}, {}, R"({"words":"<b>fog</b>"})", {}, {}}, "views/light").at("outcome") ==
      "ok");
  CHECK(coast.answer("views/light/sections/book", {}, {{"id", id}}).at("rows").at(0).at("text") ==
        "<b>fog</b>");
}
