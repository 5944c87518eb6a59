#include "plugins/registry.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/log.hpp"
#include "plugins/folder_look.hpp"

namespace host::plugins {
namespace {

std::string taken_by(const Entry& other) {
  return "its id \"" + other.id + "\" is served by " + other.file + " already";
}

}  // namespace

std::string Entry::state() const {
  if (!runtime) return reason.empty() ? "starting" : "refused";
  switch (runtime->state()) {
    case Runtime::State::starting:
      return "starting";
    case Runtime::State::serving:
      return "serving";
    case Runtime::State::quarantined:
      return "quarantined";
    case Runtime::State::stopping:
    case Runtime::State::stopped:
      return "stopped";
    case Runtime::State::failed:
      return "refused";
  }
  return "refused";
}

std::string Entry::reason_now() const {
  if (serving() && reason.empty()) return note;
  return runtime && !runtime->trouble().empty() ? runtime->trouble() : reason;
}

Registry::Registry(boost::asio::io_context& io, RegistryOptions options)
    : io_(io), options_(std::move(options)) {}

Registry::~Registry() = default;

void Registry::start(std::function<void()> looked) {
  looked_ = std::move(looked);
  looking_.emplace(io_.get_executor());
  if (options_.none) {
    folder_reason_ = "the host was started without plugins";
    first_look_over_ = true;
    return boost::asio::post(io_, [this] { settle(); });
  }
  recall();
  FolderLook::Options look;
  look.record = options_.runtime.record;
  look.innocent = [left = left_](const std::string& hash) {
    return left.records && std::none_of(left.blamed.begin(), left.blamed.end(),
                                        [&hash](const auto& one) { return one.hash == hash; });
  };
  look.folder = options_.folder;
  look.program = options_.program;
  look.state = options_.state;
  look.disabled = options_.disabled;
  look.allow_drafts = options_.runtime.allow_drafts;
  look.repeat = options_.watch;
  FolderLook::Events events;
  // A notification posted before the end and delivered after it does nothing: `look_` is gone then.
  events.coming = [this](std::string file) {
    boost::asio::post(io_, [this, file = std::move(file)] {
      if (look_) coming(file);
    });
  };
  events.found = [this](FoundLibrary library) {
    boost::asio::post(io_, [this, library = std::move(library)] {
      if (look_) found(library);
    });
  };
  events.crowded = [this](std::size_t more) {
    boost::asio::post(io_, [this, more] {
      if (look_) crowded(more);
    });
  };
  events.gone = [this](std::string file) {
    boost::asio::post(io_, [this, file = std::move(file)] {
      if (look_) gone(file);
    });
  };
  events.folder = [this](std::string reason) {
    boost::asio::post(io_, [this, reason = std::move(reason)] {
      if (reason == folder_reason_) return;
      folder_reason_ = reason;
      if (!reason.empty()) log::warning("plugin folder not used: " + reason);
      changed();
    });
  };
  events.looked = [this] {
    boost::asio::post(io_, [this] {
      first_look_over_ = true;
      settle();
    });
  };
  look_ = std::make_unique<FolderLook>(std::move(look), std::move(events));
}

// Whose call it was that an earlier process ended in.
void Registry::recall() {
  left_ = CallRecord::left_behind(options_.state);
  for (const auto& one : left_.blamed)
    log::warning("the host ended unexpectedly at an earlier run; of the plugin " + one.file + ": " +
                 one.words);
  options_.runtime.record = CallRecord::make(options_.state);
}

void Registry::settle() {
  if (!first_look_over_ || starting_ != 0) return;
  looking_.reset();
  if (const auto looked = std::exchange(looked_, nullptr)) looked();
}

void Registry::changed() {
  if (on_change) on_change();
}

void Registry::coming(const std::string& file) {
  std::size_t before = 0;
  for (const auto& [name, other] : entries_)
    if (name != file && !other.over_limit) ++before;
  auto& entry = entries_[file];
  entry.file = file;
  if (!entry.runtime) entry.over_limit = before >= most_plugins;
  changed();
}

void Registry::crowded(std::size_t more) {
  more_.reset();
  if (more != 0) {
    more_.emplace();
    more_->file = std::to_string(more) + (more == 1 ? " more file" : " more files");
    more_->reason =
        "the folder holds more than " + std::to_string(most_files) + " files; the rest are ignored";
    log::warning("plugin folder: " + more_->file + " ignored: " + more_->reason);
  }
  changed();
}

// Who has the id of that library, other than its own file.
Entry* Registry::rival_of(const FoundLibrary& library) {
  for (auto& [file, other] : entries_)
    if (file != library.file && other.id == library.probed.id &&
        (other.runtime || other.state() == "starting"))
      return &other;
  return nullptr;
}

void Registry::found(const FoundLibrary& library) {
  auto& entry = entries_[library.file];
  entry.file = library.file;
  auto reason = library.reason;
  if (reason.empty() && entry.over_limit)
    reason = "the folder holds more than " + std::to_string(most_plugins) + " plugins";
  const bool by_name = !first_look_over_;
  const auto* rival = reason.empty() ? rival_of(library) : nullptr;
  if (rival != nullptr && !(by_name && library.file < rival->file)) reason = taken_by(*rival);
  if (!reason.empty()) {
    log::warning("plugin " + library.file + " refused: " + reason);
    // A new content that does not work leaves the old one serving.
    entry.reason = reason;
    if (!entry.runtime) {
      entry.hash = library.hash;
      entry.id = library.probed.id;
      entry.name = library.probed.name;
      entry.version = library.probed.version;
    }
    return changed();
  }
  if (entry.serving() && entry.hash == library.hash) {  // the same content, looked at again
    entry.reason.clear();
    return changed();
  }
  begin(library, by_name);
}

void Registry::begin(const FoundLibrary& library, bool by_name) {
  ++starting_;
  auto options = options_.runtime;
  options.file = library.file;
  options.hash = library.hash;
  options.log = [id = library.probed.id](std::uint32_t level, const std::string& line) {
    const auto text = "[" + id + "] " + line;
    if (level >= COCKPIT_LOG_ERROR)
      log::error(text);
    else if (level == COCKPIT_LOG_WARNING)
      log::warning(text);
    else if (level == COCKPIT_LOG_INFO)
      log::info(text);
    else
      log::debug(text);
  };
  auto runtime = Runtime::make(io_, library.entry, std::move(options));
  auto& entry = entries_[library.file];
  if (!entry.runtime) {
    entry.id = library.probed.id;
    entry.name = library.probed.name;
    entry.version = library.probed.version;
    entry.reason.clear();
    changed();
  }
  const auto answered = std::make_shared<bool>(false);
  runtime->start(options_.configuration(library.probed.id),
                 [this, runtime, library, by_name, answered](std::string reason, std::string description) {
                   if (std::exchange(*answered, true)) return;
                   --starting_;
                   started(library, runtime, by_name, std::move(reason), std::move(description));
                   settle();
                 });
}

void Registry::started(const FoundLibrary& library, const std::shared_ptr<Runtime>& runtime, bool by_name,
                       std::string reason, std::string description) {
  if (reason.empty()) reason = options_.check(description, runtime->identity().id);
  FolderLook::survived(library);
  const auto at = entries_.find(library.file);
  auto* rival = rival_of(library);
  if (rival != nullptr && !rival->runtime) rival = nullptr;  // it is asked the same when it has started
  if (reason.empty() && rival != nullptr && !(by_name && library.file < rival->file))
    reason = taken_by(*rival);
  if (!reason.empty() || at == entries_.end()) {
    log::warning("plugin " + library.file + " refused: " + reason);
    if (at != entries_.end()) at->second.reason = reason;
    retire(runtime, library.probed.id);
    return changed();
  }
  auto& served = at->second;
  auto old = std::exchange(served.runtime, runtime);
  served.hash = library.hash;
  served.id = runtime->identity().id;
  served.name = runtime->identity().name;
  served.version = runtime->identity().version;
  served.description = std::move(description);
  served.reason.clear();
  served.note.clear();
  for (const auto& one : left_.blamed)
    if (one.hash == served.hash)
      served.note = "The host ended unexpectedly at an earlier run: " + one.words +
                    ". If that happens again, take its file out of the plugin folder.";
  runtime->on_state = [this] { changed(); };
  log::info("plugin " + served.id + " " + served.version + " serves from " + library.file);
  if (on_serving) on_serving(*runtime);
  auto displaced = rival == nullptr ? nullptr : std::exchange(rival->runtime, nullptr);
  if (displaced) {
    rival->reason = taken_by(served);
    log::warning("plugin " + rival->file + " refused: " + rival->reason);
  }
  changed();
  if (old) retire(std::move(old), library.probed.id);
  if (displaced) retire(std::move(displaced), library.probed.id);
}

void Registry::gone(const std::string& file) {
  const auto at = entries_.find(file);
  if (at == entries_.end()) return;
  const auto entry = std::move(at->second);
  entries_.erase(at);
  log::info("plugin file " + file + " is gone");
  if (entry.runtime) retire(entry.runtime, entry.id);
  changed();
  if (look_) look_->again();  // a file refused for this one's id may serve now
}

// Ends a runtime that serves no longer, once the actions it has begun are over. One that does not end stays
// in memory: its threads may still use what is there.
void Registry::retire(std::shared_ptr<Runtime> runtime, const std::string& id) {
  runtime->on_state = nullptr;
  ending_.push_back(runtime);
  runtime->stop_when_idle([this, id, weak = std::weak_ptr<Runtime>{runtime}](bool clean) {
    if (!clean) log::warning("plugin " + id + " did not stop; it is left behind");
    if (clean) std::erase(ending_, weak.lock());
  });
}

void Registry::stop(std::function<void(bool)> done) {
  look_.reset();
  auto all = ending_;  // a copy: those that end leave the list
  for (auto& [file, entry] : entries_) {
    if (!entry.runtime) continue;
    entry.runtime->on_state = nullptr;
    all.push_back(entry.runtime);
  }
  struct Ending {
    std::size_t left = 0;
    bool clean = true;
  };
  const auto ending = std::make_shared<Ending>();
  ending->left = all.size() + 1;
  const auto ended = [ending, record = options_.runtime.record, done = std::move(done)](bool clean) {
    ending->clean = ending->clean && clean;
    if (--ending->left != 0) return;
    if (record) record->forget();
    done(ending->clean);
  };
  for (const auto& runtime : all) runtime->stop(ended);
  ended(true);
}

std::vector<const Entry*> Registry::entries() const {
  std::vector<const Entry*> all;
  all.reserve(entries_.size() + 1);
  for (const auto& [file, entry] : entries_) all.push_back(&entry);
  if (more_) all.push_back(&*more_);
  return all;
}

const Entry* Registry::find(const std::string& id) const {
  for (const auto& [file, entry] : entries_)
    if (entry.runtime && entry.id == id) return &entry;
  return nullptr;
}

}  // namespace host::plugins
