#include "plugins/folder_look.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <map>
#include <mutex>
#include <thread>
#include <tuple>
#include <vector>

#include "plugins/library_file.hpp"
#include "plugins/loaded_library.hpp"
#include "plugins/private_store.hpp"
#include "plugins/probing.hpp"

namespace host::plugins {
namespace {

namespace fs = std::filesystem;
constexpr auto look_every = std::chrono::milliseconds{1000};

// Notes, backups and copies in progress may lie in the folder, too.
bool is_library_name(const std::string& name) {
  const auto ends_with = [&name](std::string_view ending) {
    return name.size() > ending.size() &&
           name.compare(name.size() - ending.size(), ending.size(), ending) == 0;
  };
  return name.front() != '.' && (ends_with(".so") || ends_with(".dll"));
}

// What tells that a file is not the one seen before, or that its owner or mode changed.
using Stamp =
    std::tuple<std::uint64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::uint64_t>;

Stamp stamp_of(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  return {static_cast<std::uint64_t>(status.st_ino),
          status.st_mtim.tv_sec,
          status.st_mtim.tv_nsec,
          status.st_ctim.tv_sec,
          status.st_ctim.tv_nsec,
          static_cast<std::uint64_t>(status.st_size)};
}

}  // namespace

struct FolderLook::State {
  Options options;
  Events events;
  std::mutex mutex;
  std::condition_variable wake;
  bool ending = false;
  bool again = false;
  StopSignal stop;
  std::thread thread;

  // The thread's own.
  PrivateStore store;
  std::size_t more = 0;  // files over the limit
  std::map<std::string, Stamp> seen;
  std::map<std::string, Stamp> moving;           // changed since the last look: maybe still being written
  std::map<std::string, Result<Probed>> probed;  // by hash
  std::map<std::string, cockpit_plugin_entry> loaded;  // by hash

  bool ended() {
    const std::lock_guard lock{mutex};
    return ending;
  }

  void run() {
    look(true);
    events.looked();
    while (true) {
      std::unique_lock lock{mutex};
      const auto ends = [this] { return ending; };
      // One that looks once waits for its end: a thread that is over and not joined would look like a leak to
      // whoever looks when a plugin ends the process.
      if (options.repeat)
        wake.wait_for(lock, look_every, ends);
      else
        wake.wait(lock, ends);
      if (ending) return;
      if (std::exchange(again,
                        false))  // the names are kept: a file removed in the meantime has to be reported
        for (auto& [file, stamp] : seen) stamp = {};
      lock.unlock();
      look(false);
    }
  }

  void look(bool first) {
    if (auto reason = why_untrusted(options.folder); !reason.empty()) {
      for (const auto& [file, stamp] : seen) events.gone(file);
      seen.clear();
      tell_more(0);
      return events.folder(reason);
    }
    events.folder({});
    const auto now = files();
    std::vector<std::string> missing;
    for (const auto& [file, stamp] : seen)
      if (now.count(file) == 0) missing.push_back(file);
    for (const auto& file : missing) {
      seen.erase(file);
      events.gone(file);
    }
    std::vector<std::string> changed;
    for (const auto& [file, stamp] : now) {
      const auto known = seen.find(file);
      if (known != seen.end() && known->second == stamp) continue;
      // A file is taken once it looks the same twice, so that a copy in progress is not judged.
      if (!first && (moving.count(file) == 0 || moving[file] != stamp)) {
        moving[file] = stamp;
        continue;
      }
      moving.erase(file);
      seen[file] = stamp;
      changed.push_back(file);
    }
    take(changed);
  }

  // What the folder holds. A file that is known keeps its place; of the others the first by name take what is
  // left.
  std::map<std::string, Stamp> files() {
    std::error_code error;
    std::map<std::string, Stamp> now;
    std::set<std::string> others;
    std::size_t count = 0;
    for (fs::directory_iterator at{options.folder, error}, end; !error && at != end; at.increment(error)) {
      const auto name = at->path().filename().string();
      if (!is_library_name(name)) continue;
      ++count;
      if (seen.count(name) != 0)
        now.emplace(name, Stamp{});
      else
        others.insert(name);
      if (others.size() > most_files) others.erase(std::prev(others.end()));
    }
    for (auto name = others.begin(); name != others.end() && now.size() < most_files; ++name)
      now.emplace(*name, Stamp{});
    tell_more(count - now.size());
    for (auto& [file, stamp] : now) stamp = stamp_of(options.folder / file);
    return now;
  }

  void tell_more(std::size_t count) {
    if (std::exchange(more, count) != count) events.crowded(count);
  }

  // Every file is reported as soon as its own probe is over. Equal files are probed once.
  void take(const std::vector<std::string>& changed) {
    for (const auto& file : changed) events.coming(file);
    Probing probing{options.program, options.allow_drafts, stop};
    std::map<std::string, std::vector<FoundLibrary>> waiting;  // by hash
    const auto heard = [&](const Probing::Ended& one) {
      probed.emplace(one.hash, one.result);
      for (const auto& library : waiting[one.hash]) events.found(load(library));
    };
    for (const auto& file : changed) {
      if (ended()) return;
      auto library = copy(file);
      if (!library.reason.empty()) {
        events.found(std::move(library));
      } else if (probed.count(library.hash) != 0) {
        events.found(load(std::move(library)));
      } else {
        auto& alike = waiting[library.hash];
        if (alike.empty()) probing.begin(library.hash, library.copy);
        alike.push_back(std::move(library));
      }
      while (const auto one = probing.next(false))
        if (!ended()) heard(*one);
    }
    while (const auto one = probing.next(true))
      if (!ended()) heard(*one);
  }

  // Before its probe: the private copy, and whether it may be tried at all.
  FoundLibrary copy(const std::string& file) {
    FoundLibrary library;
    library.file = file;
    if (store.path().empty()) {
      library.reason = "there is no private folder to check it in";
      return library;
    }
    const auto made = copy_library(options.folder / file, store.path());
    if (!made) {
      library.reason = made.reason;
      return library;
    }
    library.hash = made->hash;
    library.copy = made->path;
    library.marker = options.state / ("loading-" + made->hash);
    std::error_code error;
    if (options.innocent && loaded.count(made->hash) == 0 && options.innocent(made->hash))
      fs::remove(library.marker, error);
    if (loaded.count(made->hash) == 0 && fs::exists(library.marker, error))
      library.reason =
          "the host died while it started this very file; to try it again delete " + library.marker.string();
    return library;
  }

  // After its probe: into this process, unless it failed or is not wanted.
  FoundLibrary load(FoundLibrary library) {
    const auto refused = [&library](std::string reason) {
      library.reason = std::move(reason);
      return library;
    };
    const auto& result = probed.at(library.hash);
    if (!result) return refused(result.reason);
    library.probed = *result;
    if (options.disabled.count(library.probed.id) != 0)
      return refused("it is turned off in the configuration");
    if (const auto before = loaded.find(library.hash); before != loaded.end()) {
      library.entry = before->second;
      return library;
    }
    std::error_code error;
    fs::create_directories(options.state, error);
    std::ofstream{library.marker} << library.file << '\n';
    const auto slot = CallRecord::take(options.record, library.file, library.hash);
    if (slot) slot->enter("being loaded");
    const auto entry = load_for_good(library.copy);
    if (slot) slot->leave();
    if (!entry) {
      fs::remove(library.marker, error);
      return refused(entry.reason);
    }
    loaded[library.hash] = *entry;
    library.entry = *entry;
    return library;
  }
};

FolderLook::FolderLook(Options options, Events events) : state_(std::make_shared<State>()) {
  state_->options = std::move(options);
  state_->events = std::move(events);
  state_->thread = std::thread{[state = state_.get()] { state->run(); }};
}

FolderLook::~FolderLook() {
  {
    const std::lock_guard lock{state_->mutex};
    state_->ending = true;
  }
  state_->stop.raise();
  state_->wake.notify_all();
  state_->thread.join();
}

void FolderLook::again() {
  const std::lock_guard lock{state_->mutex};
  state_->again = true;
}

void FolderLook::survived(const FoundLibrary& library) {
  std::error_code error;
  fs::remove(library.marker, error);
}

}  // namespace host::plugins
