#include "views/schema_words.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "base/utf8.hpp"
#include "views/view_schema.hpp"

namespace host::views {
namespace {

using nlohmann::json;

std::string shown(const json& value) {
  auto text = json_text(value);
  constexpr std::size_t longest = 80;
  return text.size() <= longest ? text : std::string{first_bytes(text, longest)} + "…";
}

// What stands at a place such as [views][stones][kind]; null: nothing.
const json* value_at(const json& description, const std::vector<std::string>& place) {
  const auto* at = &description;
  for (const auto& part : place) {
    if (at->is_object() && at->contains(part)) {
      at = &at->at(part);
    } else if (at->is_array() && !part.empty() && part.find_first_not_of("0123456789") == std::string::npos &&
               part.size() < 6 && std::stoul(part) < at->size()) {
      at = &at->at(std::stoul(part));
    } else {
      return nullptr;
    }
  }
  return at;
}

// The part of the schema that is about a place: by the names of members, through references and lists.
const json* schema_at(const json& root, const std::vector<std::string>& place) {
  const auto resolved = [&root](const json* at) {
    while (at != nullptr && at->contains("$ref"))
      at = &root.at(json::json_pointer{at->at("$ref").get<std::string>().substr(1)});
    return at;
  };
  const auto* at = resolved(&root);
  for (const auto& part : place) {
    if (at == nullptr || !at->is_object()) return nullptr;
    const auto properties = at->find("properties");
    if (properties != at->end() && properties->contains(part))
      at = &properties->at(part);
    else if (at->contains("items") && at->at("items").is_object())
      at = &at->at("items");
    else if (at->contains("additionalProperties") && at->at("additionalProperties").is_object())
      at = &at->at("additionalProperties");
    else
      return nullptr;
    at = resolved(at);
  }
  return at;
}

std::string joined(const json& values) {
  std::string text;
  for (const auto& value : values) text += (text.empty() ? "" : ", ") + shown(value);
  constexpr std::size_t longest = 600;
  return text.size() <= longest ? text : std::string{first_bytes(text, longest)} + "…";
}

// What the value has to be, as the schema says it; empty where only the validator's own words are left.
std::string wanted_at(const json& schema, const json& value) {
  if (schema.contains("enum") &&
      std::find(schema.at("enum").begin(), schema.at("enum").end(), value) == schema.at("enum").end())
    return "one of " + joined(schema.at("enum"));
  if (schema.contains("const") && schema.at("const") != value) return shown(schema.at("const"));
  const auto type = schema.value("type", json{});
  const auto is = [&value](const json& name) {
    return name == "object"    ? value.is_object()
           : name == "array"   ? value.is_array()
           : name == "string"  ? value.is_string()
           : name == "integer" ? value.is_number_integer()
           : name == "number"  ? value.is_number()
           : name == "boolean" ? value.is_boolean()
                               : name != "null" || value.is_null();
  };
  if (type.is_string() && !is(type)) return "of the type " + type.get<std::string>();
  if (type.is_array() && std::none_of(type.begin(), type.end(), is))
    return "of one of the types " + joined(type);
  if (value.is_object())
    for (const auto& name : schema.value("required", json::array()))
      if (!value.contains(name.get<std::string>())) return "given a " + shown(name) + ", which is missing";
  if (value.is_object() && schema.value("additionalProperties", json(true)) == json(false))
    for (const auto& [name, member] : value.items())
      if (!schema.value("properties", json::object()).contains(name))
        return "without " + shown(name) + "; it may have " + joined([&schema] {
                 json names = json::array();
                 for (const auto& [known, of] : schema.at("properties").items()) names.push_back(known);
                 return names;
               }());
  if (value.is_array() && value.size() > schema.value("maxItems", value.size()))
    return "a list of at most " + json_text(schema.at("maxItems")) + ", and has " +
           std::to_string(value.size());
  if (value.is_array() && value.size() < schema.value("minItems", value.size()))
    return "a list of at least " + json_text(schema.at("minItems"));
  if (value.is_object() && value.size() > schema.value("maxProperties", value.size()))
    return "of at most " + json_text(schema.at("maxProperties")) + " members, and has " +
           std::to_string(value.size());
  if (value.is_string() && schema.contains("maxLength") &&
      value.get_ref<const std::string&>().size() > schema.at("maxLength"))
    return "at most " + json_text(schema.at("maxLength")) + " characters long";
  if (value.is_string() && schema.contains("pattern"))
    return "of the form " + schema.at("pattern").get<std::string>();
  if (value.is_number() && schema.contains("minimum") && value < schema.at("minimum"))
    return "at least " + json_text(schema.at("minimum"));
  if (value.is_number() && schema.contains("maximum") && value > schema.at("maximum"))
    return "at most " + json_text(schema.at("maximum"));
  return {};
}

// "[views][stones]" and the like, as the validator names a place.
std::vector<std::string> parts_of(const std::vector<std::string>& context) {
  std::vector<std::string> parts;
  for (const auto& one : context) {
    if (one == "<root>" || one.empty()) continue;
    parts.push_back(one.front() == '[' && one.back() == ']' ? one.substr(1, one.size() - 2) : one);
  }
  return parts;
}

}  // namespace

std::string schema_words(const json& description, const std::vector<std::string>& context,
                         const std::string& otherwise) {
  static const auto schema_tree = known_json(view_schema());
  const auto place = parts_of(context);
  const auto* value = value_at(description, place);
  const auto* schema_part = schema_at(schema_tree, place);
  std::string at;
  for (const auto& part : place) at += (at.empty() ? "" : "/") + part;
  const auto wanted =
      value != nullptr && schema_part != nullptr ? wanted_at(*schema_part, *value) : std::string{};
  if (at.empty()) at = "its top level";
  if (value == nullptr || wanted.empty()) return at + ": " + otherwise;
  return at + " has to be " + wanted + (value->is_structured() ? "" : ", and is " + shown(*value));
}

}  // namespace host::views
