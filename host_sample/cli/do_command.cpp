// `cockpit-host do PLUGIN.ACTION ID…`: one action, audited and followed to its outcome as a run of the page
// is.
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/random.hpp"
#include "cli/commands.hpp"
#include "cli/names.hpp"
#include "cli/table.hpp"

namespace host::cli {
namespace {

using nlohmann::json;

// Whether the person wants it; an action that asks for nothing is simply done.
bool confirmed(const views::Description& description, const json& action, const DoRequest& request) {
  if (request.yes || request.dry_run) return true;
  const auto confirm = action.value("confirm", json::object());
  if (confirm.value("level", "none") == "none") return true;
  if (::isatty(STDIN_FILENO) == 0) return false;
  std::cerr << description.words(action.value("label", request.name), "en") << ":";
  for (const auto& id : request.ids) std::cerr << ' ' << harmless(id);
  std::cerr << "\nDo it? [y/N] ";
  std::string answer;
  return std::getline(std::cin, answer) && (answer == "y" || answer == "Y" || answer == "yes");
}

Exit exit_of_run(const json& run) {
  const auto outcome = run.value("outcome", "failed");
  if (outcome == "ok" || outcome == "accepted") return done;
  if (outcome == "partial") return partly_done;
  const auto status = run.value("status", "");
  if (status == "denied" || status == "sign_in_required") return not_allowed;
  if (status == "unavailable" || status == "timeout") return not_reachable;
  if (status == "invalid" || status == "unsupported") return usage;
  return failure;
}

void say(const json& run, bool as_json) {
  if (as_json) {
    std::cout << run.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
    return;
  }
  const auto message =
      run.contains("message") && run.at("message").is_string() ? harmless(run.at("message")) : std::string{};
  std::cout << run.value("outcome", "failed") << (message.empty() ? "" : ": " + message) << '\n';
  for (const auto& failed : run.value("failures", json::array()))
    std::cerr << harmless(failed.value("id", "")) << ": " << harmless(failed.value("message", "")) << '\n';
  if (run.contains("plan"))
    std::cout << run.at("plan").dump(2, ' ', false, json::error_handler_t::replace) << '\n';
}

}  // namespace

int act(const Configuration& configuration, const Program& program, const DoRequest& request) {
  boost::asio::io_context io{1};
  views::Service service{io, service_options(configuration, program, false)};
  int code = failure;
  const auto end = [&](int with) {
    code = with;
    service.stop([&io](bool) { io.stop(); });
  };
  const auto refuse = [&end](const std::string& words, int with) {
    std::cerr << words << '\n';
    end(with);
  };
  service.start([&] {
    const auto named = resolve_action(service, request.name);
    if (!named) return refuse(named.reason, usage);
    const auto described = service.description(named->plugin);
    const auto& action = *described->action(named->action);
    views::RunStart start;
    start.question.plugin = named->plugin;
    const auto& engines = service.options().engines;
    if (!request.engine.empty()) start.question.engines = {request.engine};
    if (request.engine.empty() && engines.size() == 1) start.question.engines = {engines.front().id};
    start.action.action = named->action;
    start.action.run = random_name();
    start.action.ids = request.ids;
    start.action.dry_run = request.dry_run;
    for (const auto& pair : request.params)
      if (auto why = add_pair(pair, start.action.params); !why.empty()) return refuse(why, usage);
    if (!confirmed(*described, action, request))
      return refuse("Not done: it has to be confirmed; --yes does that.", usage);
    service.runs().on_run = [&](const std::string& text) {
      const auto run = json::parse(text);
      if (run.value("state", "") != "ended") return;
      say(run, request.json);
      end(exit_of_run(run));
    };
    const auto begun = service.begin(start);
    if (begun.status != COCKPIT_OK) return refuse("Nothing was done: " + begun.reason, exit_of(begun.status));
  });
  io.run();
  return code;
}

}  // namespace host::cli
