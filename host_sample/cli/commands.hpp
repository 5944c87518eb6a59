// The commands of cockpit-host. Each runs to its end on the calling thread and gives the exit code.
// stdout is data, stderr is messages.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/configuration.hpp"

namespace host::cli {

// What a script can rely on.
enum Exit : int {
  done = 0,
  failure = 1,
  usage = 2,
  bad_configuration = 3,
  not_allowed = 4,
  not_reachable = 5,
  partly_done = 6,
};

struct Program {
  std::filesystem::path path;
  std::string version;
};

struct ViewRequest {
  std::string name;  // PLUGIN.LIST, PLUGIN.VIEW or PLUGIN.VIEW.SECTION
  std::string id;
  std::string engine;
  std::vector<std::string> filters;  // key=value
  std::string sort;                  // key or key:desc
  std::uint64_t first = 0, size = 0;
  bool json = false;
};

struct DoRequest {
  std::string name;  // PLUGIN.ACTION
  std::vector<std::string> ids;
  std::string engine;
  std::vector<std::string> params;  // key=value
  bool dry_run = false;
  bool yes = false;
  bool json = false;
};

int serve(const Configuration& configuration, const Program& program);
int list_plugins(const Configuration& configuration, const Program& program, bool json);
int view(const Configuration& configuration, const Program& program, const ViewRequest& request);
int act(const Configuration& configuration, const Program& program, const DoRequest& request);

// Shared by the commands.
views::ServiceOptions service_options(const Configuration& configuration, const Program& program, bool stay);
Exit exit_of(cockpit_status status);
// "key=value" as the member of a JSON object: true, false and numbers as such, everything else as text. Empty
// reason: fine.
std::string add_pair(const std::string& pair, std::string& object);

}  // namespace host::cli
