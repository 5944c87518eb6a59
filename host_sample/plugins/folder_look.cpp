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

namespace host::plugins {
namespace {

namespace fs = std::filesystem;
constexpr auto look_every = std::chrono::milliseconds{1000};
constexpr std::size_t most_files = 256;

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

// The folder of the private copies: made with mode 0700, gone with the process.
class Store {
 public:
  Store() {
    std::error_code error;
    auto name = (fs::temp_directory_path(error) / "cockpit-host-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Store() {
    std::error_code error;
    if (!path_.empty()) fs::remove_all(path_, error);
  }
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

struct FolderLook::State {
  Options options;
  Events events;
  std::mutex mutex;
  std::condition_variable wake;
  bool ending = false;
  bool again = false;
  std::thread thread;

  // The thread's own.
  Store store;
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
    while (options.repeat) {
      std::unique_lock lock{mutex};
      wake.wait_for(lock, look_every, [this] { return ending; });
      if (ending) return;
      if (std::exchange(again, false))  // the names are kept: what goes meanwhile has to be told
        for (auto& [file, stamp] : seen) stamp = {};
      lock.unlock();
      look(false);
    }
  }

  void look(bool first) {
    std::error_code error;
    if (auto reason = why_untrusted(options.folder); !reason.empty()) {
      for (const auto& [file, stamp] : seen) events.gone(file);
      seen.clear();
      return events.folder(reason);
    }
    events.folder({});
    std::map<std::string, Stamp> now;
    for (fs::directory_iterator at{options.folder, error}, end;
         !error && at != end && now.size() < most_files; at.increment(error)) {
      const auto name = at->path().filename().string();
      if (name.front() != '.') now.emplace(name, stamp_of(at->path()));
    }
    std::vector<std::string> missing;
    for (const auto& [file, stamp] : seen)
      if (now.count(file) == 0) missing.push_back(file);
    for (const auto& file : missing) {
      seen.erase(file);
      events.gone(file);
    }
    for (const auto& [file, stamp] : now) {
      if (ended()) return;
      const auto known = seen.find(file);
      if (known != seen.end() && known->second == stamp) continue;
      // A file is taken once it looks the same twice, so that a copy in progress is not judged.
      if (!first && (moving.count(file) == 0 || moving[file] != stamp)) {
        moving[file] = stamp;
        continue;
      }
      moving.erase(file);
      seen[file] = stamp;
      events.found(take(file));
    }
  }

  FoundLibrary take(const std::string& file) {
    FoundLibrary library;
    library.file = file;
    const auto refused = [&library](std::string reason) {
      library.reason = std::move(reason);
      return library;
    };
    if (store.path().empty()) return refused("there is no private folder to check it in");
    const auto copy = copy_library(options.folder / file, store.path());
    if (!copy) return refused(copy.reason);
    library.hash = copy->hash;
    library.marker = options.state / ("loading-" + copy->hash);
    std::error_code error;
    if (loaded.count(copy->hash) == 0 && fs::exists(library.marker, error))
      return refused("the host died while it started this very file; to try it again delete " +
                     library.marker.string());
    auto known = probed.find(copy->hash);
    if (known == probed.end())
      known = probed.emplace(copy->hash, probe(options.program, copy->path, options.allow_drafts)).first;
    if (!known->second) return refused(known->second.reason);
    library.probed = *known->second;
    if (options.disabled.count(library.probed.id) != 0)
      return refused("it is turned off in the configuration");
    if (const auto before = loaded.find(copy->hash); before != loaded.end()) {
      library.entry = before->second;
      return library;
    }
    fs::create_directories(options.state, error);
    std::ofstream{library.marker} << file << '\n';
    const auto entry = load_for_good(copy->path);
    if (!entry) {
      fs::remove(library.marker, error);
      return refused(entry.reason);
    }
    loaded[copy->hash] = *entry;
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
