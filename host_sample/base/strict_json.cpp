#include "base/strict_json.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace host {
namespace {

using nlohmann::json;

constexpr std::size_t longest_name = 60;  // of a member, in a reason

// Brackets outside of texts, before the parser recurses into them.
std::size_t depth_of(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_text) {
      if (c == '\\') ++i;
      if (c == '"') in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

Result<json> parse_strict(std::string_view text, std::size_t deepest) {
  using Failed = Result<json>;
  if (depth_of(text) > deepest)
    return Failed::failed("it is nested deeper than " + std::to_string(deepest) + " levels");
  std::vector<std::set<std::string>> names;  // of each object that is open
  std::string twice;
  auto parsed = json::parse(
      text,
      [&names, &twice](int, json::parse_event_t event, json& value) {
        if (event == json::parse_event_t::object_start) names.emplace_back();
        if (event == json::parse_event_t::object_end) names.pop_back();
        if (event == json::parse_event_t::key && !names.back().insert(value.get<std::string>()).second &&
            twice.empty())
          twice = value.get<std::string>().substr(0, longest_name);
        return true;
      },
      false);
  if (!twice.empty()) return Failed::failed("\"" + twice + "\" stands twice in one object");
  if (parsed.is_discarded()) return Failed::failed("it is not JSON");
  return Failed::of(std::move(parsed));
}

}  // namespace host
