// SIGHUP: the configuration is read again and taken, all or nothing, as far as a running host can.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <functional>
#include <string>
#include <vector>

#include "cli/configuration.hpp"

namespace host::cli {

// What differs between two configurations and cannot change while the host runs, by the names of the file.
std::vector<std::string> fixed_differences(const Configuration& before, const Configuration& after);

// I/O thread; ends with its owner.
class Reload {
 public:
  Reload(boost::asio::io_context& io, views::Service& service, Configuration configuration,
         std::function<Result<Configuration>()> again);
  Reload(const Reload&) = delete;
  Reload& operator=(const Reload&) = delete;
  void stop() { signals_.cancel(); }

 private:
  void wait();
  void reload();

  views::Service& service_;
  Configuration configuration_;  // as it was taken last
  std::function<Result<Configuration>()> again_;
  boost::asio::signal_set signals_;
  bool busy_ = false;
};

}  // namespace host::cli
