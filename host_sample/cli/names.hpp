// The terminal's names: PLUGIN.LIST, PLUGIN.VIEW, PLUGIN.VIEW.SECTION, PLUGIN.ACTION.
#pragma once

#include <string>

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

}  // namespace host::cli
