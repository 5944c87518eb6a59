// What every command needs: the service's options, exit codes, key=value pairs.
#include <pwd.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "cli/commands.hpp"

namespace host::cli {
namespace {

using nlohmann::json;

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
    default:
      return failure;
  }
}

std::string add_pair(const std::string& pair, std::string& object) {
  const auto equals = pair.find('=');
  if (equals == std::string::npos || equals == 0) return "\"" + pair + "\" is not of the form key=value";
  auto members = object.empty() ? json::object() : json::parse(object);
  const auto value = pair.substr(equals + 1);
  const auto parsed = json::parse(value, nullptr, false);
  members[pair.substr(0, equals)] =
      parsed.is_boolean() || parsed.is_number() || parsed.is_object() ? parsed : json(value);
  object = members.dump(-1, ' ', false, json::error_handler_t::replace);
  return {};
}

}  // namespace host::cli
