// A host for a test: real plugin files in a folder of its own, on an I/O context that the test turns itself.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "catch.hpp"
#include "scratch.hpp"
#include "views/service.hpp"

namespace bench {

using Scratch = support::ScratchFolder;

// An answer to a read, or an outcome of a run, as it came.
struct Said {
  bool came = false;
  cockpit_status status = -1;
  std::string body;
};

class Bench {
 public:
  // `change` may alter what the host is started with.
  explicit Bench(const std::function<void(host::views::ServiceOptions&)>& change = {});
  ~Bench();

  // Copies a plugin of the tests into the folder, under its own name or another, in one step.
  void drop(const std::string& plugin, const std::string& as = {}) const;
  void remove(const std::string& file) const;
  std::filesystem::path folder() const { return scratch_ / "plugins"; }
  std::filesystem::path file(const std::string& name) const { return scratch_ / name; }
  // Starts the host and waits until it has looked at the folder once; or does not wait.
  void start();
  void begin();
  bool looked() const { return looked_; }
  // Ends every plugin; the destructor does it too.
  void stop();

  // Turns the I/O context until something is so; fails the test after `most`.
  void until(const std::function<bool()>& condition, std::chrono::seconds most = std::chrono::seconds{60});
  // Waits until a file of the folder is in that state ("gone": not known).
  void until_state(const std::string& file, const std::string& state);
  std::string state(const std::string& file) const;
  std::string reason(const std::string& file) const;

  // Asks for the one list of a plugin.
  Said read(const std::string& plugin = "hostile");
  void ask(Said& into, const std::string& plugin = "hostile");
  host::views::Question question(const std::string& plugin = "hostile") const;
  // Begins an action of the plugin "hostile" that is about nothing.
  host::views::Runs::Begun act(const std::string& key, const std::string& action = "count");
  // The run of that key, as kept; null when there is none.
  std::string run(const std::string& key) const;
  std::string audit() const;

  boost::asio::io_context io{1};
  std::unique_ptr<host::views::Service> service;

 private:
  Scratch scratch_;
  bool begun_ = false;
  bool looked_ = false;
  bool stopped_ = false;
};

// Sets a variable of the environment while it lives.
class Environment {
 public:
  Environment(const std::string& name, const std::string& value);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  std::string name_;
};

std::filesystem::path host_program();
std::filesystem::path plugin_file(const std::string& plugin);
void touch(const std::filesystem::path& file, const std::string& content = {});
std::string content_of(const std::filesystem::path& file);

}  // namespace bench
