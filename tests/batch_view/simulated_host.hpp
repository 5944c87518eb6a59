// A host that only writes down what a plugin says, and the plugin in a simulated world behind its real
// tables. One thread: what is asked happens when the world runs.
#pragma once

#include <cockpit/sdk.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "model/bounds.hpp"
#include "simulated_world.hpp"

namespace batch_view_tests {

using Json = nlohmann::json;

struct Record {
  int completions = 0;
  cockpit_status status = COCKPIT_OK;
  std::string body;
  std::vector<std::string> progress;
  struct Update {
    cockpit_status status;
    std::string body;  // empty: unchanged
    Clock::time_point when;
  };
  std::vector<Update> updates;
  cockpit_authority authority = 0;
  bool watch = false;

  bool over() const { return completions > 0; }
  Json json() const { return Json::parse(body); }
};

class Host {
 public:
  explicit Host(World& world);
  // Stops the plugin and runs the world until it has said that it stopped, unless it has.
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // The engine of the configuration, unless another one is given.
  static constexpr const char* node = "http://engine/engine-rest";

  cockpit_call invoke(const Json& body, cockpit_authority authority = 1,
                      milliseconds deadline = milliseconds{0});
  cockpit_call watch(const Json& body, cockpit_authority authority = 1);
  void cancel(cockpit_call call);
  void open_authority(cockpit_authority authority, const std::string& engine = "a",
                      const std::string& user = {}, const std::string& password = {});
  void close_authority(cockpit_authority authority);
  cockpit_call configure(const Json& configuration);
  // Engines by id, each at its address.
  static Json configuration(const std::map<std::string, std::string>& engines);
  void stop();
  // Ends the plugin where it stands, as a host that gave up waiting does.
  void destroy();
  bool stopped() const { return stopped_ > 0; }

  Record& record(cockpit_call call) { return records_.at(call); }
  std::map<cockpit_call, Record>& records() { return records_; }
  // The answer of a request that is run to its end.
  Record ask(const Json& body, cockpit_authority authority = 1);
  Record act(const std::string& action, Json more, cockpit_authority authority = 1);
  Json rows(const std::string& source, const Json& params = Json::object(),
            const Json& more = Json::object());
  // Wrong use of the host by the plugin, in words; empty: none.
  std::string complaint;
  // Faults that are planted.
  bool hears_no_cancel = false, ends_watches_alone = false, completes_twice = false;
  batch_view::Bounds bounds() const;

  static Json rows_of(const std::string& source, const Json& params = Json::object(),
                      const Json& more = Json::object());
  static Json details_of(const std::string& source, const Json& params);
  static Json action_of(const std::string& action, const Json& more);

 private:
  cockpit_call add(cockpit_authority authority, bool watch);
  static Host& self(const cockpit_host* host) { return *static_cast<Host*>(host->self); }

  World& world_;
  cockpit_limits limits_{};
  cockpit_watch_host_1 watch_{};
  cockpit_log_host_1 log_{};
  cockpit_host host_{};
  const cockpit_plugin* plugin_ = nullptr;
  std::map<cockpit_call, Record> records_;
  cockpit_call last_ = 0;
  int stopped_ = 0;
  bool stopping_ = false;
};

}  // namespace batch_view_tests
