#include "cli/qualified_names.hpp"

#include <nlohmann/json.hpp>

namespace host::cli {
namespace {

using nlohmann::json;

// Why no plugin of that id answers: not there, or refused for a reason.
std::string no_plugin(const views::Service& service, const std::string& id) {
  if (!service.registry().folder_reason().empty())
    return "The plugin folder is not used: " + service.registry().folder_reason();
  std::string known;
  for (const auto* entry : service.registry().entries()) {
    if (entry->id == id && !entry->reason.empty())
      return "The plugin \"" + id + "\" was refused: " + entry->reason;
    if (entry->serving()) known += " " + entry->id;
  }
  return "There is no plugin \"" + id + "\"; there is" + (known.empty() ? " none at all." : ":" + known);
}

// Calls `take` with each plugin that serves: its entry and its description.
template <class Take>
void for_each_serving(const views::Service& service, const Take& take) {
  for (const auto* entry : service.registry().entries())
    if (const auto described = service.description(entry->id); described && entry->serving())
      take(*entry, *described);
}

}  // namespace

Result<Place> resolve(const views::Service& service, const std::string& name) {
  using Failed = Result<Place>;
  const auto dot = name.find('.');
  if (dot == std::string::npos)
    return Failed::failed("Say PLUGIN.LIST, such as the names that \"cockpit-host view\" completes.");
  Place place;
  place.plugin = name.substr(0, dot);
  const auto described = service.description(place.plugin);
  if (!described) return Failed::failed(no_plugin(service, place.plugin));
  auto rest = name.substr(dot + 1);
  std::string known;
  for (const auto& list : described->lists()) {
    if (list.list == rest || list.view + "." + list.list == rest) {
      place.at = list.at;
      return Failed::of(place);
    }
    known += " " + place.plugin + "." + list.list;
  }
  const auto second = rest.find('.');
  if (second != std::string::npos) {
    place.section = rest.substr(second + 1);
    rest.resize(second);
  }
  place.at = "views/" + rest;
  place.needs_id = true;
  for (const auto& view : described->details_views()) {
    if (view == rest &&
        (place.section.empty() || described->node(place.at + "/sections/" + place.section) != nullptr))
      return Failed::of(place);
    known += " " + place.plugin + "." + view;
  }
  return Failed::failed("There is no \"" + name + "\"; there is:" + known);
}

Result<ActionName> resolve_action(const views::Service& service, const std::string& name) {
  using Failed = Result<ActionName>;
  const auto dot = name.find('.');
  if (dot == std::string::npos) return Failed::failed("Say PLUGIN.ACTION.");
  ActionName found{name.substr(0, dot), name.substr(dot + 1)};
  const auto described = service.description(found.plugin);
  if (!described) return Failed::failed(no_plugin(service, found.plugin));
  if (described->action(found.action) != nullptr) return Failed::of(found);
  std::string known;
  const auto actions = described->tree().value("actions", nlohmann::json::object());
  for (const auto& [id, action] : actions.items()) known += " " + found.plugin + "." + id;
  return Failed::failed("There is no action \"" + name + "\"; there is:" + known);
}

std::vector<std::string> places_of(const views::Description& description, const ActionName& action,
                                   bool groups) {
  std::vector<std::string> found;
  const auto add_offers = [&](const json& parts, const std::string& before) {
    for (const auto& part : parts) {
      if ((part.value("type", "table") == "groups") != groups) continue;
      for (const auto& offered : part.value("actions", json::array()))
        if (offered == action.action) found.push_back(before + part.value("id", ""));
    }
  };
  for (const auto& [name, view] : description.tree().at("views").items()) {
    add_offers(view.value("lists", json::array()), action.plugin + "." + name + ".");
    add_offers(view.value("sections", json::array()), action.plugin + "." + name + ".");
  }
  return found;
}

std::vector<std::string> view_names(const views::Service& service) {
  std::vector<std::string> names;
  for_each_serving(service, [&names](const auto& entry, const auto& described) {
    for (const auto& list : described.lists()) names.push_back(entry.id + "." + list.list);
    for (const auto& view : described.details_views()) {
      names.push_back(entry.id + "." + view);
      for (const auto& section : described.node("views/" + view)->value("sections", json::array()))
        if (section.contains("source"))
          names.push_back(entry.id + "." + view + "." + section.value("id", ""));
    }
  });
  return names;
}

std::vector<std::string> action_names(const views::Service& service) {
  std::vector<std::string> names;
  for_each_serving(service, [&names](const auto& entry, const auto& described) {
    const auto actions = described.tree().value("actions", json::object());
    for (const auto& [id, action] : actions.items()) names.push_back(entry.id + "." + id);
  });
  return names;
}

}  // namespace host::cli
