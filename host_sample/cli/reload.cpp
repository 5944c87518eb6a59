#include "cli/reload.hpp"

#include <csignal>
#include <utility>

#include "base/log.hpp"

namespace host::cli {

std::vector<std::string> fixed_differences(const Configuration& before, const Configuration& after) {
  std::vector<std::string> names;
  const auto differs = [&names](const char* name, const auto& one, const auto& other) {
    if (one != other) names.emplace_back(name);
  };
  differs("port", before.port, after.port);
  differs("names", before.names, after.names);
  differs("plugin_folder", before.plugin_folder, after.plugin_folder);
  differs("state_folder", before.state_folder, after.state_folder);
  differs("audit_file", before.audit_file, after.audit_file);
  differs("token_file", before.token_file, after.token_file);
  differs("disabled", before.disabled, after.disabled);
  differs("log_level", before.log_level, after.log_level);
  return names;
}

Reload::Reload(IoContext& io, views::Service& service, Configuration configuration,
               std::function<Result<Configuration>()> again)
    : service_(service), configuration_(std::move(configuration)), again_(std::move(again)), signals_(io) {
  signals_.start({SIGHUP}, [this] { reload(); });
}

void Reload::reload() {
  if (busy_) return log::warning("the configuration is being taken already");
  auto read = again_();
  if (!read) return log::error("the configuration is not taken, everything is as before: " + read.reason);
  std::string fixed;
  for (const auto& name : fixed_differences(configuration_, *read))
    fixed += (fixed.empty() ? "" : ", ") + name;
  if (!fixed.empty()) log::warning("not while the host runs, start it again for: " + fixed);
  busy_ = true;
  service_.reconfigure(
      read->engines, read->settings, read->read_only, [this, taken = *read](const std::string& reason) {
        busy_ = false;
        if (!reason.empty())
          return log::error("the configuration is not taken, everything is as before: " + reason);
        configuration_.engines = taken.engines;
        configuration_.settings = taken.settings;
        configuration_.read_only = taken.read_only;
        log::info("the configuration is taken");
      });
}

}  // namespace host::cli
