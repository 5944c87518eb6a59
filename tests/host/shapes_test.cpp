// Answers against the shapes that exchange.md promises: what is wrong is said, what is good stays.
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "plugins/body_scan.hpp"

using host::plugins::BodyShape;
using host::plugins::scanned;
using nlohmann::json;
using Kind = BodyShape::Kind;

namespace {

json body_of(const char* body, Kind kind = Kind::rows, const char* id_field = "id") {
  const auto made = scanned(body, 32, {kind, id_field});
  INFO(made.reason);
  REQUIRE(made);
  return json::parse(made->line);
}
std::string why(const char* body, Kind kind = Kind::rows) {
  return scanned(body, 32, {kind, "id"}).reason;
}
std::string warned(const json& body) {
  std::string text;
  for (const auto& warning : body.value("warnings", json::array())) text += warning.get<std::string>() + "\n";
  return text;
}

}  // namespace

TEST_CASE("an answer as it should be is passed on byte by byte") {
  for (const auto& [body, kind] :
       {std::pair{
            R"({"rows":[{"id":"1","engine":"a"},{"id":"1","engine":"b"},{"id":"2"}],"total":2,"next":null})",
            Kind::rows},
        std::pair{R"({"rows":[],"total":0,"warnings":["w"],"caps":{},"_actions":{},"more":[1,[2]]})",
                  Kind::rows},
        std::pair{R"({"fields":{"rows":7,"id":null},"asOf":1})", Kind::details},
        std::pair{R"({"rows":[{"key":"k","count":2}]})", Kind::groups},
        std::pair{R"({"rows":[{"at":"t","label":"l"},{"at":"t","label":"l"}]})", Kind::timeline},
        std::pair{R"({"options":[{"value":"a"},{"value":7},{"value":true}]})", Kind::options},
        std::pair{R"({"x":[1,2],"series":{"a":[1,null]},"units":{}})", Kind::chart},
        std::pair{R"([1,{"rows":"none"}])", Kind::any}}) {
    CAPTURE(body);
    const auto made = scanned(body, 32, {kind, "id"});
    REQUIRE(made);
    CHECK(made->line == body);
    CHECK(made->notes.empty());
  }
}

TEST_CASE("what lacks what makes it an answer is refused, and never looks like an empty list") {
  CHECK_THAT(why(R"({"rows":"none"})"), ContainsSubstring("\"rows\" is a text where a list is owed"));
  CHECK_THAT(why(R"({"rows":{}})"), ContainsSubstring("an object where a list"));
  CHECK_THAT(why(R"({"rows":null})"), ContainsSubstring("nothing where a list"));
  CHECK_THAT(why(R"({"total":0})"), ContainsSubstring("it has no \"rows\""));
  CHECK_THAT(why("[]"), ContainsSubstring("a list where an object is owed"));
  CHECK_THAT(why("7"), ContainsSubstring("a number where an object is owed"));
  CHECK_THAT(why(R"({"rows":[],"rows":[{"id":"1"}]})"), ContainsSubstring("\"rows\" stands in it twice"));
  CHECK_THAT(why(R"({"rows":[],"\u0072ows":[]})"), ContainsSubstring("twice"));
  CHECK_THAT(why(R"({"fields":[]})", Kind::details), ContainsSubstring("a list where an object"));
  CHECK_THAT(why(R"({})", Kind::details), ContainsSubstring("no \"fields\""));
  CHECK_THAT(why(R"({"options":{}})", Kind::options), ContainsSubstring("an object where a list"));
  CHECK_THAT(why(R"({"x":[]})", Kind::chart), ContainsSubstring("no \"series\""));
  CHECK_THAT(why(R"({"rows":7})", Kind::groups), ContainsSubstring("a number where a list"));
  CHECK_THAT(why(R"({"rows":true})", Kind::timeline), ContainsSubstring("true or false where a list"));
  CHECK_THAT(why(R"({"rows":[)"), ContainsSubstring("not JSON at byte"));
}

TEST_CASE("invalid and duplicate rows are left out and reported; the valid ones stay") {
  auto body = body_of(
      R"({"total":3, "rows":[7, {"id":"a","x":[1,{"id":"b"}]}, "text", {"id":"b, ]}"}, [{"id":"c"}]],"next":5})");
  CHECK(body.at("rows") == json::parse(R"([{"id":"a","x":[1,{"id":"b"}]},{"id":"b, ]}"}])"));
  CHECK(body.at("next") == 5);
  CHECK(body.at("total") == 3);
  CHECK_THAT(warned(body), ContainsSubstring("row 1 is a number and not an object") &&
                               ContainsSubstring("row 3 is a text") && ContainsSubstring("row 5 is a list"));
  body = body_of(
      R"({"rows":[{"id":"a","n":1},{"id":"a","n":2},{"id":"a","engine":"e"},{"engine":"e","id":"a"}]})");
  CHECK(body.at("rows") == json::parse(R"([{"id":"a","n":1},{"id":"a","engine":"e"}])"));
  CHECK_THAT(warned(body), ContainsSubstring("row 2 has the \"id\" of one before it, \"a\"") &&
                               ContainsSubstring("row 4 has the"));
  body = body_of(R"({"rows":[{"n":1},{"id":null},{"id":7},{"id":""},{"id":{"id":"x"}},{"id":"good"}]})");
  CHECK(body.at("rows") == json::parse(R"([{"id":"good"}])"));
  CHECK_THAT(warned(body), ContainsSubstring("row 1 has no \"id\"") && ContainsSubstring("row 2 has no") &&
                               ContainsSubstring("the \"id\" of row 3 is not a text") &&
                               ContainsSubstring("2 more faults"));
  body = body_of(R"({"rows":[{"lamp":"1"},{"id":"1"},{"lamp":"1"}]})", Kind::rows, "lamp");
  CHECK(body.at("rows") == json::parse(R"([{"lamp":"1"}])"));
  body = body_of(R"({"rows":[{"key":"k"},{"key":"k"},{"id":"k"}]})", Kind::groups);
  CHECK(body.at("rows") == json::parse(R"([{"key":"k"}])"));
  body = body_of(R"({"options":[{"label":"A"},{"value":[]},{"value":"a"}]})", Kind::options);
  CHECK(body.at("options") == json::parse(R"([{"value":"a"}])"));
}

TEST_CASE("members of a wrong type are left out and said, and a plugin's own warnings stay") {
  const auto body = body_of(
      R"({"rows":[{"id":"a"}],"total":"many","totalKind":7,"warnings":["one of \"mine\"",{"key":"k"}],"caps":[],"engines":7,"_actions":"x","next":"5"})");
  CHECK(body.at("rows").size() == 1);
  for (const auto* member : {"total", "totalKind", "caps", "engines", "_actions", "next"})
    CHECK_FALSE(body.contains(member));
  REQUIRE(body.at("warnings").size() == host::plugins::most_notes + 2);
  CHECK(body.at("warnings").at(0) ==
        "The plugin's answer has a fault: \"total\" is a text and not a number, and is left out.");
  CHECK(body.at("warnings").at(3) == "3 more faults of this kind are in the plugin's answer.");
  CHECK(body.at("warnings").at(4) == "one of \"mine\"");
  CHECK(body.at("warnings").at(5) == json{{"key", "k"}});
  CHECK(body_of(R"({"warnings":"none","rows":[]})")
            .at("warnings")
            .at(0)
            .get<std::string>()
            .find("\"warnings\" is a text") != std::string::npos);
}

TEST_CASE("a hundred thousand rows of one id are a few words, and a few bytes of memory each") {
  std::string rows = R"({"rows":[{"id":"x"})";
  for (int i = 0; i < 100'000; ++i)
    rows += i % 2 == 0 ? R"(,{"id":"x"})" : R"(,{"id":")" + std::to_string(i) + "\"}";
  const auto made = scanned(rows + "]}", 32, {Kind::rows, "id"});
  REQUIRE(made);
  CHECK(made->notes.size() == host::plugins::most_notes);
  CHECK(made->notes.back() == "49997 more faults of this kind are in the plugin's answer.");
  CHECK(json::parse(made->line).at("rows").size() == 50'001);
}
