// What the host can do with its plugins, for the page and the terminal alike: read, watch, run an action,
// tell what there is.
//
// Owner: the program; I/O thread. Knows descriptions, no plugin.
#pragma once

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "plugins/registry.hpp"
#include "views/audit.hpp"
#include "views/description.hpp"
#include "views/live.hpp"
#include "views/runs.hpp"

namespace host::views {

struct Engine {
  std::string id, name;
  std::vector<std::string> nodes;  // base URLs
  plugins::Credentials credentials;
  std::string ca_file, certificate_file, key_file;
};

struct ServiceOptions {
  std::string name = "cockpit", version;
  std::vector<Engine> engines;
  std::map<std::string, std::string> settings;  // JSON object, by plugin id
  std::string principal_id, principal_name;
  bool read_only = false;
  std::filesystem::path audit_file;
  plugins::RegistryOptions registry;
  std::chrono::milliseconds read_deadline{20000};
};

class Service {
 public:
  using Answered = std::function<void(cockpit_status, std::string body)>;

  Service(boost::asio::io_context& io, ServiceOptions options);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Loads the plugins; `ready` after the first look at the folder.
  void start(std::function<void()> ready);
  // Whether that first look is over.
  bool ready() const { return ready_; }
  // Ends every plugin; `done` hears whether all of them ended by themselves.
  void stop(std::function<void(bool clean)> done);

  // Asks once; equal questions in flight are asked once. `answered` may be called before this returns. The
  // handle is for leave().
  std::uint64_t read(const Question& question, Answered answered);
  // Whether it can be asked right now; if not, why. Asks nothing.
  struct Checked {
    cockpit_status status = COCKPIT_OK;
    std::string reason;
  };
  Checked check(const Question& question) const;
  // The one who asked is gone; with the last one the plugin is notified.
  void leave(std::uint64_t reader);
  // Listens; 0 and one final update when the question is not possible.
  // Whether the rows of its answer are of several engines.
  bool mixes_engines(const Question& question) const {
    return question.engines.size() != 1 && options_.engines.size() > 1;
  }

  // Takes other engines, settings and `read_only`, all or nothing: `done` hears an empty reason, or which
  // plugin refused, and why; then everything is as before. What runs goes on, or ends as each plugin says.
  void reconfigure(std::vector<Engine> engines, std::map<std::string, std::string> settings, bool read_only,
                   std::function<void(std::string reason)> done);

  Live::Id listen(const Question& question, Live::Listener listener);
  void leave_watch(Live::Id id) { live_->leave(id); }
  Runs::Begun begin(const RunStart& start);
  Runs& runs() { return *runs_; }

  // The state of everything, as the page's `host` event says it. `language`, such as "de": descriptions
  // without the words of languages other than it and English; empty: with all. Of details views only that
  // they are there: a page fetches the rest when the first is needed.
  std::string state_json(bool with_descriptions = true, const std::string& language = {}) const;
  // The description of a serving plugin with its details views, for a page; empty when it does not serve.
  std::string whole_description(const std::string& plugin, const std::string& language) const;
  const plugins::Registry& registry() const { return *registry_; }
  // The description of a serving plugin, or null.
  std::shared_ptr<const Description> description(const std::string& plugin) const;
  const ServiceOptions& options() const { return options_; }
  std::size_t watches() const { return live_->watches(); }

  // state_json() changed.
  std::function<void()> on_state;

 private:
  struct Reading;
  struct Prepared {
    cockpit_status status = COCKPIT_OK;
    std::string body;  // the request, or the problem
    plugins::BodyShape shape;
  };
  Prepared prepare(const Question& question) const;
  bool has_engine(const std::string& id) const;
  nlohmann::json settings_of(const std::string& plugin) const;
  static std::string configuration_for(const std::string& plugin, const std::vector<Engine>& engines,
                                       const std::map<std::string, std::string>& settings);
  std::string configuration_of(const std::string& plugin) const {
    return configuration_for(plugin, options_.engines, options_.settings);
  }
  void plugins_changed();
  void ask(const std::shared_ptr<Reading>& reading);
  void answered(const std::shared_ptr<Reading>& reading, cockpit_status status, const std::string& body);
  void open_authorities(plugins::Runtime& runtime) const;
  struct Change;
  void configure_next(const std::shared_ptr<Change>& change);
  void take_back(const std::shared_ptr<Change>& change, std::string reason);

  boost::asio::io_context& io_;
  ServiceOptions options_;
  Audit audit_;
  std::unique_ptr<plugins::Registry> registry_;
  std::unique_ptr<Live> live_;
  std::unique_ptr<Runs> runs_;
  std::map<std::string, std::shared_ptr<const Description>> descriptions_;  // by hash of the library
  std::map<std::string, std::shared_ptr<Reading>> reading_;                 // by plugin and request
  std::map<std::uint64_t, std::shared_ptr<Reading>> readers_;
  std::uint64_t next_reader_ = 1;
  bool ready_ = false;
};

}  // namespace host::views
