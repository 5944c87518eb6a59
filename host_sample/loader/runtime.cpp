#include "loader/runtime.hpp"

#include <utility>

#include "base/secret.hpp"
#include "base/status.hpp"
#include "loader/abi_text.hpp"

namespace host::loader {
namespace {

constexpr auto thread_poll_interval = std::chrono::milliseconds{250};
constexpr auto start_deadline = std::chrono::milliseconds{5000};

}  // namespace

void Runtime::start(std::string configuration, std::function<void(std::string, std::string)> started) {
  check_thread();
  auto self = shared_from_this();
  // `started` is called by the plugin thread once create returned, or by this timer. A thread that returns
  // later finds a runtime that is over.
  auto reported = std::make_shared<bool>(false);
  stop_timer_->start(start_deadline, [self, reported, started] {
    if (std::exchange(*reported, true)) return;
    self->finish_stop(false);
    started(
        "it did not come back from being created within " + std::to_string(start_deadline.count()) + " ms",
        {});
  });
  entering_ = true;
  thread_.post(
      [self, reported, configuration = std::move(configuration), started = std::move(started)]() mutable {
        auto entered = self->enter_on_plugin_thread();
        // The plugin thread keeps nothing: the last owner of a runtime has to be on the I/O thread.
        auto& io = self->io_;
        post(io, [self = std::move(self), entered = std::move(entered), reported = std::move(reported),
                  configuration = std::move(configuration), started = std::move(started)]() mutable {
          self->entering_ = false;
          if (std::exchange(*reported, true) || self->state_ == State::stopped) return;
          self->stop_timer_->stop();
          self->begin(std::move(entered), configuration, started);
        });
      });
}

void Runtime::begin(Entered entered, const std::string& configuration,
                    const std::function<void(std::string, std::string)>& started) {
  identity_ = std::move(entered.identity);
  offered_ = entered.offered;
  if (state_ == State::quarantined) set_state(State::starting);
  const auto self = shared_from_this();
  const auto fail = [self, started](std::string why) {
    self->set_state(State::failed);
    started(std::move(why), {});
  };
  if (!entered.reason.empty()) return fail(std::move(entered.reason));
  begin_configure(configuration, [self, started, fail](cockpit_status status, std::string body) {
    if (status != COCKPIT_OK) return fail("it refused its configuration: " + problem_words(body));
    Ask describe;
    describe.deadline = start_deadline;
    describe.body = R"({"schema":"cockpit.view/1","kind":"describe"})";
    CallEvents events;
    events.done = [self, started, fail](cockpit_status described, std::string description) {
      if (described == COCKPIT_TOO_LARGE)
        return fail("its description is larger than " + std::to_string(largest_description >> 10) + " KiB");
      if (described != COCKPIT_OK) return fail("it could not describe itself: " + problem_words(description));
      self->set_state(State::serving);
      started({}, std::move(description));
    };
    self->ask(Way::invoke, std::move(describe), std::move(events));
  });
}

template <class Body>
bool Runtime::on_plugin(const char* what, const Body& body) {
  if (lent_.plugin == nullptr) return false;
  doing_ = what;
  if (slot_) slot_->enter(what);
  bool fine = true;
  try {
    body();
  } catch (const std::exception& error) {
    fine = false;
    violations_->add(Violation::threw, std::string{what} + ": " + error.what());
  } catch (...) {
    fine = false;
    violations_->add(Violation::threw, what);
  }
  if (slot_) slot_->leave();
  doing_ = "";
  return fine;
}

void Runtime::configure(std::string configuration, std::function<void(std::string)> done) {
  begin_configure(std::move(configuration),
                  [done = std::move(done)](cockpit_status status, std::string body) {
                    done(status == COCKPIT_OK ? std::string{} : problem_words(body));
                  });
}

void Runtime::begin_configure(std::string configuration,
                              std::function<void(cockpit_status, std::string)> done) {
  if (!offered_.configuration) return done(COCKPIT_OK, "{}");
  CallEvents events;
  events.done = done;
  const auto call = calls_->open(std::move(events));
  if (call == 0)
    return done(COCKPIT_BUSY, problem_json(COCKPIT_BUSY, "Too many calls at once", "Try again in a moment."));
  arm_deadline(call, start_deadline);
  const bool posted = thread_.post([self = shared_from_this(), call,
                                    configuration = std::move(configuration)] {
    cockpit_status status = COCKPIT_INTERNAL;
    self->on_plugin("configure", [&] {
      status = self->lent_.configuration->configure(self->lent_.plugin, call, text(configuration));
    });
    if (status != COCKPIT_OK)
      self->refuse_on_plugin_thread(call, status, "Refused", "The plugin did not take its configuration.");
  });
  if (!posted)
    calls_->refuse(call, COCKPIT_BUSY, problem_json(COCKPIT_BUSY, "Busy", "The plugin's queue is full."));
}

void Runtime::arm_deadline(cockpit_call call, std::chrono::milliseconds deadline) {
  if (deadline.count() == 0) return;
  auto& timer = deadlines_[call];
  timer = std::make_unique<Timer>(io_);
  timer->start(deadline, [self = weak_from_this(), call, deadline] {
    const auto runtime = self.lock();
    if (!runtime) return;
    runtime->deadlines_.erase(call);
    runtime->calls_->expire(
        call, COCKPIT_TIMEOUT,
        problem_json(COCKPIT_TIMEOUT, "No answer in time",
                     "The plugin did not answer within " + std::to_string(deadline.count()) + " ms."));
    runtime->cancel(call);
  });
}

void Runtime::expire(cockpit_call call, std::string_view detail) {
  calls_->expire(call, COCKPIT_TIMEOUT, problem_json(COCKPIT_TIMEOUT, "No answer in time", detail));
  cancel(call);
}

// What the plugin did not take; the call is over.
void Runtime::refuse_on_plugin_thread(cockpit_call call, cockpit_status status, std::string_view title,
                                      std::string detail) {
  if (status < COCKPIT_OK || status > COCKPIT_INTERNAL) {
    violations_->add(Violation::unknown_status, std::to_string(status));
    status = COCKPIT_INTERNAL;
  }
  post(io_, [self = shared_from_this(), call, status, problem = problem_json(status, title, detail)] {
    self->calls_->refuse(call, status, problem);
  });
}

cockpit_call Runtime::invoke(Ask what, CallEvents events) {
  return ask(Way::invoke, std::move(what), std::move(events));
}

cockpit_call Runtime::watch(Ask what, CallEvents events) {
  return ask(Way::watch, std::move(what), std::move(events));
}

// Why nothing is asked right now; empty: it is.
std::string Runtime::why_not(Way way, const Ask& what, cockpit_status& status,
                             std::string_view& title) const {
  status = COCKPIT_UNSUPPORTED;
  title = "Not offered";
  if (way == Way::watch ? !offered_.watch : !offered_.view) return "The plugin does not offer this.";
  status = COCKPIT_UNAVAILABLE;
  title = "The plugin hangs";
  if (state_ == State::quarantined) return trouble_;
  status = COCKPIT_STOPPING;
  title = "The plugin is being stopped";
  if (state_ == State::stopping || state_ == State::stopped) return "Try again in a moment.";
  status = COCKPIT_TOO_LARGE;
  title = "The request is too large";
  if (what.body.size() > host_limits.request_bytes)
    return "At most " + std::to_string(host_limits.request_bytes >> 10) + " KiB are sent to a plugin.";
  return {};
}

cockpit_call Runtime::ask(Way way, Ask what, CallEvents events) {
  cockpit_status refusal = COCKPIT_OK;
  std::string_view title;
  if (const auto why = why_not(way, what, refusal, title); !why.empty()) {
    if (events.done) events.done(refusal, problem_json(refusal, title, why));
    return 0;
  }
  const auto deadline = what.deadline;
  auto done = std::move(events.done);
  auto handle = std::make_shared<cockpit_call>(0);
  if (what.action) ++open_actions_;
  events.done = [weak = weak_from_this(), handle, done, action = what.action](cockpit_status status,
                                                                              std::string body) {
    const auto self = weak.lock();
    if (self) self->deadlines_.erase(*handle);
    if (self && action && self->state_ == State::stopped && status == COCKPIT_STOPPING) {
      status = COCKPIT_UNKNOWN_OUTCOME;
      body = problem_json(
          status, "The plugin was stopped",
          "The plugin was stopped before it reported the outcome. It is unknown whether the action "
          "was done; check before you repeat it.");
    }
    if (self && self->slot_) self->slot_->owes(self->calls_->owed());
    if (done) done(status, std::move(body));
    if (self && action && --self->open_actions_ == 0 && self->stop_on_idle_) self->stop(nullptr);
  };
  const auto call = calls_->open(std::move(events), what.shape);
  if (call == 0) {
    if (what.action) --open_actions_;
    if (done)
      done(COCKPIT_BUSY, problem_json(COCKPIT_BUSY, "Too many calls at once",
                                      "The plugin owes answers to as many calls as it may have open."));
    return 0;
  }
  *handle = call;
  if (slot_) slot_->owes(calls_->owed());
  arm_deadline(call, deadline);
  const bool posted = thread_.post([self = shared_from_this(), call, way, what = std::move(what)] {
    const cockpit_request request{sizeof(cockpit_request), what.authority,
                                  static_cast<std::uint64_t>(what.deadline.count()), text(what.principal),
                                  text(what.body)};
    const auto& lent = self->lent_;
    cockpit_status status = COCKPIT_STOPPING;
    const bool fine = self->on_plugin(way == Way::watch ? "watch" : "invoke", [&] {
      status = COCKPIT_INTERNAL;
      status = way == Way::watch ? lent.watch->watch(lent.plugin, call, &request)
                                 : lent.view->invoke(lent.plugin, call, &request);
    });
    if (status != COCKPIT_OK)
      self->refuse_on_plugin_thread(call, status, "The plugin refused the request",
                                    fine || status == COCKPIT_STOPPING
                                        ? std::string{status_name(status)}
                                        : "An exception left the plugin; the log has it.");
  });
  if (!posted) {
    calls_->refuse(call, COCKPIT_BUSY, problem_json(COCKPIT_BUSY, "Busy", "The plugin's queue is full."));
    return 0;
  }
  return call;
}

void Runtime::cancel(cockpit_call call) {
  if (!offered_.plugin || state_ == State::stopped || state_ == State::failed) return;
  // The plugin may be destroyed by the time its thread runs this.
  thread_.post([self = shared_from_this(), call] {
    self->on_plugin("cancel", [&] { self->lent_.plugin->cancel(self->lent_.plugin, call); });
  });
}

void Runtime::open_authority(cockpit_authority authority, Credentials credentials) {
  if (!offered_.authority) return;
  thread_.post([self = shared_from_this(), authority, credentials = std::move(credentials)]() mutable {
    const cockpit_credentials table{
        sizeof(cockpit_credentials), text(credentials.engine), credentials.kind, 0,
        text(credentials.user),      text(credentials.secret)};
    self->on_plugin("authority open",
                    [&] { self->lent_.authority->open(self->lent_.plugin, authority, &table); });
    wipe(credentials.secret);
  });
}

void Runtime::close_authority(cockpit_authority authority) {
  if (!offered_.authority) return;
  thread_.post([self = shared_from_this(), authority] {
    self->on_plugin("authority close", [&] { self->lent_.authority->close(self->lent_.plugin, authority); });
  });
}

void Runtime::set_state(State state) {
  if (state_ == state) return;
  state_ = state;
  if (on_state) on_state();
}

void Runtime::check_thread() {
  thread_timer_->start(thread_poll_interval, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self || self->state_ == State::stopped || self->state_ == State::failed) return;
    self->calls_->end_broken();
    const bool hangs = self->thread_.busy_for() > self->options_.thread_patience;
    if (hangs && (self->state_ == State::serving || self->state_ == State::starting)) {
      self->quarantine();
    } else if (!hangs && self->state_ == State::quarantined && self->offered_.view) {
      self->trouble_.clear();
      self->report(COCKPIT_LOG_INFO, "it is back from that call, and serves again");
      self->set_state(State::serving);
    }
    self->check_thread();
  });
}

void Runtime::quarantine() {
  ++quarantines_;
  const std::string doing{doing_.load()};
  trouble_ = "It has not come back from a call within " + std::to_string(options_.thread_patience.count()) +
             " ms" + (doing.empty() ? std::string{} : " (" + doing + ")") +
             ". It is asked again as soon as it does; if it never does, start the host again, or take its "
             "file out of "
             "the plugin folder.";
  report(COCKPIT_LOG_WARNING, trouble_);
  set_state(State::quarantined);
  calls_->expire_all(COCKPIT_TIMEOUT, problem_json(COCKPIT_TIMEOUT, "The plugin hangs", trouble_));
}

// A line of the host's own about this plugin. I/O thread.
void Runtime::report(std::uint32_t level, std::string line) const {
  if (options_.log) options_.log(level, std::move(line));
}

void Runtime::stop(std::function<void(bool)> done) {
  if (state_ == State::stopped) {
    if (done) done(ended_by_itself_);
    return;
  }
  if (done) stop_callbacks_.push_back(std::move(done));
  if (state_ == State::stopping) return;
  if (!offered_.plugin) return finish_stop(!entering_);  // one that is still being created is left behind
  const bool hangs = thread_.busy_for() > options_.thread_patience;  // its state may be older than its return
  set_state(State::stopping);
  const auto patience = hangs ? std::chrono::milliseconds{0} : options_.stop_patience;
  stop_timer_->start(patience, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->finish_stop(false);
  });
  thread_.post([self = shared_from_this()] {
    self->on_plugin("stop", [&] { self->lent_.plugin->stop(self->lent_.plugin); });
  });
}

void Runtime::stop_when_idle(std::function<void(bool)> done) {
  if (open_actions_ == 0) return stop(std::move(done));
  stop_callbacks_.push_back(std::move(done));
  stop_on_idle_ = true;
}

void Runtime::on_stopped() {
  if (has_stopped_.exchange(true)) return violations_->add(Violation::stopped_twice);
  post(io_, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    if (self->state_ != State::stopping &&
        self->state_ != State::stopped) {  // it ended without having been asked
      self->violations_->add(Violation::stopped_unasked);
      self->set_state(State::stopping);
    }
    if (self->calls_->owed() != 0) self->violations_->add(Violation::calls_left);
    self->thread_.post(
        [self = self]() mutable {  // a copy of a const one would be const, and could not be moved on
          self->on_plugin("destroy", [&] { self->lent_.plugin->destroy(self->lent_.plugin); });
          self->lent_ = {};
          auto& io = self->io_;
          post(io, [self = std::move(self)] {
            self->offered_.plugin = false;
            self->ended_by_itself_ = true;
            self->finish_stop(true);
          });
        });
  });
}

void Runtime::finish_stop(bool clean) {
  if (state_ == State::stopped) return;
  ended_by_itself_ = clean;
  stop_timer_.reset();
  thread_timer_.reset();
  deadlines_.clear();
  set_state(State::stopped);
  calls_->end_all(COCKPIT_STOPPING,
                  problem_json(COCKPIT_STOPPING, "The plugin was stopped", "Try again in a moment."));
  for (const auto& done : std::exchange(stop_callbacks_, {})) done(clean);
}

}  // namespace host::loader
