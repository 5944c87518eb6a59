#include "views/schema_check.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "base/json_text.hpp"
#include "views/schema_words.hpp"
#include "views/view_schema.hpp"

namespace host::views {
namespace {

using nlohmann::json;
using Adapter = valijson::adapters::NlohmannJsonAdapter;

const valijson::Schema& schema() {
  static const auto parsed = [] {
    auto made = std::make_unique<valijson::Schema>();
    const auto document = known_json(view_schema());
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
  std::vector<std::string> place;
  std::string message;
  while (results.popError(error)) {
    if (error.context.size() < deepest) continue;
    deepest = error.context.size();
    place = error.context;
    message = error.description;
  }
  return message.empty() ? words : words + ": " + schema_words(description, place, message);
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

// The first name that stands twice in a list; empty: none does. Of two that each have a `when` one is shown
// at a time.
std::string twice_in(const json& list, const char* member) {
  std::map<std::string, bool> seen;  // whether all of that name have a condition
  if (!list.is_array()) return {};
  for (const auto& one : list) {
    if (!one.is_object() || !one.contains(member) || !one.at(member).is_string()) continue;
    const bool conditional = one.contains("when");
    const auto [at, fresh] = seen.emplace(one.at(member).get<std::string>(), conditional);
    if (!fresh && !(at->second && conditional)) return one.at(member);
  }
  return {};
}

// Two things of one kind with one name: of them only the first would ever be found.
std::string doubled(const json& description) {
  const auto check = [](const json& in, const char* list, const char* member,
                        const std::string& at) -> std::string {
    const auto found = in.find(list);
    const auto name = found == in.end() ? std::string{} : twice_in(*found, member);
    return name.empty()
               ? ""
               : at + (at.empty() ? "" : "/") + list + " has two with the " + member + " \"" + name + "\"";
  };
  if (auto why = check(description, "navigation", "id", ""); !why.empty()) return why;
  for (const auto& [name, view] : description.at("views").items()) {
    const auto at = "views/" + name;
    for (const auto* list : {"lists", "sections"}) {
      if (auto why = check(view, list, "id", at); !why.empty()) return why;
      const auto found = view.find(list);
      if (found == view.end()) continue;
      for (const auto& part : *found) {
        const auto place = at + "/" + list + "/" + part.value("id", "");
        for (const auto* of : {"columns", "filters", "fields"})
          if (auto why = check(part, of, "key", place); !why.empty()) return why;
      }
    }
  }
  return {};
}

// What this host has, by the names of the schema it ships with.
bool is_there(const std::string& feature) {
  static const auto root = known_json(view_schema());
  static const auto has = [](const char* definition, const std::string& name) {
    const auto& of = root.at("definitions").at(definition);
    if (of.contains("enum"))
      return std::find(of.at("enum").begin(), of.at("enum").end(), json(name)) != of.at("enum").end();
    return of.at("properties").contains(name);
  };
  const auto dot = feature.find('.');
  const auto kind = feature.substr(0, dot);
  const auto name = dot == std::string::npos ? std::string{} : feature.substr(dot + 1);
  if (kind == "type") return has("type", name);
  if (kind == "section") return has("sectionType", name);
  if (kind == "filter") return has("filterType", name);
  if (kind == "mark") return has("mark", name);
  if (kind == "action") return has("action", name);
  return kind == "list" && has("list", name);
}

std::string lacking(const json& description) {
  std::string missing;
  for (const auto& feature : description.value("requires", json::array()))
    if (!is_there(feature.get<std::string>())) missing += " " + feature.get<std::string>();
  return missing.empty() ? "" : "it requires what this host does not have:" + missing + "; a newer host may";
}

}  // namespace

std::string why_bad_description(std::string_view description, std::string_view library_id) {
  if (description.size() > largest_description)
    return "its description is larger than " + std::to_string(largest_description >> 10) + " KiB: it has " +
           std::to_string((description.size() + 1023) >> 10) + " KiB";
  const auto document = parse_json(description);
  if (!document.is_object()) return "its description is no JSON object";
  try {
    if (auto why = too_long(document, ""); !why.empty()) return "its description at " + why;
    if (auto why = schema_error(document); !why.empty()) return why;
    if (auto why = lacking(document); !why.empty()) return why;
    for (const auto& why : {dangling(document), doubled(document)})
      if (!why.empty()) return "its description: " + why;
    if (const auto id = document.at("plugin").value("id", ""); id != library_id)
      return "its description is of \"" + id + "\", and the library is \"" + std::string{library_id} + "\"";
  } catch (const std::exception& error) {
    return std::string{"its description could not be checked: "} + error.what();
  }
  return {};
}

}  // namespace host::views
