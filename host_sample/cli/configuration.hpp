// What the operator configured: flag over COCKPIT_* over TOML file over default. Secrets come from the
// environment or from files that only their owner can read, never from a flag or the TOML file itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "views/service.hpp"

namespace host::cli {

struct Configuration {
  std::vector<views::EngineSettings> engines;
  std::filesystem::path plugin_folder;
  std::filesystem::path state_folder;
  std::filesystem::path audit_file;
  std::filesystem::path token_file;
  std::map<std::string, std::string> settings;  // JSON by plugin id
  std::set<std::string> disabled;
  std::vector<std::string> names;  // "name:port" under which a proxy or a forwarded port reaches the page
  std::uint16_t port = 8090;
  bool read_only = false;
  bool allow_drafts = false;
  bool no_plugins = false;
  std::string log_level = "info";
};

// What the flags and the environment said; empty or unset: nothing.
struct Flags {
  std::filesystem::path config_file, plugin_folder, state_folder, audit_file, token_file;
  std::vector<std::string> engine_urls, names;
  std::string port, log_level;
  bool read_only = false, allow_drafts = false, no_plugins = false;
};

// `program` is the running executable: the default plugin folder lies beside it. Fails with file, line and
// what is wrong.
Result<Configuration> configure(const Flags& flags, const std::filesystem::path& program);

// The first line of a file that only its owner can read.
Result<std::string> read_secret(const std::filesystem::path& file);

}  // namespace host::cli
