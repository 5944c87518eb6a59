// What of a plugin's description goes to a page, and when.
#include "views/page_description.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"

using host::views::Extent;
using host::views::page_description;
using nlohmann::json;

namespace {

const json lamps = json::parse(R"({
  "views": {
    "all": {"kind": "list", "title": "%lamps%", "lists": [{"id": "l", "columns": [
      {"key": "lit", "label": "%lit:count%"},
      {"key": "state", "map": {"out": {"label": "%out%", "text": "%outText%"}}}]}]},
    "one": {"kind": "details", "title": "%lamp% %keeper%", "sections": [{"id": "s", "label": "%hours:count%"}]}
  },
  "strings": {
    "en": {"lamps": "Lamps", "lamp": "Lamp", "keeper": "Keeper", "lit.one": "lit", "lit.other": "all lit",
           "hours.one": "an hour", "hours.other": "hours", "answered": "only answers say this", "out": "out", "outText": "It needs a new bulb."},
    "de": {"lamps": "Lampen", "lamp": "Lampe"},
    "de-CH": {"lamp": "Lämpli"},
    "fr": {"lamps": "Lampes"}
  },
  "actions": {"dim": {"label": "%keeper%", "on": ["row"]}}
})");

json page(Extent extent, const std::string& language = "de", const json& description = lamps) {
  return json::parse(page_description(description.dump(2), language, extent));
}

}  // namespace

TEST_CASE("before anything is opened a page knows of details views that they are there") {
  const auto first = page(Extent::lists);
  CHECK(first.at("views").at("one") == json{{"kind", "details"}});
  CHECK(first.at("views").at("all").at("title") == "%lamps%");
  CHECK(first.at("views").at("all").at("lists").at(0).at("columns").at(0) ==
        lamps.at("views").at("all").at("lists").at(0).at("columns").at(0));
  CHECK(first.at("actions") == lamps.at("actions"));
}

TEST_CASE("the words that nothing in the lists names come with the whole") {
  const auto words = page(Extent::lists, "en").at("strings").at("en");
  CHECK_FALSE(words.contains("lamp"));
  CHECK_FALSE(words.contains("hours.one"));
  CHECK_FALSE(words.contains("hours.other"));
  CHECK(words.contains("lamps"));
  CHECK(words.contains("lit.other"));
  CHECK(words.contains("keeper"));  // an action of the list uses it, too
  CHECK_FALSE(words.contains("answered"));
  CHECK(page(Extent::whole, "en").at("strings").at("en") == lamps.at("strings").at("en"));
  CHECK(page(Extent::whole).at("views") == lamps.at("views"));
}

TEST_CASE("what a state's sign says to who points at it comes with the whole") {
  const auto first = page(Extent::lists, "en");
  const auto& out = first.at("views").at("all").at("lists").at(0).at("columns").at(1).at("map").at("out");
  CHECK(out == json{{"label", "%out%"}});
  CHECK(first.at("strings").at("en").contains("out"));
  CHECK_FALSE(first.at("strings").at("en").contains("outText"));
}

TEST_CASE("a page gets the words of its language, and English ones for what that lacks") {
  const auto german = page(Extent::whole).at("strings");
  CHECK(german.size() == 3);
  CHECK(german.at("de") == lamps.at("strings").at("de"));
  CHECK(german.contains("de-CH"));
  CHECK_FALSE(german.at("en").contains("lamp"));
  CHECK(german.at("en").contains("keeper"));
  CHECK(german.at("en").contains("hours.other"));
}

TEST_CASE("a page gets all words when there are none of its language") {
  CHECK(page(Extent::whole, "").at("strings").size() == 4);
  auto french = lamps;
  french["strings"] = {{"fr", lamps.at("strings").at("fr")}};
  CHECK(page(Extent::whole, "de", french).at("strings").size() == 1);
}

TEST_CASE("a description without words, or that is none, comes back") {
  auto bare = lamps;
  bare.erase("strings");
  CHECK(page(Extent::lists, "de", bare).at("views").at("one") == json{{"kind", "details"}});
  CHECK(page_description("[1", "de", Extent::lists) == "[1");
}
