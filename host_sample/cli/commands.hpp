// The commands of cockpit-host. Each runs to its end on the calling thread and gives the exit code.
// stdout is data, stderr is messages.
#pragma once

#include <filesystem>
#include <functional>
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
  timed_out = 7,
  incomplete = 8,       // not all was looked at: what is there may be more
  unknown_outcome = 9,  // it may have been done or not: nobody answered, or nobody waited for the answer
};

struct Program {
  std::filesystem::path path;
  std::string version;
  std::function<void(int code)>
      ended;  // called before the process exits without returning; null: no listener
};

enum class Form { table, json, csv, jsonl };

struct ViewRequest {
  std::string name;  // PLUGIN.LIST, PLUGIN.VIEW or PLUGIN.VIEW.SECTION
  std::string id;
  std::string engine;
  std::vector<std::string> filters;  // key=value
  std::string sort;                  // key or key:desc
  std::uint64_t first = 0, size = 0;
  bool all = false;
  bool json = false, csv = false, jsonl = false;  // at most one
  bool watch = false;
  std::vector<std::string> until;  // field=value, any of them
  bool until_empty = false;
  double timeout = 0;  // seconds; 0: none

  Form form() const { return json ? Form::json : csv ? Form::csv : jsonl ? Form::jsonl : Form::table; }
  bool waits() const { return !until.empty() || until_empty; }
};

struct DoRequest {
  std::string name;  // PLUGIN.ACTION
  std::vector<std::string> ids;
  std::string engine;
  std::vector<std::string> params;  // key=value
  std::string place, of;            // where it is offered, as in a ViewRequest
  bool all = false;                 // all of that place that match `filters`
  std::vector<std::string> filters;
  std::string group;  // the key of a group
  bool dry_run = false;
  bool yes = false;
  bool json = false;
};

// `again`: reads the configuration anew, on SIGHUP.
int serve(const Configuration& configuration, const Program& program,
          std::function<Result<Configuration>()> again);
int list_plugins(const Configuration& configuration, const Program& program, bool json);
int view(const Configuration& configuration, const Program& program, const ViewRequest& request);
// Names for the shell's completion, one a line, and the script that asks for them.
int list_names(const Configuration& configuration, const Program& program, const std::string& kind,
               const std::string& of);
int print_completion(const std::string& shell);
int act(const Configuration& configuration, const Program& program, const DoRequest& request);

// Shared by the commands.
views::ServiceOptions service_options(const Configuration& configuration, const Program& program, bool stay);
Exit exit_of(cockpit_status status);

}  // namespace host::cli
