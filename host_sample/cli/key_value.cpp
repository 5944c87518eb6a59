#include "cli/key_value.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"

namespace host::cli {
namespace {

using nlohmann::json;

json guessed(const std::string& text) {
  auto parsed = parse_json(text);
  if (parsed.is_boolean() || parsed.is_number() || parsed.is_object()) return parsed;
  return text;
}

// One end of a range; discarded when it is none.
json end_of(const std::string& text, bool number) {
  if (!number) return text;
  auto parsed = parse_json(text);
  return parsed.is_number() ? parsed : json(json::value_t::discarded);
}

json range_of(const std::string& text, bool number) {
  if (const auto whole = parse_json(text); whole.is_object()) return whole;
  const auto dots = text.find("..");
  if (dots == std::string::npos && !number) return json(json::value_t::discarded);
  const auto from = text.substr(0, dots);
  const auto to = dots == std::string::npos ? from : text.substr(dots + 2);
  json range = json::object();
  for (const auto& [name, end] : {std::pair{"from", from}, std::pair{"to", to}}) {
    if (end.empty()) continue;
    range[name] = end_of(end, number);
    if (range[name].is_discarded()) return json(json::value_t::discarded);
  }
  return range.empty() ? json(json::value_t::discarded) : range;
}

json list_of(const std::string& text) {
  json list = json::array();
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    if (end > at) list.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return list;
}

struct Typed {
  json value;
  const char* wanted = nullptr;  // when the value is discarded
};

Typed filter_value(const std::string& type, const std::string& text) {
  if (type == "boolean") {
    if (text == "true" || text == "false") return {text == "true"};
    return {json(json::value_t::discarded), "true or false"};
  }
  if (type == "number") return {range_of(text, true), "a number or FROM..TO"};
  if (type == "datetimeRange")
    return {range_of(text, false),
            "FROM..TO, each a time such as 2030-01-31T14:00:00Z, one of them may be missing"};
  if (type == "tags") return {list_of(text), "words with commas between"};
  return {type.empty() ? guessed(text) : json(text)};
}

Typed param_value(const std::string& type, const std::string& text) {
  if (type == "string") return {json(text)};
  auto value = guessed(text);
  if (type == "boolean" && !value.is_boolean()) return {json(json::value_t::discarded), "true or false"};
  if (type == "integer" && !value.is_number_integer())
    return {json(json::value_t::discarded), "a whole number"};
  if (type == "number" && !value.is_number()) return {json(json::value_t::discarded), "a number"};
  return {std::move(value)};
}

std::string add(const std::string& pair, std::string& object, const auto& typed) {
  const auto equals = pair.find('=');
  if (equals == std::string::npos || equals == 0) return "\"" + pair + "\" is not of the form key=value";
  const auto key = pair.substr(0, equals);
  const Typed made = typed(key, pair.substr(equals + 1));
  if (made.value.is_discarded()) return "\"" + key + "\" has to be " + made.wanted;
  auto members = json_object(object);
  if (members.contains(key)) return "\"" + key + "\" is said twice";
  members[key] = made.value;
  object = json_text(members);
  return {};
}

}  // namespace

std::string add_filter(const json& place, const std::string& pair, std::string& object) {
  return add(pair, object, [&place](const std::string& key, const std::string& text) {
    for (const auto& filter : place.value("filters", json::array()))
      if (filter.value("key", "") == key) return filter_value(filter.value("type", "text"), text);
    return filter_value({}, text);
  });
}

std::string add_param(const json& action, const std::string& pair, std::string& object) {
  return add(pair, object, [&action](const std::string& key, const std::string& text) {
    const auto properties = action.value("params", json::object()).value("properties", json::object());
    return param_value(properties.value(key, json::object()).value("type", ""), text);
  });
}

}  // namespace host::cli
