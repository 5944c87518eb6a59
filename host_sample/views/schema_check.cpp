#include "views/schema_check.hpp"

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "views/view_schema.hpp"

namespace host::views {
namespace {

using nlohmann::json;
using Adapter = valijson::adapters::NlohmannJsonAdapter;

const valijson::Schema& schema() {
  static const auto parsed = [] {
    auto made = std::make_unique<valijson::Schema>();
    const auto document = json::parse(view_schema());
    valijson::SchemaParser parser{valijson::SchemaParser::kDraft7};
    parser.populateSchema(Adapter{document}, *made);
    return made;
  }();
  return *parsed;
}

std::string too_long(const json& value, const std::string& at) {
  if (value.is_string() && value.get_ref<const std::string&>().size() > longest_text)
    return at + " holds a text longer than " + std::to_string(longest_text) + " bytes";
  if (value.is_object())
    for (const auto& [key, member] : value.items()) {
      if (key.size() > 256) return at + " holds a name longer than 256 bytes";
      if (auto why = too_long(member, at + "/" + key); !why.empty()) return why;
    }
  if (value.is_array())
    for (std::size_t i = 0; i < value.size(); ++i)
      if (auto why = too_long(value[i], at + "/" + std::to_string(i)); !why.empty()) return why;
  return {};
}

std::string schema_error(const json& description) {
  valijson::Validator validator;
  valijson::ValidationResults results;
  if (validator.validate(schema(), Adapter{description}, &results)) return {};
  std::string words = "it breaks the schema of view descriptions";
  valijson::ValidationResults::Error error;
  // The deepest place says most; the errors around it only repeat that something inside is wrong.
  std::size_t deepest = 0;
  std::string place, message;
  while (results.popError(error)) {
    if (error.context.size() < deepest) continue;
    deepest = error.context.size();
    place.clear();
    for (const auto& part : error.context) place += part;
    message = error.description;
  }
  return message.empty() ? words : words + " at " + place + ": " + message;
}

// Every name that points to something in the description has to point to something.
std::string dangling(const json& description) {
  const auto& views = description.at("views");
  const auto actions = description.value("actions", json::object());
  if (actions.size() > most_actions) return "it has more than " + std::to_string(most_actions) + " actions";
  const auto no_view = [&views](const std::string& name) { return !name.empty() && !views.contains(name); };
  for (const auto& entry : description.at("navigation"))
    if (no_view(entry.value("view", "")))
      return "navigation names a view that is not there: " + entry.value("view", "");
  const auto check_columns = [](const json& part, const std::string& at) -> std::string {
    const auto columns = part.value("columns", json::array());
    return columns.size() > most_columns ? at + " has more than " + std::to_string(most_columns) + " columns"
                                         : "";
  };
  const auto check_actions = [&actions](const json& part, const std::string& at) -> std::string {
    for (const auto& action : part.value("actions", json::array()))
      if (action.is_string() && !actions.contains(action.get<std::string>()))
        return at + " names an action that is not there: " + action.get<std::string>();
    return {};
  };
  for (const auto& [name, view] : views.items()) {
    const auto at = "views/" + name;
    if (no_view(view.value("details", "")))
      return at + " names a details view that is not there: " + view.value("details", "");
    for (const auto& list : view.value("lists", json::array())) {
      if (auto why = check_columns(list, at); !why.empty()) return why;
      if (auto why = check_actions(list, at); !why.empty()) return why;
    }
    for (const auto& section : view.value("sections", json::array())) {
      if (auto why = check_columns(section, at); !why.empty()) return why;
      if (auto why = check_actions(section, at); !why.empty()) return why;
      if (no_view(section.value("details", "")))
        return at + " has a section with a details view that is not there";
    }
    if (auto why = check_actions(view, at); !why.empty()) return why;
  }
  return {};
}

}  // namespace

std::string why_bad_description(std::string_view description) {
  if (description.size() > largest_description)
    return "its description is larger than " + std::to_string(largest_description >> 10) + " KiB";
  const auto document = json::parse(description, nullptr, false);
  if (!document.is_object()) return "its description is no JSON object";
  try {
    if (auto why = too_long(document, ""); !why.empty()) return "its description at " + why;
    if (auto why = schema_error(document); !why.empty()) return why;
    if (auto why = dangling(document); !why.empty()) return "its description: " + why;
  } catch (const std::exception& error) {
    return std::string{"its description could not be checked: "} + error.what();
  }
  return {};
}

}  // namespace host::views
