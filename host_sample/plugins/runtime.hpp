// One plugin at work: entered, created, asked, watched and stopped by the rules of the ABI.
//
// Owner: the registry (or the probe). All functions and all events belong to the host's I/O thread; the
// plugin itself is called on its lane only, and what it lent (its tables) is known to the lane only. A lane
// that hangs for longer than `lane_patience` is quarantined: its open calls end TIMEOUT and new ones
// UNAVAILABLE until it comes back.
#pragma once

#include <cockpit/cockpit.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/call_record.hpp"
#include "plugins/calls.hpp"
#include "plugins/faults.hpp"
#include "plugins/lane.hpp"

namespace host::plugins {

// The limits of this host, as plugins receive them.
extern const cockpit_limits host_limits;
// And of a description, which is less than what an answer may have.
inline constexpr std::size_t largest_description = 256u << 10;

struct RuntimeOptions {
  std::string host_name = "cockpit-host";
  std::string host_version;
  bool allow_drafts = false;  // extensions whose id begins with "cockpit.draft."
  std::chrono::milliseconds lane_patience{2000};
  std::chrono::milliseconds stop_patience{5000};
  std::function<void(std::uint32_t level, std::string line)> log;  // I/O thread
  std::shared_ptr<CallRecord>
      record;              // where it is written down that the plugin is being called; null: nowhere
  std::string file, hash;  // as which
};

struct Ask {
  cockpit_authority authority = 0;
  std::chrono::milliseconds deadline{0};  // 0: none
  std::string principal;
  std::string body;
  bool action = false;  // changes something: a plugin that is replaced may finish it
  BodyShape shape;      // what the answer owes
};

struct Credentials {
  std::string engine;
  std::uint32_t kind = COCKPIT_CREDENTIALS_NONE;
  std::string user;
  std::string secret;
};

class Runtime : public std::enable_shared_from_this<Runtime> {
 public:
  enum class State { starting, serving, quarantined, stopping, stopped, failed };

  struct Identity {
    std::string id, name, version;
  };

  static std::shared_ptr<Runtime> make(boost::asio::io_context& io, cockpit_plugin_entry entry,
                                       RuntimeOptions options);
  ~Runtime();

  // Enters the library, creates the plugin, configures it and asks for its description.
  // `started` hears an empty reason and the description, or why it does not work.
  void start(std::string configuration,
             std::function<void(std::string reason, std::string description)> started);
  void configure(std::string configuration, std::function<void(std::string reason)> done);

  // 0: refused; `done` has been said. Otherwise a handle for cancel.
  cockpit_call invoke(Ask ask, CallEvents events);
  cockpit_call watch(Ask ask, CallEvents events);
  void cancel(cockpit_call call);
  // The host has waited long enough: `done` hears TIMEOUT with that detail, the plugin is asked to cancel.
  void expire(cockpit_call call, std::string_view detail);

  void open_authority(cockpit_authority authority, Credentials credentials);
  void close_authority(cockpit_authority authority);

  // Ends the plugin within `stop_patience`; `done` hears whether it ended by itself. An action that is open
  // then has an unknown outcome. Later calls only wait for the same end.
  void stop(std::function<void(bool clean)> done);

  // The same, as soon as no action is open: for a plugin that a newer one replaced.
  void stop_when_idle(std::function<void(bool clean)> done);

  State state() const { return state_; }
  const Identity& identity() const { return identity_; }
  bool has_watch() const { return offered_.watch; }
  CallCounts counts() const { return calls_->counts(); }
  const Faults& faults() const { return *faults_; }
  std::uint64_t violations() const { return faults_->all(); }
  std::uint64_t quarantines() const { return quarantines_; }
  // While it is quarantined: why, and what can be done.
  const std::string& trouble() const { return trouble_; }

  // Called whenever `state` changes after start.
  std::function<void()> on_state;

 private:
  struct HostTable;
  enum class Way { invoke, watch };
  // What the plugin lent: from create to destroy, and on the lane only. Empty before and after.
  struct Lent {
    const cockpit_plugin* plugin = nullptr;
    const cockpit_view_1* view = nullptr;
    const cockpit_watch_1* watch = nullptr;
    const cockpit_authority_1* authority = nullptr;
    const cockpit_configuration_1* configuration = nullptr;
  };
  // What of it there is, for the I/O thread.
  struct Offered {
    bool plugin = false, view = false, watch = false, authority = false, configuration = false;
  };
  struct Entered {
    std::string reason;  // why it does not work
    Identity identity;
    Offered offered;
  };

  Runtime(boost::asio::io_context& io, cockpit_plugin_entry entry, RuntimeOptions options);

  Entered enter_on_lane();
  std::string create_on_lane(const cockpit_library& library);
  void begin(Entered entered, const std::string& configuration,
             const std::function<void(std::string, std::string)>& started);
  // On the lane: calls the plugin; what it throws ends there. False: it threw, or there is no plugin any
  // more.
  template <class Body>
  bool on_plugin(const char* what, const Body& body);
  void begin_configure(std::string configuration, std::function<void(cockpit_status, std::string)> done);
  cockpit_call ask(Way way, Ask ask, CallEvents events);
  std::string why_not(Way way, const Ask& what, cockpit_status& status, std::string_view& title) const;
  void refuse_on_lane(cockpit_call call, cockpit_status status, std::string_view title, std::string detail);
  void arm_deadline(cockpit_call call, std::chrono::milliseconds deadline);
  void look_at_lane();
  void quarantine();
  void say(std::uint32_t level, std::string line) const;
  void heard_stopped();
  void finish_stop(bool clean);
  void set_state(State state);
  void wipe_on_lane(Credentials& credentials) const;

  const void* extension(cockpit_text id) noexcept;
  void log_line(std::uint32_t level, cockpit_text line);

  boost::asio::io_context& io_;
  cockpit_plugin_entry entry_;
  RuntimeOptions options_;
  std::shared_ptr<Faults> faults_ = std::make_shared<Faults>();
  std::shared_ptr<Calls> calls_;
  Lane lane_;
  std::unique_ptr<CallRecord::Slot> slot_;
  std::unique_ptr<HostTable> host_;
  // Gone once the plugin has stopped: what is left of a runtime may outlive the I/O context.
  std::unique_ptr<boost::asio::steady_timer> lane_timer_;
  std::unique_ptr<boost::asio::steady_timer> stop_timer_;
  std::map<cockpit_call, std::unique_ptr<boost::asio::steady_timer>> deadlines_;

  Lent lent_;                           // the lane's
  std::atomic<const char*> doing_{""};  // the function of the plugin that the lane is in

  Offered offered_;
  bool entering_ = false;  // the lane is not back from create
  Identity identity_;

  State state_ = State::starting;
  std::size_t open_actions_ = 0;
  bool stop_on_idle_ = false;
  bool ended_by_itself_ = false;
  std::vector<std::function<void(bool)>> on_stopped_;
  std::atomic<bool> may_ask_extension_{false};
  std::atomic<bool> said_stopped_{false};
  std::atomic<std::uint64_t> log_second_{0};
  std::atomic<std::uint64_t> log_count_{0};
  std::uint64_t quarantines_ = 0;
  std::string trouble_;
};

}  // namespace host::plugins
