// `cockpit-host completion bash`: the script; and the hidden `names`, which it asks what there is.
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/command_context.hpp"
#include "cli/completion_script.hpp"
#include "cli/table.hpp"

namespace host::cli {
namespace {

using nlohmann::json;

// The keys of what stands in a place or an action.
std::vector<std::string> keys_of(CommandContext& context, const std::string& kind, const std::string& of) {
  std::vector<std::string> keys;
  if (kind == "params") {
    const auto named = resolve_action(context.service, of);
    if (!named) return keys;
    const auto& action = *context.service.description(named->plugin)->action(named->action);
    const auto form = action.value("params", json::object()).value("properties", json::object());
    for (const auto& [key, property] : form.items()) keys.push_back(key);
    return keys;
  }
  const auto place = resolve(context.service, of);
  if (!place) return keys;
  const auto at = place->section.empty() ? place->at : place->at + "/sections/" + place->section;
  const auto& node = *context.service.description(place->plugin)->node(at);
  for (const auto& one : node.value(kind == "sorts" ? "columns" : "filters", json::array()))
    if (kind != "sorts" || one.value("sortable", false)) keys.push_back(one.value("key", ""));
  return keys;
}

}  // namespace

int list_names(const Configuration& configuration, const Program& program, const std::string& kind,
               const std::string& of) {
  CommandContext context{configuration, program};
  return context.run([&] {
    std::vector<std::string> names;
    if (kind == "view")
      names = view_names(context.service);
    else if (kind == "do")
      names = action_names(context.service);
    else if (kind == "engines")
      for (const auto& engine : context.service.options().engines) names.push_back(engine.id);
    else
      names = keys_of(context, kind, of);
    for (const auto& name : names) std::cout << harmless(name) << '\n';
    context.end(done);
  });
}

int print_completion(const std::string& shell) {
  if (shell != "bash") {
    std::cerr << "There is completion for bash only.\n";
    return usage;
  }
  std::cout << completion_script();
  return done;
}

}  // namespace host::cli
