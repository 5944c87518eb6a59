// A demo engine as a program of its own, and a session of the plugin on it. Blocking, for tests; one thread.
#pragma once

#include <sys/types.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "actions.hpp"
#include "asio_environment.hpp"

namespace batch_view_tests {

using Json = nlohmann::json;

class DemoEngine {
 public:
  /// Arguments of the program. Its path is COCKPIT_DEMO_ENGINE.
  explicit DemoEngine(std::vector<std::string> arguments);
  ~DemoEngine();
  DemoEngine(const DemoEngine&) = delete;
  DemoEngine& operator=(const DemoEngine&) = delete;
  const std::string& url() const { return url_; }
  void kill();

 private:
  pid_t pid_ = -1;
  std::string url_;
};

struct Answered {
  cockpit_status status = COCKPIT_INTERNAL;
  Json body;
};

class Plugin {
 public:
  explicit Plugin(const DemoEngine& engine, const std::string& user = {});
  ~Plugin();

  Answered read(const std::string& source, const Json& params, const Json& more = Json::object());
  /// The first answer of a watch.
  Answered watch(const std::string& source, const Json& params);
  /// Called after each step of the plugin's loop with how many there were; it may cancel the run. By steps
  /// and not by time: how many jobs are done by then is much the same on every machine.
  using Meanwhile = std::function<void(std::size_t steps, std::atomic<bool>& cancelled)>;
  /// Called with every progress report.
  using Progress = std::function<void(const Json&)>;
  Answered act(const std::string& action, Json request, const Meanwhile& meanwhile = {},
               const Progress& progress = {});
  void link_instances(const std::string& to) { session_->instance_link = to; }
  /// The running batch with the most failed jobs.
  Json most_failed();
  /// Failed jobs of it, now.
  std::size_t failed(const std::string& batch);

 private:
  Answered ask(const Json& body, bool watched);
  Answered wait(const std::function<void(batch_view::Replied)>& ask,
                const std::function<void(std::size_t steps)>& meanwhile = {});
  batch_view::AsioEnvironment environment_;
  std::shared_ptr<batch_view::Session> session_;
};

}  // namespace batch_view_tests
