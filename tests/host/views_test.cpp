// What a page asks and what the plugin is asked then: questions, placeholders, requests; descriptions that
// are none; bodies.
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/strict_json.hpp"
#include "catch.hpp"
#include "loader/body_scan.hpp"
#include "views/description.hpp"
#include "views/params.hpp"
#include "views/schema_check.hpp"

using host::loader::on_one_line;
using host::views::Description;
using host::views::parse_question;
using host::views::Question;
using host::views::why_bad_description;
using nlohmann::json;

namespace {

json everything() {
  std::ifstream in{EVERYTHING_VIEW};
  REQUIRE(in);
  return json::parse(in);
}

std::shared_ptr<const Description> described() {
  return *Description::parse(everything().dump());
}

Question at(const std::string& place) {
  Question question;
  question.plugin = "everything";
  question.at = place;
  return question;
}

json asked(const Question& question, const json& settings = json::object()) {
  const auto request = described()->read_request(question, settings);
  INFO(request.reason);
  REQUIRE(request);
  return json::parse(*request);
}

std::string refused(const Question& question) {
  const auto request = described()->read_request(question, json::object());
  REQUIRE_FALSE(request);
  return request.reason;
}

}  // namespace

TEST_CASE("a good description is good, and each broken one is refused with the place") {
  CHECK(why_bad_description(everything().dump(), "everything").empty());
  struct Broken {
    const char* words;
    std::function<void(json&)> breaks;
  };
  const Broken all[] = {
      {"breaks the schema", [](json& d) { d.erase("views"); }},
      {"breaks the schema", [](json& d) { d["schema"] = "cockpit.view/9"; }},
      {"breaks the schema", [](json& d) { d["navigation"] = "lights"; }},
      {"views/lights/lists/0/columns/0/type has to be one of \"text\", \"id\"",
       [](json& d) { d["views"]["lights"]["lists"][0]["columns"][0]["type"] = "hologram"; }},
      {"actions/light/scope has to be one of \"none\", \"one\", \"many\", \"query\", and is \"all\"",
       [](json& d) { d["actions"]["light"]["scope"] = "all"; }},
      {"a view that is not there: nowhere", [](json& d) { d["navigation"][0]["view"] = "nowhere"; }},
      {"a details view that is not there", [](json& d) { d["views"]["lights"]["details"] = "nowhere"; }},
      {"an action that is not there", [](json& d) { d["views"]["light"]["actions"][0] = "fly"; }},
      {"an action that is not there",
       [](json& d) { d["views"]["lights"]["lists"][0]["actions"][0] = "fly"; }},
      {"longer than", [](json& d) { d["views"]["lights"]["title"] = std::string(5000, 'x'); }},
      {"longer than", [](json& d) { d["unknown member"] = std::string(5000, 'x'); }},
      {"at most 64, and has 77",
       [](json& d) {
         for (int i = 0; i < 65; ++i)
           d["views"]["lights"]["lists"][0]["columns"].push_back({{"key", "k" + std::to_string(i)}});
       }},
  };
  for (const auto& broken : all) {
    auto description = everything();
    broken.breaks(description);
    CHECK_THAT(why_bad_description(description.dump(), "everything"), ContainsSubstring(broken.words));
  }
  CHECK_THAT(why_bad_description("[]", "everything"), ContainsSubstring("no JSON object"));
  CHECK_THAT(why_bad_description("", "everything"), ContainsSubstring("no JSON object"));
  CHECK_THAT(why_bad_description(std::string(host::views::largest_description + 1, ' '), "everything"),
             ContainsSubstring("larger than 256 KiB"));
}

TEST_CASE("an unknown member of a description is ignored") {
  auto description = everything();
  description["views"]["lights"]["lists"][0]["columns"][0]["glitter"] = true;
  CHECK(why_bad_description(description.dump(), "everything").empty());
}

TEST_CASE("a question with an unknown or wrong member is refused by its name") {
  const auto why = [](const json& change) {
    json question{{"plugin", "everything"}, {"at", "views/lights/lists/in-service"}};
    question.update(change);
    return parse_question(question).reason;
  };
  CHECK(why(json::object()).empty());
  CHECK_THAT(why({{"colour", "red"}}), ContainsSubstring("\"colour\""));
  CHECK_THAT(why({{"plugin", ""}}), ContainsSubstring("\"plugin\""));
  CHECK_THAT(why({{"at", std::string(300, 'x')}}), ContainsSubstring("\"at\""));
  CHECK_THAT(why({{"row", "x"}}), ContainsSubstring("\"row\""));
  CHECK_THAT(why({{"engines", "default"}}), ContainsSubstring("\"engines\""));
  CHECK_THAT(why({{"engines", {7}}}), ContainsSubstring("\"engines\""));
  CHECK_THAT(why({{"filters", json::array()}}), ContainsSubstring("\"filters\""));
  CHECK_THAT(why({{"sort", "name"}}), ContainsSubstring("\"sort\""));
  CHECK_THAT(why({{"sort", {{"key", "name"}, {"order", "up"}}}}), ContainsSubstring("\"order\""));
  CHECK_THAT(why({{"page", 3}}), ContainsSubstring("\"page\""));
  CHECK_THAT(why({{"page", {{"first", -1}}}}), ContainsSubstring("\"first\""));
  CHECK_THAT(why({{"page", {{"first", 1.5}}}}), ContainsSubstring("\"first\""));
  CHECK_THAT(why({{"page", {{"size", 1001}}}}), ContainsSubstring("\"size\""));
  CHECK_THAT(why({{"page", {{"size", "20"}}}}), ContainsSubstring("\"size\""));
  CHECK_THAT(why({{"locale", 1}}), ContainsSubstring("\"locale\""));
  CHECK_FALSE(parse_question(json::array()));
  CHECK_FALSE(parse_question(json{{"at", "x"}}));
}

TEST_CASE("a list is asked as its description says, unless the question says otherwise") {
  auto question = at("views/lights/lists/in-service");
  auto request = asked(question);
  CHECK(request.at("schema") == "cockpit.view/1");
  CHECK(request.at("kind") == "rows");
  CHECK(request.at("source") == "lights");
  CHECK(request.at("params") ==
        json{{"state", "in-service"}});  // without {config.region}, which nobody configured
  CHECK(request.at("sort") == json{{"key", "name"}, {"order", "asc"}});
  CHECK(request.at("page") == json{{"first", 0}, {"size", 20}});
  CHECK_FALSE(request.contains("filters"));

  question.filters = R"({"keeper":"ada"})";
  question.sort_key = "broken";
  question.sort_order = "desc";
  question.first = 40;
  question.size = 10;
  question.engines = {"west"};
  question.locale = "de";
  question.zone = "Europe/Berlin";
  request = asked(question, {{"region", "north"}});
  CHECK(request.at("params").at("region") == "north");
  CHECK(request.at("filters") == json{{"keeper", "ada"}});
  CHECK(request.at("sort") == json{{"key", "broken"}, {"order", "desc"}});
  CHECK(request.at("page") == json{{"first", 40}, {"size", 10}});
  CHECK(request.at("engines") == json{"west"});
  CHECK(request.at("locale") == "de");
  CHECK(request.at("zone") == "Europe/Berlin");
}

TEST_CASE("every place of a description is asked in its own kind") {
  const auto kind = [](const std::string& place) { return asked(at(place)).at("kind"); };
  CHECK(kind("navigation/lights") == "details");
  CHECK(kind("views/light") == "details");
  CHECK(kind("views/light/sections/causes") == "rows");
  CHECK(kind("views/light/sections/book") == "rows");
  CHECK(kind("views/light/sections/lamps") == "rows");
  CHECK(kind("views/light/sections/nights") == "details");
  CHECK(kind("views/light/sections/plan") == "details");
  CHECK(kind("views/lights/lists/in-service/filters/keeper") == "options");
}

TEST_CASE(
    "placeholders take the values of the row, the outer thing and the configuration, with their types") {
  auto question = at("views/harbour");
  question.row = R"({"id":"S/E \"quoted\" %2f ü","engine":7})";
  auto request = asked(question);
  CHECK(request.at("params") == json{{"code", "S/E \"quoted\" %2f ü"}, {"engine", 7}});
  question.row = R"({"id":"{row.engine}","engine":null})";
  request = asked(question);
  CHECK(request.at("params") == json{{"code", "{row.engine}"}});  // filled once; null leaves the param out
  auto section = at("views/light/sections/lamps");
  section.parent = R"({"id":"a/b","tower":"T1","secret":"not asked for"})";
  CHECK(asked(section).at("params") == json{{"light", "a/b"}, {"tower", "T1"}});
}

TEST_CASE("what a place does not have cannot be asked of it") {
  CHECK_THAT(refused(at("views/nowhere")), ContainsSubstring("nothing at"));
  CHECK_THAT(refused(at("views/lights/lists/in-service/columns/name")), ContainsSubstring("nothing at"));
  CHECK_THAT(refused(at("")), ContainsSubstring("nothing at"));
  CHECK_THAT(refused(at("views/lights")), ContainsSubstring("has no source"));
  CHECK_THAT(refused(at("navigation/harbours")), ContainsSubstring("has no source"));
  auto list = at("views/lights/lists/in-service");
  list.filters = R"({"weight":1})";
  CHECK_THAT(refused(list), ContainsSubstring("no filter \"weight\""));
  list.filters = {};
  list.sort_key = "keeper";  // which is not sortable
  CHECK_THAT(refused(list), ContainsSubstring("cannot be sorted by \"keeper\""));
  auto thing = at("views/light");
  thing.filters = R"({"name":"x"})";
  CHECK_THAT(refused(thing), ContainsSubstring("only lists have filters"));
}

TEST_CASE("an action is asked with where it was started, and refused without what it is about") {
  const auto description = described();
  Description::ActionRequest action;
  action.action = "demolish";
  action.run = "key";
  action.query = R"({"filters":{"keeper":"ada"},"count":3})";
  action.params = R"({"reason":"old"})";
  action.dry_run = true;
  auto request = description->action_request(at("views/lights/lists/in-service"), action, json::object());
  REQUIRE(request);
  const auto& body = *request;
  CHECK(body.at("kind") == "action");
  CHECK(body.at("action") == "demolish");
  CHECK(body.at("run") == "key");
  CHECK(body.at("source") == "lights");
  CHECK(body.at("sourceParams") == json{{"state", "in-service"}});
  CHECK(body.at("query") == json{{"filters", {{"keeper", "ada"}}}, {"count", 3}});
  CHECK(body.at("params") ==
        json{{"reason", "old"}, {"how", "hand"}, {"keepLog", true}, {"share", 0.5}, {"stones", 0}});
  CHECK(body.at("dryRun") == true);

  const auto why = [&description](Description::ActionRequest of) {
    return description->action_request(at(""), of, json::object()).reason;
  };
  CHECK_THAT(why({"fly", "k", {}, {}, {}, {}, {}}), ContainsSubstring("no action \"fly\""));
  CHECK_THAT(why({"light", "k", {}, {}, {}, {}, {}}), ContainsSubstring("needs the id"));
  CHECK_THAT(why({"douse", "k", {"a", "b"}, {}, {}, {}, {}}), ContainsSubstring("takes one id"));
  CHECK_THAT(why({"build", "k", {"a"}, {}, {}, {}, {}}), ContainsSubstring("no single thing"));
  CHECK_THAT(why({"light", "k", {"a"}, {}, {}, {}, {}, true}), ContainsSubstring("no dry run"));
  CHECK_THAT(why({"light", "k", {"a"}, {}, {}, R"({"ids":["a"]})", {}}), ContainsSubstring("so no plan"));
  CHECK_THAT(why({"light", "k", {}, R"({"count":1})", {}, {}, {}}),
             ContainsSubstring("takes ids, and no query"));
  CHECK_THAT(why({"light", "k", {"a", "b", "a"}, {}, {}, {}, {}}), ContainsSubstring("\"a\" is named twice"));
  CHECK_THAT(why({"light", "k", {"a"}, {}, {}, {}, R"({"colour":"red"})"}),
             ContainsSubstring("expects nothing of"));
}

TEST_CASE("what a description promises is checked: names that stand twice, what it requires, whose it is") {
  const auto why = [](const std::function<void(json&)>& change, const char* id = "everything") {
    auto description = everything();
    change(description);
    return why_bad_description(description.dump(), id);
  };
  const auto twice = [&why](const char* place) {
    return why([place](json& all) {
      auto& list = all.at(json::json_pointer{place});
      list.push_back(list.at(0));
    });
  };
  CHECK_THAT(twice("/navigation"), ContainsSubstring("navigation has two with the id"));
  CHECK_THAT(twice("/views/lights/lists"), ContainsSubstring("views/lights/lists has two with the id"));
  CHECK_THAT(twice("/views/light/sections"), ContainsSubstring("views/light/sections has two with the id"));
  CHECK_THAT(twice("/views/lights/lists/0/columns"), ContainsSubstring("columns has two with the key"));
  CHECK_THAT(twice("/views/lights/lists/0/filters"), ContainsSubstring("filters has two with the key"));
  for (const auto* feature :
       {"section.hologram", "type.smell", "action.fly", "list.dance", "telepathy", "mark.pie", "filter.mood"})
    CHECK_THAT(why([feature](json& all) { all["requires"].push_back(feature); }),
               ContainsSubstring("requires what this host does not have: " + std::string{feature}));
  CHECK_THAT(why([](json&) {}, "lamps"),
             ContainsSubstring("is of \"everything\", and the library is \"lamps\""));
  CHECK_THAT(why([](json& all) { all.erase("views"); }),
             ContainsSubstring("its top level has to be given a \"views\""));
  CHECK_THAT(why([](json& all) { all["views"]["lights"]["title"] = 7; }),
             ContainsSubstring("views/lights/title has to be of the type string, and is 7"));
}

TEST_CASE("a query without a plan says how many were seen, and nothing that is not known") {
  const auto description = described();
  const auto why = [&description](const std::string& query) {
    Description::ActionRequest action{"mend", "k", {}, query, {}, {}, {}};
    return description->action_request(at("views/lights/lists/in-service"), action, json::object()).reason;
  };
  CHECK(why(R"({"count":1})").empty());
  CHECK(why(R"({"filters":{"keeper":"ada"},"count":7})").empty());
  for (const auto* none : {"{}", R"({"count":0})", R"({"filters":{}})"}) {
    CAPTURE(none);
    CHECK_THAT(why(none), ContainsSubstring("needs the \"count\" that was seen"));
  }
  for (const auto* wrong : {R"({"count":-1})", R"({"count":"7"})", R"({"count":7.0})", R"({"count":null})"}) {
    CAPTURE(wrong);
    CHECK_THAT(why(wrong), ContainsSubstring("has to be the number of things"));
  }
  CHECK_THAT(why(R"({"count":1,"all":true})"), ContainsSubstring("\"all\" is unknown"));
  CHECK_THAT(why(R"({"count":1,"filters":{"colour":"red"}})"), ContainsSubstring("no filter \"colour\""));
  CHECK_THAT(why(R"({"count":1,"filters":[]})"), ContainsSubstring("has to be an object"));
  CHECK_THAT(why(R"({"count":1,"group":7})"), ContainsSubstring("key of a group"));
}

TEST_CASE("the parameters of an action are those that its form declares, each of its kind") {
  const auto action = json::parse(R"({"params":{"type":"object","required":["reason"],"properties":{
    "reason":{"type":"string","minLength":3,"maxLength":5}, "how":{"type":"string","enum":["hand","blast"],"default":"hand"},
    "stones":{"type":"integer","minimum":0,"maximum":9}, "share":{"type":"number"}, "keep":{"type":"boolean","default":true}}}})");
  const auto given = [&action](const char* params) {
    return host::views::params_of(action, json::parse(params));
  };
  CHECK(*given(R"({"reason":"storm"})") == json{{"reason", "storm"}, {"how", "hand"}, {"keep", true}});
  CHECK(*given(R"({"reason":"ölig","keep":false,"stones":9,"share":1,"how":"blast"})") ==
        json{{"reason", "ölig"}, {"keep", false}, {"stones", 9}, {"share", 1}, {"how", "blast"}});
  CHECK(given(R"({"reason":"old","stones":null})")->contains("stones") == false);
  const auto why = [&given](const char* params) { return given(params).reason; };
  CHECK_THAT(why(R"({"reason":"old","force":true})"), ContainsSubstring("no parameter \"force\""));
  for (const auto* missing : {"{}", R"({"reason":""})", R"({"reason":null})"})
    CHECK_THAT(why(missing), ContainsSubstring("\"reason\" is missing"));
  for (const auto& [params, words] :
       {std::pair{R"({"reason":7})", "a text"}, std::pair{R"({"reason":"ab"})", "at least 3 characters"},
        std::pair{R"({"reason":"stormy"})", "at most 5 characters"},
        std::pair{R"({"reason":"old","how":"fire"})", R"(one of "hand", "blast")"},
        std::pair{R"({"reason":"old","stones":1.5})", "a whole number"},
        std::pair{R"({"reason":"old","stones":-1})", "at least 0"},
        std::pair{R"({"reason":"old","stones":10})", "at most 9"},
        std::pair{R"({"reason":"old","share":"half"})", "a number"},
        std::pair{R"({"reason":"old","keep":1})", "true or false"}}) {
    CAPTURE(params);
    CHECK_THAT(why(params), ContainsSubstring(words));
  }
  CHECK_THAT(host::views::params_of(json::object(), json{{"x", 1}}).reason,
             ContainsSubstring("no parameter \"x\""));
}

TEST_CASE("a request in which a name stands twice is not read") {
  CHECK(host::parse_strict(R"({"a":{"b":1},"c":{"b":[{"b":2},{"b":3}]}})", 16));
  CHECK_THAT(host::parse_strict(R"({"a":1,"b":2,"a":1})", 16).reason,
             ContainsSubstring("\"a\" stands twice"));
  CHECK_THAT(host::parse_strict(R"({"p":{"q":[{"x":1,"x":2}]}})", 16).reason,
             ContainsSubstring("\"x\" stands twice"));
  CHECK_THAT(host::parse_strict(R"({"a":1,"\u0061":2})", 16).reason, ContainsSubstring("\"a\" stands twice"));
  CHECK_THAT(host::parse_strict(std::string(17, '['), 16).reason, ContainsSubstring("deeper than 16"));
  for (const auto* bad : {"", "{", "nul", "{\"a\":}", "[1,]"})
    CHECK_THAT(host::parse_strict(bad, 16).reason, ContainsSubstring("not JSON"));
}

TEST_CASE("a body is passed on as one line if it is one JSON value in UTF-8, and refused otherwise") {
  const auto line = [](std::string_view body) { return on_one_line(body, 32); };
  CHECK(*line("{\"a\":\n\n[1,\r\n2]}\n") == "{\"a\":  [1,  2]} ");
  CHECK(*line("{\"a\":\"\\n\"}") == "{\"a\":\"\\n\"}");
  for (const auto* bad : {"", "{", "{}{}", "{} event: run", "{\"a\":\"\n\"}", "{\"a\":\"\xff\"}",
                          "{\"a\":\"\xed\xa0\x80\"}", "nul", "{\"a\":1,}", "'a'", "{\"a\":01}"}) {
    CAPTURE(bad);
    CHECK_FALSE(line(bad));
  }
  CHECK(line(std::string(32, '[') + std::string(32, ']')));
  CHECK_THAT(line(std::string(33, '[') + std::string(33, ']')).reason, ContainsSubstring("deeper than 32"));
  CHECK_THAT(line(std::string(200'000, '[')).reason, ContainsSubstring("deeper than 32"));
  CHECK(line(std::string(1, '"') + std::string(1 << 20, 'x') + '"'));
}
