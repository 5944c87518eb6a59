// `cockpit-host plugins`: what is in the folder, what serves, what was refused and why.
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/session.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"

namespace host::cli {
namespace {

Cell state_of(const std::string& state) {
  return {state, state == "serving" ? "success" : state == "refused" ? "danger" : "warning"};
}

int print(const std::string& state, bool json) {
  const auto told = nlohmann::json::parse(state);
  if (json) {
    std::cout << told.at("plugins").dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    return done;
  }
  if (const auto reason = told.value("folder", ""); !reason.empty()) {
    std::cerr << "The plugin folder is not used: " << reason << '\n';
    return bad_configuration;
  }
  Table table{{{"File", false}, {"State", false}, {"Plugin", false}, {"Version", false}, {"Reason", false}}};
  for (const auto& plugin : told.at("plugins"))
    table.add({{plugin.value("file", ""), {}},
               state_of(plugin.value("state", "")),
               {plugin.value("id", ""), {}},
               {plugin.value("version", ""), {}},
               {plugin.value("reason", ""), {}}});
  std::cout << table.text({takes_colour(1), 0});
  return done;
}

}  // namespace

int list_plugins(const Configuration& configuration, const Program& program, bool json) {
  Session session{configuration, program};
  return session.run([&] { session.end(print(session.service.state_json(false), json)); });
}

}  // namespace host::cli
