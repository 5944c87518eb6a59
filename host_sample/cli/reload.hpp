// SIGHUP: the configuration is read again and taken, all or nothing, as far as a running host can.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/io.hpp"
#include "cli/configuration.hpp"

namespace host::cli {

// What differs between two configurations and cannot change while the host runs, by the names of the file.
std::vector<std::string> fixed_differences(const Configuration& before, const Configuration& after);

// I/O thread; ends with its owner.
class Reload {
 public:
  Reload(IoContext& io, views::Service& service, Configuration configuration,
         std::function<Result<Configuration>()> again);
  Reload(const Reload&) = delete;
  Reload& operator=(const Reload&) = delete;
  void stop() { signals_.stop(); }

 private:
  void reload();

  views::Service& service_;
  Configuration configuration_;  // as it was taken last
  std::function<Result<Configuration>()> again_;
  Signals signals_;
  bool busy_ = false;
};

}  // namespace host::cli
