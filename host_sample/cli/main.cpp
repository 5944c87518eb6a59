// cockpit-host: the program. Reads the command line and hands over to one command.
#include <CLI/CLI.hpp>
#include <iostream>

#include "base/log.hpp"
#include "cli/commands.hpp"
#include "plugins/probe.hpp"
#include "views/schema_check.hpp"

#if !defined(COCKPIT_HOST_VERSION)
#error "the build says which version this is"
#endif

namespace {

using namespace host;

constexpr int probe_result_descriptor = 3;

std::string why_bad(std::string_view description) {
  return views::why_bad_description(description);
}

// The hidden side of the program: a child that tries one library, and is not given anything else to read.
int probe_child(int argc, char** argv) {
  if (argc < 3) return cli::usage;
  const bool drafts = argc > 3 && std::string_view{argv[3]} == "--allow-drafts";
  return plugins::run_probe_child(argv[2], drafts, why_bad, probe_result_descriptor);
}

void add_common(CLI::App& app, cli::Flags& flags) {
  app.add_option("--config", flags.config_file, "Configuration file (TOML)")->envname("COCKPIT_CONFIG");
  app.add_option("--plugins", flags.plugin_folder, "Plugin folder")->envname("COCKPIT_PLUGINS");
  app.add_option("--engine", flags.engine_urls,
                 "Base address of an engine's REST API; several are nodes of one cluster")
      ->envname("COCKPIT_ENGINE");
  app.add_option("--state", flags.state_folder, "Folder for the audit log and crash markers")
      ->envname("COCKPIT_STATE");
  app.add_option("--audit", flags.audit_file, "Audit log (JSON Lines)")->envname("COCKPIT_AUDIT");
  app.add_option("--log-level", flags.log_level, "debug, info, warning or error")
      ->envname("COCKPIT_LOG_LEVEL");
  app.add_flag("--read-only", flags.read_only, "Refuse every action")->envname("COCKPIT_READ_ONLY");
  app.add_flag("--no-plugins", flags.no_plugins, "Load no plugin at all");
  app.add_flag("--allow-drafts", flags.allow_drafts, "Give plugins extensions that are still drafts");
}

log::Level level_of(const std::string& name, bool quiet) {
  if (name == "debug") return log::Level::debug;
  if (name == "error") return log::Level::error;
  if (name == "warning" || quiet) return log::Level::warning;
  return log::Level::info;
}

int run(int argc, char** argv) {
  CLI::App app{"Renders the pages that plugins describe, in the browser and in the terminal.",
               "cockpit-host"};
  app.set_version_flag("--version", COCKPIT_HOST_VERSION);
  app.require_subcommand(0, 1);
  app.fallthrough();
  cli::Flags flags;
  add_common(app, flags);

  auto* serve = app.add_subcommand("serve", "Serve the page (the default)");
  for (auto* with : {&app, serve}) {
    with->add_option("--port", flags.port, "Port on 127.0.0.1; 0 takes any")->envname("COCKPIT_PORT");
    with->add_option("--token-file", flags.token_file, "File with the access token, mode 0600")
        ->envname("COCKPIT_TOKEN_FILE");
  }
  bool json = false;
  auto* plugins = app.add_subcommand("plugins", "What is in the plugin folder, and what was refused and why");
  plugins->add_flag("--json", json, "As JSON");

  cli::ViewRequest view_request;
  auto* view = app.add_subcommand(
      "view", "Show a list (PLUGIN.LIST), a thing (PLUGIN.VIEW ID) or a part of it (PLUGIN.VIEW.SECTION ID)");
  view->add_option("name", view_request.name, "PLUGIN.LIST, PLUGIN.VIEW or PLUGIN.VIEW.SECTION")->required();
  view->add_option("id", view_request.id, "Id of the thing");
  view->add_option("--on", view_request.engine, "Engine");
  view->add_option("--filter", view_request.filters, "key=value")->allow_extra_args(false);
  view->add_option("--sort", view_request.sort, "key or key:desc");
  view->add_option("--first", view_request.first, "First row, from 0");
  view->add_option("--size", view_request.size, "Rows");
  view->add_flag("--json", view_request.json, "The answer as JSON");

  cli::DoRequest do_request;
  auto* act = app.add_subcommand("do", "Run an action: PLUGIN.ACTION ID…");
  act->add_option("name", do_request.name, "PLUGIN.ACTION")->required();
  act->add_option("ids", do_request.ids, "Ids of what it acts on");
  act->add_option("--on", do_request.engine, "Engine");
  act->add_option("--param", do_request.params, "key=value")->allow_extra_args(false);
  act->add_flag("--dry-run", do_request.dry_run, "Say what would be done");
  act->add_flag("--yes", do_request.yes, "Do not ask");
  act->add_flag("--json", do_request.json, "The outcome as JSON");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? cli::done : cli::usage;
  }
  const cli::Program program{std::filesystem::read_symlink("/proc/self/exe"), COCKPIT_HOST_VERSION};
  const auto configuration = cli::configure(flags, program.path);
  if (!configuration) {
    std::cerr << configuration.reason << '\n';
    return cli::bad_configuration;
  }
  const bool terminal = *plugins || *view || *act;
  log::set_up(level_of(configuration->log_level, terminal));
  if (*plugins) return cli::list_plugins(*configuration, program, json);
  if (*view) return cli::view(*configuration, program, view_request);
  if (*act) return cli::act(*configuration, program, do_request);
  return cli::serve(*configuration, program);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && argv[1] == plugins::probe_command) return probe_child(argc, argv);
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "cockpit-host: " << error.what() << '\n';
    return cli::failure;
  }
}
