// Watches the plugin folder: a thread that scans it once a second, copies what is new or changed, has several
// files probed at once, and loads each as soon as it passed.
//
// Events are called on that thread: `coming` of all that are to be tried, in the order of their names, before
// they are `found` in any order. A library is reported again only when its content changed. While a library
// is loaded and started a marker with its hash lies in the state folder; if the host dies meanwhile, the next
// start refuses that library by name.
#pragma once

#include <cockpit/plugin.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "loader/call_record.hpp"
#include "loader/probe.hpp"

namespace host::loader {

// Of the files of a folder the first by name; the others are counted and reported.
inline constexpr std::size_t most_files = 256;

struct FoundLibrary {
  std::string file;
  std::string hash;
  std::string reason;  // why it is refused; empty when it was loaded
  Probed probed;
  cockpit_plugin_entry entry = nullptr;
  std::filesystem::path copy, marker;
};

class FolderWatcher {
 public:
  struct Options {
    std::filesystem::path folder;
    std::filesystem::path program;
    std::filesystem::path state;
    std::set<std::string> disabled;
    bool allow_drafts = false;
    bool repeat = true;
    std::shared_ptr<CallRecord> record;  // where loading is written down
    std::function<bool(const std::string& hash)>
        innocent;  // a marker of it says nothing: others ended the host
  };
  struct Events {
    std::function<void(std::string file)> coming;
    std::function<void(FoundLibrary)> found;
    std::function<void(std::size_t more)> crowded;  // so many files are over `most_files`; 0: none any more
    std::function<void(std::string file)> gone;
    std::function<void(std::string reason)> folder;  // why the folder is not used; empty: it is
    std::function<void()> first_scan_over;           // every file of the first scan was reported
  };

  FolderWatcher(Options options, Events events);
  // Kills the probes that run; they are not reported.
  ~FolderWatcher();
  FolderWatcher(const FolderWatcher&) = delete;
  FolderWatcher& operator=(const FolderWatcher&) = delete;

  // Any thread. Scans at the next interval as if every library were new.
  void refresh_now();
  // Any thread. The library was started and the process is still there.
  static void survived(const FoundLibrary& library);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace host::loader
