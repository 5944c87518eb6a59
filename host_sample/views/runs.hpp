// Actions as runs: each is audited before it begins, kept with its progress and outcome until dismissed, and
// never done twice for one key, also by a host that was started anew: the audit log has the keys of a day.
//
// Owner: the host; I/O thread. A run's deadline is 30 s without progress; then its outcome is unknown, and a
// completion that comes later is still audited and shown.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/io.hpp"
#include "loader/registry.hpp"
#include "views/audit.hpp"
#include "views/description.hpp"
#include "views/run_start.hpp"

namespace host::views {

class Plans;
class RunRecords;

class Runs {
 public:
  static constexpr std::size_t most_kept = 100;
  static constexpr auto kept_for = std::chrono::hours{1};
  static constexpr auto patience = std::chrono::seconds{30};
  static constexpr std::size_t most_refusals = 60;  // written a minute; more are counted

  Runs(IoContext& io, loader::Registry& registry, Audit& audit, cockpit_authority authority,
       std::string principal);
  ~Runs();
  Runs(const Runs&) = delete;
  Runs& operator=(const Runs&) = delete;

  struct Begun {
    cockpit_status status = COCKPIT_OK;
    std::string reason;  // when not OK: nothing was done
    std::string run;     // JSON of the run
  };
  // The run that has this key, whatever became of it; nothing: there is none, and begin() may be called.
  std::optional<Begun> known(const RunStart& start);
  // Begins a run.
  Begun begin(const RunStart& start, const Description& description, const nlohmann::json& settings);
  // Writes down that this was refused, and answers so.
  Begun refuse(const RunStart& start, cockpit_status status, std::string reason);
  // Reads the runs of the last day back.
  void recall() { audit_.catch_up(); }
  // Every id of a plan that a dry run answered; none when it is not kept any more.
  std::vector<std::string> planned(const std::string& plan) const;
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
  struct Ready;
  std::shared_ptr<Run> find(const std::string& id) const;
  Result<Ready> prepare(const RunStart& start, const Description& description, const nlohmann::json& settings,
                        cockpit_status& status);
  std::shared_ptr<Run> made(const Ready& ready) const;
  Begun send(const std::shared_ptr<Run>& run, Ready ready, const std::shared_ptr<loader::Runtime>& runtime);
  void took(Run& run, const nlohmann::json& answer);
  void ended(const std::shared_ptr<Run>& run, cockpit_status status, const std::string& body, bool late);
  void wait_for_progress(const std::shared_ptr<Run>& run);
  void notify(const Run& run);
  void forget_old();

  IoContext& io_;
  loader::Registry& registry_;
  Audit& audit_;
  cockpit_authority authority_;
  std::string principal_;
  std::list<std::shared_ptr<Run>> runs_;
  std::unique_ptr<RunRecords> records_;
  std::unique_ptr<Plans> plans_;
  std::uint64_t refusals_since_ = 0;  // the minute at hand, in ms since 1970
  std::size_t refusals_ = 0;          // in it
};

}  // namespace host::views
