// `cockpit-host plugins`: what is in the folder, what serves, what was refused and why.
#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "cli/command_context.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"

namespace host::cli {
namespace {

Cell state_of(const std::string& state) {
  return {state, state == "serving" ? "success" : state == "refused" ? "danger" : "warning"};
}

int print(const std::string& state, bool as_json) {
  const auto known = known_json(state);
  const auto& plugins = known.at("plugins");
  const auto not_served = [](const nlohmann::json& plugin) {
    const auto is = plugin.value("state", "");
    return is == "refused" || is == "quarantined";
  };
  const int code = std::any_of(plugins.begin(), plugins.end(), not_served) ? bad_configuration : done;
  if (as_json) {
    std::cout << indented_json(plugins) << '\n';
    return code;
  }
  if (const auto reason = known.value("folder", ""); !reason.empty()) {
    std::cerr << "The plugin folder is not used: " << harmless(reason) << '\n';
    return bad_configuration;
  }
  Table table{{{"File", false}, {"State", false}, {"Plugin", false}, {"Version", false}}};
  for (const auto& plugin : plugins)
    table.add({{plugin.value("file", ""), {}},
               state_of(plugin.value("state", "")),
               {plugin.value("id", ""), {}},
               {plugin.value("version", ""), {}}});
  std::cout << table.text({takes_colour(1), 0});
  // Whole, below the table: a reason says what to do, often at its end.
  for (const auto& plugin : plugins)
    if (const auto reason = plugin.value("reason", ""); !reason.empty())
      std::cout << '\n' << harmless(plugin.value("file", "")) << ": " << harmless(reason) << '\n';
  return code;
}

}  // namespace

int list_plugins(const Configuration& configuration, const Program& program, bool as_json) {
  CommandContext context{configuration, program};
  return context.run([&] { context.end(print(context.service.state_json(false), as_json)); });
}

}  // namespace host::cli
