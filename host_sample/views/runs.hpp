// Actions as runs: each is audited before it begins, kept with its progress and outcome until dismissed, and
// never done twice for one key.
//
// Owner: the host; I/O thread. A run's deadline is 30 s without progress; then its outcome is unknown, and a
// completion that comes later is still audited and shown.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "plugins/registry.hpp"
#include "views/audit.hpp"
#include "views/description.hpp"

namespace host::views {

struct RunStart {
  Question question;
  Description::ActionRequest action;
};

class Runs {
 public:
  static constexpr std::size_t most_kept = 100;
  static constexpr auto kept_for = std::chrono::hours{1};
  static constexpr auto patience = std::chrono::seconds{30};

  Runs(boost::asio::io_context& io, plugins::Registry& registry, Audit& audit, cockpit_authority authority,
       std::string principal);
  ~Runs();
  Runs(const Runs&) = delete;
  Runs& operator=(const Runs&) = delete;

  struct Begun {
    cockpit_status status = COCKPIT_OK;
    std::string reason;  // when not OK: nothing was done
    std::string run;     // JSON of the run
  };
  // Begins a run, or answers the one that has this key.
  Begun begin(const RunStart& start, const Description& description, const nlohmann::json& settings);
  // False: no such run.
  bool cancel(const std::string& id);
  // OK, NOT_FOUND, or CONFLICT while it runs.
  cockpit_status dismiss(const std::string& id);
  // JSON of every kept run, newest first.
  std::vector<std::string> all() const;
  std::size_t running() const;

  // A run began, moved or ended; a run was dismissed.
  std::function<void(const std::string& run)> on_run;
  std::function<void(const std::string& id)> on_dismissed;

 private:
  struct Run;
  std::shared_ptr<Run> find(const std::string& id) const;
  void ended(const std::shared_ptr<Run>& run, cockpit_status status, const std::string& body, bool late);
  void wait_for_progress(const std::shared_ptr<Run>& run);
  void tell(const Run& run);
  void forget_old();

  boost::asio::io_context& io_;
  plugins::Registry& registry_;
  Audit& audit_;
  cockpit_authority authority_;
  std::string principal_;
  std::list<std::shared_ptr<Run>> runs_;
};

}  // namespace host::views
