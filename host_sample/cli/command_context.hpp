// One command of the terminal from start to end: the plugins are loaded, it does its work on the I/O thread,
// the plugins end.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/io.hpp"
#include "cli/commands.hpp"
#include "cli/qualified_names.hpp"
#include "views/service.hpp"

namespace host::cli {

class CommandContext {
  const std::unique_ptr<IoContext> owned_io_;  // first, as all others use it

 public:
  CommandContext(const Configuration& configuration, const Program& program);
  ~CommandContext();
  CommandContext(const CommandContext&) = delete;
  CommandContext& operator=(const CommandContext&) = delete;

  // Begins the work once the plugins are there, and gives the exit code after end(). Does not return when a
  // plugin hangs: then the process ends as it is, with that code.
  int run(const std::function<void()>& begin);

  // All on the I/O thread. The first of them ends the command.
  void end(int code);
  void refuse(const std::string& words, Exit code);
  void failed(cockpit_status status, const std::string& problem);
  // Ctrl-C and SIGTERM come here instead of ending the process.
  void on_interrupt(std::function<void()> interrupted);

  // The question at a place, about the thing `id`: a section needs its thing's fields first.
  void ask_at(const Place& place, const std::string& id, const std::string& engine,
              std::function<void(views::Question)> then);

  IoContext& io;
  views::Service service;

 private:
  Signals signals_;
  std::function<void(int code)> ended_;
  int code_ = failure;
  bool ending_ = false;
  bool clean_ = false;
};

// Why there is not the one engine that is needed.
std::string why_no_engine(std::size_t configured);

// A problem in one harmless line: "Not there: There is no …".
std::string problem_text(const std::string& body);

}  // namespace host::cli
