// The terminal's names: PLUGIN.LIST, PLUGIN.VIEW, PLUGIN.VIEW.SECTION, PLUGIN.ACTION.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "views/service.hpp"

namespace host::cli {

struct Place {
  std::string plugin;
  std::string at;
  std::string section;    // of a details view; then `at` is the view
  bool needs_id = false;  // it is about one thing
};

// What a name of `view` means; fails with what there is instead.
Result<Place> resolve(const views::Service& service, const std::string& name);

struct ActionName {
  std::string plugin, action;
};
Result<ActionName> resolve_action(const views::Service& service, const std::string& name);

// The places that offer an action: lists and tables, or with `groups` the sections of groups.
std::vector<std::string> places_of(const views::Description& description, const ActionName& action,
                                   bool groups);
// Every name that `view` knows, and every one that `do` knows.
std::vector<std::string> view_names(const views::Service& service);
std::vector<std::string> action_names(const views::Service& service);

}  // namespace host::cli
