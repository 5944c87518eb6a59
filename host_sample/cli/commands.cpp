// What every command needs: the service's options, exit codes.
#include "cli/commands.hpp"

#include <pwd.h>
#include <unistd.h>

namespace host::cli {
namespace {

std::string os_user() {
  const auto* entry = ::getpwuid(::geteuid());
  return entry == nullptr ? "uid " + std::to_string(::geteuid()) : std::string{entry->pw_name};
}

}  // namespace

views::ServiceOptions service_options(const Configuration& configuration, const Program& program, bool stay) {
  views::ServiceOptions options;
  options.version = program.version;
  options.engines = configuration.engines;
  options.settings = configuration.settings;
  options.principal_id = os_user();
  options.principal_name = options.principal_id;
  options.read_only = configuration.read_only;
  options.audit_file = configuration.audit_file;
  options.registry.folder = configuration.plugin_folder;
  options.registry.program = program.path;
  options.registry.state = configuration.state_folder;
  options.registry.disabled = configuration.disabled;
  options.registry.runtime.allow_drafts = configuration.allow_drafts;
  options.registry.watch = stay;
  options.registry.none = configuration.no_plugins;
  return options;
}

Exit exit_of(cockpit_status status) {
  switch (status) {
    case COCKPIT_OK:
      return done;
    case COCKPIT_INVALID:
    case COCKPIT_UNSUPPORTED:
      return usage;
    case COCKPIT_DENIED:
    case COCKPIT_SIGN_IN_REQUIRED:
      return not_allowed;
    case COCKPIT_UNAVAILABLE:
    case COCKPIT_TIMEOUT:
      return not_reachable;
    case COCKPIT_UNKNOWN_OUTCOME:
      return unknown_outcome;
    default:
      return failure;
  }
}

}  // namespace host::cli
