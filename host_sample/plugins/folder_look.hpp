// The eye on the plugin folder: a thread that looks once a second, copies what is new or changed, has several
// files probed at once, and loads each as soon as it passed.
//
// Events come on that thread: `coming` of all that are to be tried, in the order of their names, before they
// are `found` in any order. A library is reported again only when its content changed. While a library is
// loaded and started a marker with its hash lies in the state folder; if the host dies meanwhile, the next
// start refuses that library by name.
#pragma once

#include <cockpit/plugin.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "plugins/call_record.hpp"
#include "plugins/probe.hpp"

namespace host::plugins {

// Of the files of a folder the first by name; the others are counted and said.
inline constexpr std::size_t most_files = 256;

struct FoundLibrary {
  std::string file;
  std::string hash;
  std::string reason;  // why it is refused; empty when it was loaded
  Probed probed;
  cockpit_plugin_entry entry = nullptr;
  std::filesystem::path copy, marker;
};

class FolderLook {
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
    std::function<void()> looked;                    // the first look is over
  };

  FolderLook(Options options, Events events);
  // Kills the running probes; they report nothing.
  ~FolderLook();
  FolderLook(const FolderLook&) = delete;
  FolderLook& operator=(const FolderLook&) = delete;

  // Any thread. Reports every library anew at the next look.
  void again();
  // Any thread. The library was started and the process is still there.
  static void survived(const FoundLibrary& library);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace host::plugins
