#include "views/params.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "base/json_text.hpp"
#include "base/utf8.hpp"

namespace host::views {
namespace {

using nlohmann::json;

constexpr std::size_t most_named = 300;  // bytes of the names and choices in a reason

std::string listed(const json& values) {
  std::string text;
  for (const auto& value : values) {
    text += (text.empty() ? "" : ", ") + json_text(value);
    if (text.size() > most_named) return std::string{first_bytes(text, most_named)} + "…";
  }
  return text;
}

// What the value has to be; empty: it is.
std::string wanted(const json& form, const json& value) {
  const auto type = form.value("type", "string");
  if (type == "boolean" && !value.is_boolean()) return "true or false";
  if (type == "integer" && !value.is_number_integer()) return "a whole number";
  if (type == "number" && !value.is_number()) return "a number";
  if (type == "string" && !value.is_string()) return "a text";
  if (form.contains("enum") &&
      std::find(form.at("enum").begin(), form.at("enum").end(), value) == form.at("enum").end())
    return "one of " + listed(form.at("enum"));
  if (value.is_number() && form.contains("minimum") && value < form.at("minimum"))
    return "at least " + json_text(form.at("minimum"));
  if (value.is_number() && form.contains("maximum") && value > form.at("maximum"))
    return "at most " + json_text(form.at("maximum"));
  if (!value.is_string()) return {};
  const auto length = characters_in(value.get_ref<const std::string&>());
  if (length == 0) return {};  // whether there may be none is said by `required`
  if (form.contains("minLength") && length < form.at("minLength").get<std::size_t>())
    return "at least " + json_text(form.at("minLength")) + " characters long";
  if (form.contains("maxLength") && length > form.at("maxLength").get<std::size_t>())
    return "at most " + json_text(form.at("maxLength")) + " characters long";
  return {};
}

}  // namespace

Result<json> params_of(const json& action, const json& given) {
  using Failed = Result<json>;
  const auto form = action.value("params", json::object());
  const auto properties = form.value("properties", json::object());
  auto values = given.is_null() ? json::object() : given;
  if (!values.is_object()) return Failed::failed("the parameters have to be an object");
  for (const auto& [name, value] : values.items())
    if (!properties.contains(name))
      return Failed::failed("the action has no parameter \"" + std::string{first_bytes(name, 60)} + "\"");
  for (const auto& [name, property] : properties.items()) {
    const auto at = values.find(name);
    const bool absent = at == values.end() || at->is_null();
    if (absent && property.contains("default"))
      values[name] = property.at("default");
    else if (absent)
      values.erase(name);
    else if (const auto what = wanted(property, *at); !what.empty())
      return Failed::failed("the parameter \"" + name + "\" has to be " + what);
  }
  for (const auto& name : form.value("required", json::array())) {
    const auto at = values.find(name.get<std::string>());
    if (at == values.end() || *at == json(""))
      return Failed::failed("the parameter \"" + name.get<std::string>() + "\" is missing");
  }
  return Failed::of(std::move(values));
}

}  // namespace host::views
