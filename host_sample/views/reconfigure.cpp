// Another configuration while the host runs: all plugins take it, or none does.
#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "views/service.hpp"

namespace host::views {

struct Service::Change {
  std::vector<EngineSettings> engines;
  std::map<std::string, std::string> settings;
  bool read_only = false;
  std::function<void(std::string)> done;
  std::vector<std::shared_ptr<loader::Runtime>> left, taken;
};

void Service::reconfigure(std::vector<EngineSettings> engines, std::map<std::string, std::string> settings,
                          bool read_only, std::function<void(std::string)> done) {
  const auto change = std::make_shared<Change>();
  change->engines = std::move(engines);
  change->settings = std::move(settings);
  change->read_only = read_only;
  change->done = std::move(done);
  for (const auto* entry : registry_->entries())
    if (entry->serving()) change->left.push_back(entry->runtime);
  configure_next(change);
}

void Service::configure_next(const std::shared_ptr<Change>& change) {
  if (!change->left.empty()) {
    const auto runtime = change->left.back();
    change->left.pop_back();
    const auto& id = runtime->identity().id;
    return runtime->configure(configuration_for(id, change->engines, change->settings),
                              [this, change, runtime](std::string reason) {
                                change->taken.push_back(runtime);
                                if (reason.empty()) return configure_next(change);
                                take_back(change,
                                          "the plugin " + runtime->identity().id + " refuses it: " + reason);
                              });
  }
  options_.engines = std::move(change->engines);
  options_.settings = std::move(change->settings);
  options_.read_only = change->read_only;
  for (const auto* entry : registry_->entries()) {
    if (!entry->serving()) continue;
    // One that began to serve meanwhile has the old one.
    const bool has =
        std::find(change->taken.begin(), change->taken.end(), entry->runtime) != change->taken.end();
    if (!has)
      entry->runtime->configure(configuration_of(entry->id), [id = entry->id](const std::string& reason) {
        if (!reason.empty()) log::warning("plugin " + id + " refuses its configuration: " + reason);
      });
    open_authorities(*entry->runtime);
  }
  if (on_state) on_state();
  change->done({});
}

void Service::take_back(const std::shared_ptr<Change>& change, std::string reason) {
  for (const auto& runtime : change->taken)
    runtime->configure(configuration_of(runtime->identity().id),
                       [id = runtime->identity().id](const std::string& why) {
                         if (!why.empty())
                           log::error("plugin " + id + " does not take its old configuration back: " + why);
                       });
  change->done(std::move(reason));
}

}  // namespace host::views
