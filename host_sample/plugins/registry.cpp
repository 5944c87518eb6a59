#include "plugins/registry.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "base/log.hpp"
#include "plugins/folder_look.hpp"

namespace host::plugins {

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
  FolderLook::Options look;
  look.folder = options_.folder;
  look.program = options_.program;
  look.state = options_.state;
  look.disabled = options_.disabled;
  look.allow_drafts = options_.runtime.allow_drafts;
  look.repeat = options_.watch;
  FolderLook::Events events;
  events.found = [this](FoundLibrary library) {
    boost::asio::post(io_, [this, library = std::move(library)] { found(library); });
  };
  events.gone = [this](std::string file) {
    boost::asio::post(io_, [this, file = std::move(file)] { gone(file); });
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

void Registry::settle() {
  if (!first_look_over_ || starting_ != 0) return;
  looking_.reset();
  if (const auto looked = std::exchange(looked_, nullptr)) looked();
}

void Registry::changed() {
  if (on_change) on_change();
}

void Registry::found(const FoundLibrary& library) {
  auto& entry = entries_[library.file];
  entry.file = library.file;
  auto reason = library.reason;
  if (reason.empty() && entries_.size() > most_plugins)
    reason = "the folder holds more than " + std::to_string(most_plugins) + " plugins";
  if (reason.empty())
    for (const auto& [file, other] : entries_)
      if (file != library.file && (other.runtime || other.state() == "starting") &&
          other.id == library.probed.id)
        reason = "its id \"" + other.id + "\" is served by " + file + " already";
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
  begin(library);
}

void Registry::begin(const FoundLibrary& library) {
  ++starting_;
  auto options = options_.runtime;
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
                 [this, runtime, library, answered](std::string reason, std::string description) {
                   if (std::exchange(*answered, true)) return;
                   --starting_;
                   if (reason.empty()) reason = options_.check(description);
                   FolderLook::survived(library);
                   const auto at = entries_.find(library.file);
                   if (!reason.empty() || at == entries_.end()) {
                     log::warning("plugin " + library.file + " refused: " + reason);
                     if (at != entries_.end()) at->second.reason = reason;
                     retire(runtime);
                     changed();
                     return settle();
                   }
                   auto& served = at->second;
                   auto old = std::exchange(served.runtime, runtime);
                   served.hash = library.hash;
                   served.id = runtime->identity().id;
                   served.name = runtime->identity().name;
                   served.version = runtime->identity().version;
                   served.description = std::move(description);
                   served.reason.clear();
                   runtime->on_state = [this] { changed(); };
                   log::info("plugin " + served.id + " " + served.version + " serves from " + library.file);
                   if (on_serving) on_serving(*runtime);
                   changed();
                   if (old) retire(std::move(old));
                   settle();
                 });
}

void Registry::gone(const std::string& file) {
  const auto at = entries_.find(file);
  if (at == entries_.end()) return;
  auto runtime = std::move(at->second.runtime);
  entries_.erase(at);
  log::info("plugin file " + file + " is gone");
  if (runtime) retire(std::move(runtime));
  changed();
  if (look_) look_->again();  // a file refused for this one's id may serve now
}

// Ends a runtime that serves no longer, once the actions it has begun are over. One that does not end stays
// in memory: its threads may still use what is there.
void Registry::retire(std::shared_ptr<Runtime> runtime) {
  runtime->on_state = nullptr;
  ending_.push_back(runtime);
  runtime->stop_when_idle([this, weak = std::weak_ptr<Runtime>{runtime}](bool clean) {
    const auto ended = weak.lock();
    if (!clean) log::warning("plugin " + ended->identity().id + " did not stop; it is left behind");
    if (clean) std::erase(ending_, ended);
  });
}

void Registry::stop(std::function<void()> done) {
  look_.reset();
  auto left = std::make_shared<std::size_t>(1);
  const auto one_less = [left, done = std::move(done)] {
    if (--*left == 0) done();
  };
  for (auto& [file, entry] : entries_) {
    if (!entry.runtime) continue;
    ++*left;
    entry.runtime->on_state = nullptr;
    entry.runtime->stop([one_less](bool) { one_less(); });
  }
  one_less();
}

std::vector<const Entry*> Registry::entries() const {
  std::vector<const Entry*> all;
  all.reserve(entries_.size());
  for (const auto& [file, entry] : entries_) all.push_back(&entry);
  return all;
}

const Entry* Registry::find(const std::string& id) const {
  for (const auto& [file, entry] : entries_)
    if (entry.runtime && entry.id == id) return &entry;
  return nullptr;
}

}  // namespace host::plugins
