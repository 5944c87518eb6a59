// The plugin folder and what became of each file in it.
//
// FolderLook finds, probes and loads libraries on a thread of its own; everything here, entries and runtimes
// included, belongs to the host's I/O thread. A file that changed is served from its new content as soon as
// that works, the old one ends when its actions are over; a file that went takes its plugin with it. Of two
// with one id the one that serves stays; those of the first look are taken as if they came in the order of
// their names, whichever passed its probe first.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plugins/folder_look.hpp"
#include "plugins/probe.hpp"
#include "plugins/runtime.hpp"

namespace host::plugins {

struct Entry {
  std::string file;  // name in the folder
  std::string hash;
  std::string id, name, version;
  std::string reason;       // why it is not served; empty while it is
  std::string description;  // as the plugin gave it, on one line
  std::shared_ptr<Runtime> runtime;
  std::string note;         // what is to be known of it while it serves
  bool over_limit = false;  // there were `most_plugins` before it

  // "serving", "starting", "refused", "quarantined" or "stopped"
  std::string state() const;
  // Why it is not served right now, and what can be done; also while it is in quarantine.
  std::string reason_now() const;
  bool serving() const { return runtime && runtime->state() == Runtime::State::serving; }
};

struct RegistryOptions {
  std::filesystem::path folder;
  std::filesystem::path program;   // what is run for a probe
  std::filesystem::path state;     // where crash markers are kept; a folder only this user can write
  std::set<std::string> disabled;  // ids the operator turned off
  std::function<std::string(const std::string& id)>
      configuration;  // JSON for a plugin, any time on the I/O thread
  CheckDescription check;
  RuntimeOptions runtime;
  bool watch = true;  // false: look once, for commands that end
  bool none = false;  // load nothing at all
};

inline constexpr std::size_t most_plugins = 64;

class Registry {
 public:
  Registry(boost::asio::io_context& io, RegistryOptions options);
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // Starts scanning; `looked` is called once, when every file of the first scan was loaded or refused.
  void start(std::function<void()> looked);
  // Ends every plugin, those included that are finishing actions, then tells `done` whether all ended by
  // themselves. One that did not may still use what is in this process.
  void stop(std::function<void(bool clean)> done);

  // In the order of the file names; the last may stand for files that are too many.
  std::vector<const Entry*> entries() const;
  // The plugin that serves that id, or null.
  const Entry* find(const std::string& id) const;
  // Why the folder itself is not used; empty when it is.
  const std::string& folder_reason() const { return folder_reason_; }

  // Something in entries() changed.
  std::function<void()> on_change;
  // A plugin began to serve: authorities are to be opened.
  std::function<void(Runtime&)> on_serving;

 private:
  void coming(const std::string& file);
  void found(const FoundLibrary& library);
  void started(const FoundLibrary& library, const std::shared_ptr<Runtime>& runtime, bool by_name,
               std::string reason, std::string description);
  void crowded(std::size_t more);
  Entry* rival_of(const FoundLibrary& library);
  void gone(const std::string& file);
  void begin(const FoundLibrary& library, bool by_name);
  void retire(std::shared_ptr<Runtime> runtime, const std::string& id);
  void changed();
  void settle();
  void recall();

  boost::asio::io_context& io_;
  RegistryOptions options_;
  CallRecord::LeftBehind left_;  // by processes before this one
  std::map<std::string, Entry> entries_;
  std::optional<Entry> more_;                     // files over `most_files`
  std::vector<std::shared_ptr<Runtime>> ending_;  // retired, or left behind because they did not end
  std::string folder_reason_;
  std::function<void()> looked_;
  std::size_t starting_ = 0;
  bool first_look_over_ = false;
  // Until the first look is over the I/O context has work, though nothing is pending on it.
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> looking_;
  std::unique_ptr<FolderLook> look_;
};

}  // namespace host::plugins
