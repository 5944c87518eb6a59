#include "base/strict_json.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/utf8.hpp"

namespace host {
namespace {

using nlohmann::json;

constexpr std::size_t longest_name = 60;  // of a member, in a reason

}  // namespace

Result<json> parse_strict(std::string_view text, std::size_t deepest) {
  using Failed = Result<json>;
  std::vector<std::set<std::string>> names;  // of each object that is open
  std::string twice;
  bool too_deep = false;
  auto parsed = json::parse(
      text,
      [&](int depth, json::parse_event_t event, json& value) {
        const bool opens =
            event == json::parse_event_t::object_start || event == json::parse_event_t::array_start;
        too_deep = too_deep || (opens && static_cast<std::size_t>(depth) >= deepest);
        if (too_deep) return false;  // what stands there is not built
        if (event == json::parse_event_t::object_start) names.emplace_back();
        if (event == json::parse_event_t::object_end) names.pop_back();
        if (event == json::parse_event_t::key && !names.back().insert(value.get<std::string>()).second &&
            twice.empty())
          twice = first_bytes(value.get_ref<const std::string&>(), longest_name);
        return true;
      },
      false);
  if (too_deep) return Failed::failed("it is nested deeper than " + std::to_string(deepest) + " levels");
  if (!twice.empty()) return Failed::failed("\"" + twice + "\" stands twice in one object");
  if (parsed.is_discarded()) return Failed::failed("it is not JSON");
  return Failed::of(std::move(parsed));
}

}  // namespace host
