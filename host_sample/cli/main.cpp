// cockpit-host: the program. Reads the command line and hands over to one command.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "base/log.hpp"
#include "cli/commands.hpp"
#include "cli/watched.hpp"
#include "plugins/probe.hpp"
#include "views/schema_check.hpp"

#if !defined(COCKPIT_HOST_VERSION)
#error "the build says which version this is"
#endif

namespace {

using namespace host;

constexpr int probe_result_descriptor = 3;
constexpr const char* exit_codes =
    "Exit codes: 0 done, 1 failed, 2 not understood or not confirmed, 3 configuration, 4 not allowed,\n"
    "5 engine or plugin not reachable, 6 partly done, 7 what was waited for did not happen in time,\n"
    "8 incomplete: not everything was checked, 9 unknown whether it was done.";

std::string why_bad(std::string_view description, std::string_view id) {
  return views::why_bad_description(description, id);
}

// The hidden side of the program: a child that tries one library, and is not given anything else to read.
int probe_child(int argc, char** argv) {
  if (argc < 3) return cli::usage;
  const bool drafts = argc > 3 && std::string_view{argv[3]} == "--allow-drafts";
  plugins::run_probe_child(argv[2], drafts, why_bad, probe_result_descriptor);
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
  app.add_flag("--no-plugins", flags.no_plugins, "Load no plugins");
  app.add_flag("--allow-drafts", flags.allow_drafts, "Offer plugins the extensions that are still drafts");
}

log::Level level_of(const std::string& name, bool quiet) {
  if (name == "debug") return log::Level::debug;
  if (name == "error") return log::Level::error;
  if (name == "warning" || quiet) return log::Level::warning;
  return log::Level::info;
}

void add_view(CLI::App& view, cli::ViewRequest& request) {
  view.add_option("name", request.name, "PLUGIN.LIST, PLUGIN.VIEW or PLUGIN.VIEW.SECTION")->required();
  view.add_option("id", request.id, "ID of the item");
  view.add_option("--on", request.engine, "Engine, by its id in the configuration");
  view.add_option("--filter", request.filters,
                  "KEY=VALUE, repeatable; FROM..TO for numbers and times, a,b for tags")
      ->allow_extra_args(false);
  view.add_option("--sort", request.sort, "KEY or KEY:desc");
  view.add_option("--first", request.first, "First row, from 0");
  view.add_option("--size", request.size, "Rows per page, at most 1000");
  view.add_flag("--all", request.all,
                "All pages; CSV and JSON Lines are all pages unless --first or --size say one");
  auto* json = view.add_flag("--json", request.json, "The answer as JSON");
  auto* csv =
      view.add_flag("--csv", request.csv, "A list as CSV, safe to open in a spreadsheet (no formulas)");
  auto* jsonl = view.add_flag("--jsonl", request.jsonl,
                              "JSON Lines: one row per line; with --watch one change per line");
  json->excludes(csv)->excludes(jsonl);
  csv->excludes(jsonl);
  view.add_flag("--watch", request.watch, "Keep running and show every change, until Ctrl-C or --until");
  view.add_option("--until", request.until,
                  "FIELD=VALUE: wait until the item, or every row of the list, has it; with several, any one "
                  "is enough")
      ->allow_extra_args(false);
  view.add_flag("--until-empty", request.until_empty, "Wait until the list is empty or the item is gone");
  view.add_option("--timeout", request.timeout, "Wait at most this many seconds; then the exit code is 7")
      ->check(CLI::PositiveNumber);
  view.footer(exit_codes);
}

void add_do(CLI::App& act, cli::DoRequest& request) {
  act.add_option("name", request.name, "PLUGIN.ACTION")->required();
  act.add_option("ids", request.ids, "IDs of the items to act on");
  act.add_option("--on", request.engine, "Engine, by its id in the configuration");
  act.add_option("--param", request.params, "KEY=VALUE of the action's form, repeatable")
      ->allow_extra_args(false);
  auto* all =
      act.add_flag("--all", request.all, "Everything in a list that matches --filter, instead of IDs");
  act.add_option("--filter", request.filters, "KEY=VALUE, as for view; with --all")->allow_extra_args(false);
  act.add_option("--group", request.group, "One group of a list, by its key, instead of IDs")->excludes(all);
  act.add_option("--in", request.place, "The list to act on: PLUGIN.LIST or PLUGIN.VIEW.SECTION");
  act.add_option("--of", request.of, "ID of the item that the section belongs to");
  act.add_flag("--dry-run", request.dry_run, "Show exactly what would be done, and do nothing");
  act.add_flag("--yes", request.yes, "Do not ask for confirmation");
  act.add_flag("--json", request.json, "The outcome as JSON");
  act.footer(exit_codes);
}

// The options of a command, for the completion.
int list_options(const CLI::App& app, const std::string& command) {
  const auto print = [](const CLI::App& of) {
    for (const auto* option : of.get_options())
      for (const auto& name : option->get_lnames()) std::cout << "--" << name << '\n';
  };
  print(app);
  for (const auto* sub :
       app.get_subcommands([&command](const CLI::App* one) { return one->get_name() == command; }))
    print(*sub);
  return cli::done;
}

int run(int argc, char** argv) {
  CLI::App app{"Renders the pages that plugins describe, in the browser and in the terminal.",
               "cockpit-host"};
  app.set_version_flag("--version", COCKPIT_HOST_VERSION);
  app.footer(exit_codes);
  app.require_subcommand(0, 1);
  app.fallthrough();
  cli::Flags flags;
  add_common(app, flags);

  auto* serve = app.add_subcommand("serve", "Serve the page (the default)");
  for (auto* with : {&app, serve}) {
    with->add_option("--port", flags.port, "Port on 127.0.0.1; 0 picks a free one")->envname("COCKPIT_PORT");
    with->add_option("--token-file", flags.token_file, "File with the access token, mode 0600")
        ->envname("COCKPIT_TOKEN_FILE");
    with->add_option("--name", flags.names,
                     "Name and port under which a proxy or a forwarded port reaches this host: NAME[:PORT]")
        ->allow_extra_args(false);
  }
  bool json = false;
  auto* plugins =
      app.add_subcommand("plugins", "List the plugin folder: what is loaded, what was refused and why");
  plugins->add_flag("--json", json, "As JSON");

  cli::ViewRequest view_request;
  auto* view = app.add_subcommand(
      "view",
      "Show a list (PLUGIN.LIST), an item (PLUGIN.VIEW ID) or a section of it (PLUGIN.VIEW.SECTION ID)");
  add_view(*view, view_request);
  cli::DoRequest do_request;
  auto* act = app.add_subcommand("do", "Run an action: PLUGIN.ACTION ID…, or --all or --group of a list");
  add_do(*act, do_request);

  std::string shell, kind, of;
  auto* completion = app.add_subcommand(
      "completion", "Print the completion for a shell: source <(cockpit-host completion bash)");
  completion->add_option("shell", shell, "bash")->required();
  auto* names = app.add_subcommand("names", "Names for the completion")->group("");
  names->add_option("kind", kind, "view, do, engines, options; filters, sorts, params")->required();
  names->add_option("of", of, "Of what");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? cli::done : cli::usage;
  }
  if (*completion) return cli::print_completion(shell);
  if (*names && kind == "options") return list_options(app, of);
  cli::Program program{std::filesystem::read_symlink("/proc/self/exe"), COCKPIT_HOST_VERSION, nullptr};
  const auto configuration = cli::configure(flags, program.path);
  if (!configuration) {
    std::cerr << configuration.reason << '\n';
    return cli::bad_configuration;
  }
  const bool terminal = *plugins || *view || *act || *names;
  log::set_up(level_of(configuration->log_level, terminal));
  if (!terminal)
    return cli::serve(*configuration, program, [&] { return cli::configure(flags, program.path); });
  return cli::run_watched(configuration->state_folder, [&](const cli::Said& said) {
    program.ended = said;
    if (*names) return cli::list_names(*configuration, program, kind, of);
    if (*plugins) return cli::list_plugins(*configuration, program, json);
    if (*view) return cli::view(*configuration, program, view_request);
    return cli::act(*configuration, program, do_request);
  });
}

// The memory of this process holds passwords: it is written into no core dump and read by no other process of
// the same user.
void keep_memory_private() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
#ifndef COCKPIT_SANITIZED  // LeakSanitizer looks at its process from outside
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  keep_memory_private();
  // Who reads the output may go at any time; an action that runs is not to end with it.
  ::signal(SIGPIPE, SIG_IGN);
  if (argc > 1 && argv[1] == plugins::probe_command) return probe_child(argc, argv);
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "cockpit-host: " << error.what() << '\n';
    return cli::failure;
  }
}
