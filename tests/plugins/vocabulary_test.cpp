// The description of the plugin "everything" uses every word of the view vocabulary: each property, each
// value of an enumeration, each root of a condition. So this plugin sends everything that the host can
// receive.
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "catch.hpp"

namespace {

using nlohmann::json;

json parsed(const std::string& file) {
  std::ifstream in{file};
  REQUIRE(in);
  return json::parse(in);
}

// Walks a schema: all words it knows, and those that an instance uses. A word is the pointer to where the
// schema says it.
class Vocabulary {
 public:
  explicit Vocabulary(const json& schema) : schema_(schema) { collect(Place{}); }

  const std::set<std::string>& known() const { return known_; }

  std::set<std::string> unused_by(const json& instance) {
    used_.clear();
    follow(Place{}, instance);
    std::set<std::string> unused;
    for (const auto& word : known_)
      if (used_.count(word) == 0) unused.insert(word);
    return unused;
  }

 private:
  using Place = json::json_pointer;

  const json& at(const Place& place) const { return schema_.at(place); }
  static Place target(const json& reference) { return Place{reference.get<std::string>().substr(1)}; }

  // The alternatives in a pattern such as ^(row|parent)…
  static std::set<std::string> alternatives(const json& node) {
    std::set<std::string> all;
    if (!node.contains("then") || !node.at("then").contains("pattern")) return all;
    const auto pattern = node.at("then").at("pattern").get<std::string>();
    if (pattern.rfind("^(", 0) != 0) return all;
    auto rest = pattern.substr(2, pattern.find(')') - 2);
    for (std::size_t bar = 0; bar != std::string::npos;
         rest = bar == std::string::npos ? "" : rest.substr(bar + 1)) {
      bar = rest.find('|');
      all.insert(rest.substr(0, bar));
    }
    return all;
  }

  void collect(const Place& place) {
    if (!seen_.insert(place.to_string()).second) return;
    const auto& node = at(place);
    if (node.contains("$ref")) collect(target(node.at("$ref")));
    if (node.contains("enum"))
      for (const auto& value : node.at("enum"))
        known_.insert((place / "enum").to_string() + " " + value.dump());
    for (const auto& root : alternatives(node)) known_.insert(place.to_string() + " root " + root);
    if (node.contains("properties"))
      for (const auto& [name, inside] : node.at("properties").items()) {
        known_.insert((place / "properties" / name).to_string());
        collect(place / "properties" / name);
      }
    for (const auto* inside : {"items", "additionalProperties"})
      if (node.contains(inside) && node.at(inside).is_object()) collect(place / inside);
    for (const auto* inside : {"anyOf", "oneOf", "allOf"})
      if (node.contains(inside))
        for (std::size_t i = 0; i < node.at(inside).size(); ++i) collect(place / inside / i);
  }

  static bool fits(const json& node, const json& instance) {
    if (node.contains("enum")) {
      const auto& values = node.at("enum");
      return std::find(values.begin(), values.end(), instance) != values.end();
    }
    if (!node.contains("type") || !node.at("type").is_string()) return true;
    const auto type = node.at("type").get<std::string>();
    return (type == "object" && instance.is_object()) || (type == "array" && instance.is_array()) ||
           (type == "string" && instance.is_string()) || (type == "boolean" && instance.is_boolean()) ||
           ((type == "number" || type == "integer") && instance.is_number());
  }

  void follow(const Place& place, const json& instance) {
    const auto& node = at(place);
    if (node.contains("$ref")) follow(target(node.at("$ref")), instance);
    if (!fits(node, instance)) return;
    if (node.contains("enum")) used_.insert((place / "enum").to_string() + " " + instance.dump());
    if (instance.is_string())
      for (const auto& root : alternatives(node))
        if (instance.get<std::string>().rfind(root + ".", 0) == 0)
          used_.insert(place.to_string() + " root " + root);
    for (const auto* inside : {"anyOf", "oneOf", "allOf"})
      if (node.contains(inside))
        for (std::size_t i = 0; i < node.at(inside).size(); ++i) follow(place / inside / i, instance);
    if (instance.is_array() && node.contains("items"))
      for (const auto& item : instance) follow(place / "items", item);
    if (!instance.is_object()) return;
    for (const auto& [name, value] : instance.items()) {
      const auto property = place / "properties" / name;
      if (node.contains("properties") && node.at("properties").contains(name)) {
        used_.insert(property.to_string());
        follow(property, value);
      } else if (node.contains("additionalProperties") && node.at("additionalProperties").is_object()) {
        follow(place / "additionalProperties", value);
      }
    }
  }

  const json& schema_;
  std::set<std::string> seen_, known_, used_;
};

// The description without a member of that name anywhere.
void forget(json& node, const std::string& name) {
  if (node.is_object()) node.erase(name);
  for (auto& inside : node)
    if (inside.is_structured()) forget(inside, name);
}

TEST_CASE("the description of everything leaves no word of the view vocabulary unused") {
  const auto schema = parsed(VIEW_SCHEMA);
  auto description = parsed(EVERYTHING_VIEW);
  Vocabulary vocabulary{schema};
  CHECK(vocabulary.known().size() > 200);
  CHECK(vocabulary.unused_by(description) == std::set<std::string>{});

  SECTION("and a word that is not used is noticed") {
    forget(description, "hotkey");
    CHECK(vocabulary.unused_by(description) ==
          std::set<std::string>{"/definitions/action/properties/hotkey"});
  }
}

}  // namespace
