// What the plugin does with each call: begins it, cancels it, and sees that it ends, once. Knows no thread
// and no library entry: those are plugin.cpp's.
//
// Thread: the plugin's own. Owner: the plugin; a call that is still open holds no more than a handle of it.
#pragma once

#include <cockpit/sdk.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "session/session_registry.hpp"
#include "watch/watch.hpp"

namespace batch_view {

// One call that waits for its answer. Whoever works on it holds it: when nobody does any more, because an
// exception took away what was begun, it ends INTERNAL.
class OpenCall {
 public:
  using Over = std::function<void(cockpit_call)>;

  // `over` is called once, after the completion.
  OpenCall(cockpit::Call call, cockpit_authority authority, Over over)
      : call_(std::move(call)), id_(call_.id()), authority_(authority), over_(std::move(over)) {}
  ~OpenCall();
  OpenCall(const OpenCall&) = delete;
  OpenCall& operator=(const OpenCall&) = delete;

  cockpit_call id() const { return id_; }
  cockpit_authority authority() const { return authority_; }
  // Nothing happens when it is over already.
  void complete(cockpit_status status, const std::string& body) noexcept;
  void fail(const Problem& problem) { complete(problem.status, problem_body(problem)); }
  void progress(const std::string& body) { call_.progress(body); }

 private:
  cockpit::Call call_;
  cockpit_call id_;
  cockpit_authority authority_;
  Over over_;
};

class Dispatcher : public std::enable_shared_from_this<Dispatcher> {
 public:
  static constexpr std::size_t most_open_calls = 256;  // a host opens no more (cockpit_limits)

  explicit Dispatcher(Environment& environment) : environment_(environment), engines_(environment) {}

  // A request of the host, whose views end with the call that brought it.
  struct Incoming {
    cockpit_authority authority = 0;
    std::string body;
    std::optional<Clock::time_point> deadline;  // none: the host waits as long as it takes
  };
  void invoke(cockpit::Call call, const Incoming& incoming);
  void watch(cockpit::Call call, const Incoming& incoming);
  void cancel(cockpit_call call);
  void open_authority(cockpit_authority authority, const std::string& engine, std::uint32_t kind,
                      std::string user, std::string secret);
  // Nothing of it is kept, and its calls end.
  void close_authority(cockpit_authority authority);
  void configure(cockpit::Call call, const std::string& json);
  // How full every cache is.
  Bounds bounds() const;
  // Every call ends soon: what was begun is finished, the rest is skipped.
  void stop();

 private:
  struct Watched {
    cockpit_authority authority = 0;
    std::shared_ptr<Watch> watch;
  };
  struct Run {
    std::weak_ptr<OpenCall> call;
    cockpit_authority authority = 0;
    std::shared_ptr<std::atomic<bool>> cancelled;
    std::string progress;  // the latest
    std::unique_ptr<Timer> alive;
  };
  // A run that reads, and has nothing new to say, says that: a host takes silence for an end.
  static constexpr std::chrono::seconds alive_interval{5};
  using Shared = std::shared_ptr<OpenCall>;

  Shared open(cockpit::Call call, cockpit_authority authority);
  void over(cockpit_call call);
  void act_on(const Shared& call, const Request& request, const Incoming& incoming, const Sessions& sessions);
  void report_alive(cockpit_call call);
  void refresh(const std::string& engine);
  // Of one authority, or with 0 of all.
  void end_watches(cockpit_authority authority, const Problem& why);
  void end_reads(cockpit_authority authority, const Problem& why);
  void cancel_runs(cockpit_authority authority);
  void reconfigured(const SessionRegistry::Changes& changes);

  Environment& environment_;
  SessionRegistry engines_;
  std::map<cockpit_call, Watched> watches_;
  std::map<cockpit_call, std::weak_ptr<OpenCall>> reads_;
  std::map<cockpit_call, Run> runs_;
  bool stopping_ = false;
};

}  // namespace batch_view
