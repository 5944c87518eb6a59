#include "plugins/runtime.hpp"

#include <array>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/status.hpp"

namespace host::plugins {
namespace {

constexpr std::uint64_t kib = 1024;
constexpr auto lane_look = std::chrono::milliseconds{250};
constexpr std::size_t reason_bytes = 1024;
constexpr auto start_deadline = std::chrono::milliseconds{5000};

std::string_view view(cockpit_text text) {
  return text.size == 0 || text.data == nullptr
             ? std::string_view{}
             : std::string_view{text.data, static_cast<std::size_t>(text.size)};
}
cockpit_text text(std::string_view view) {
  return {view.data(), view.size()};
}

// A place for a reason, and what stands in it afterwards.
struct Reason {
  std::array<char, reason_bytes> bytes{};
  cockpit_reason reason{bytes.data(), bytes.size(), 0};
  std::string words(std::string_view otherwise) const {
    const auto size = std::min<std::uint64_t>(reason.size, bytes.size());
    return size == 0 ? std::string{otherwise} : std::string{bytes.data(), static_cast<std::size_t>(size)};
  }
};

bool valid_id(std::string_view id) {
  if (id.empty() || id.size() > 64) return false;
  for (const char c : id)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  return true;
}

}  // namespace

const cockpit_limits host_limits{
    sizeof(cockpit_limits), 256 * kib, 4096 * kib, 1024 * kib, 64 * kib, 8 * kib, 100, 256,
    64 * 1024 * kib,        32};

// The tables the plugin holds. They carry a pointer to the runtime, which outlives destroy().
struct Runtime::HostTable {
  explicit HostTable(Runtime& runtime) : runtime_(runtime) {}

  static Runtime& of(const cockpit_host* host) { return static_cast<HostTable*>(host->self)->runtime_; }

  Runtime& runtime_;
  cockpit_host table{sizeof(cockpit_host),
                     this,
                     &host_limits,
                     [](const cockpit_host* host, cockpit_text id) { return of(host).extension(id); },
                     [](const cockpit_host* host, cockpit_call call, cockpit_status status,
                        cockpit_text body) { return of(host).calls_->complete(call, status, body); },
                     [](const cockpit_host* host, cockpit_call call, cockpit_text body) {
                       return of(host).calls_->progress(call, body);
                     },
                     [](const cockpit_host* host) { of(host).heard_stopped(); }};
  cockpit_watch_host_1 watch{
      sizeof(cockpit_watch_host_1),
      [](const cockpit_host* host, cockpit_call call, cockpit_status status, std::uint64_t as_of,
         cockpit_text body) { return of(host).calls_->update(call, status, as_of, body); }};
  cockpit_log_host_1 log{sizeof(cockpit_log_host_1),
                         [](const cockpit_host* host, std::uint32_t level, cockpit_text line) {
                           of(host).log_line(level, line);
                         }};
};

std::shared_ptr<Runtime> Runtime::make(boost::asio::io_context& io, cockpit_plugin_entry entry,
                                       RuntimeOptions options) {
  return std::shared_ptr<Runtime>{new Runtime{io, entry, std::move(options)}};
}

Runtime::Runtime(boost::asio::io_context& io, cockpit_plugin_entry entry, RuntimeOptions options)
    : io_(io),
      entry_(entry),
      options_(std::move(options)),
      calls_(std::make_shared<Calls>(io.get_executor(), host_limits)),
      lane_("plugin-lane"),
      host_(std::make_unique<HostTable>(*this)),
      lane_timer_(std::make_unique<boost::asio::steady_timer>(io)),
      stop_timer_(std::make_unique<boost::asio::steady_timer>(io)) {}

Runtime::~Runtime() = default;

const void* Runtime::extension(cockpit_text id) {
  if (!may_ask_extension_ || !lane_.is_current()) {
    ++violations_;
    return nullptr;
  }
  const auto name = view(id);
  if (name.substr(0, 14) == "cockpit.draft." && !options_.allow_drafts) return nullptr;
  if (name == COCKPIT_WATCH_1) return &host_->watch;
  if (name == COCKPIT_LOG_1) return &host_->log;
  // Extensions that only the plugin fills are known to this host all the same.
  static const std::uint64_t spoken = sizeof(std::uint64_t);
  if (name == COCKPIT_VIEW_1 || name == COCKPIT_AUTHORITY_1 || name == COCKPIT_CONFIGURATION_1)
    return &spoken;
  return nullptr;
}

void Runtime::log_line(std::uint32_t level, cockpit_text line) {
  const auto second = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now().time_since_epoch())
          .count());
  if (log_second_.exchange(second) != second) log_count_ = 0;
  if (++log_count_ > host_limits.log_per_second) return;
  std::string clean{view(line).substr(0, static_cast<std::size_t>(host_limits.log_bytes))};
  for (char& c : clean)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  boost::asio::post(io_, [self = weak_from_this(), level, clean = std::move(clean)]() mutable {
    if (const auto runtime = self.lock(); runtime && runtime->options_.log)
      runtime->options_.log(level, std::move(clean));
  });
}

// On the lane: entry and create. Returns why it does not work, or nothing.
std::string Runtime::enter_on_lane() {
  struct Offer {
    cockpit_offer table;
    Runtime* runtime;
  };
  Offer offer{{sizeof(cockpit_offer), COCKPIT_ABI_VERSION, COCKPIT_ABI_VERSION, COCKPIT_ABI_DRAFT, 0,
               text(options_.host_name), text(options_.host_version),
               [](const cockpit_offer* of, cockpit_text id) {
                 return reinterpret_cast<const Offer*>(of)->runtime->extension(id);
               }},
              this};
  Reason reason;
  may_ask_extension_ = true;
  library_ = entry_(&offer.table, &reason.reason);
  if (library_ == nullptr) return reason.words("the library refused this host and gave no reason");
  if (!COCKPIT_HAS(library_, cockpit_library, create) || library_->create == nullptr)
    return "the library's table is too small for version 1 of the plugin ABI";
  if (library_->version != COCKPIT_ABI_VERSION)
    return "the library chose version " + std::to_string(library_->version) +
           ", which this host did not offer";
  if (library_->draft != COCKPIT_ABI_DRAFT)
    return "the library was built from draft " + std::to_string(library_->draft) +
           " of the plugin ABI, this host from draft " + std::to_string(COCKPIT_ABI_DRAFT);
  identity_ = {std::string{view(library_->id)}, std::string{view(library_->name)},
               std::string{view(library_->plugin_version)}};
  if (!valid_id(identity_.id)) return "its id is not of the form [a-z0-9-], 1 to 64 characters";
  std::string missing;
  for (std::uint64_t i = 0; i < library_->required_count; ++i)
    if (extension(library_->required[i]) == nullptr)
      missing += " " + std::string{view(library_->required[i])};
  if (!missing.empty()) return "it requires what this host does not have:" + missing;

  const auto status = library_->create(&host_->table, &plugin_, &reason.reason);
  may_ask_extension_ = false;
  if (status != COCKPIT_OK) {
    plugin_ = nullptr;
    return reason.words("it could not be created and gave no reason");
  }
  if (plugin_ == nullptr || !COCKPIT_HAS(plugin_, cockpit_plugin, destroy))
    return "create gave no usable plugin";
  const auto table = [this](const char* id) { return plugin_->get_extension(plugin_, text(id)); };
  view_ = static_cast<const cockpit_view_1*>(table(COCKPIT_VIEW_1));
  watch_ = static_cast<const cockpit_watch_1*>(table(COCKPIT_WATCH_1));
  authority_ = static_cast<const cockpit_authority_1*>(table(COCKPIT_AUTHORITY_1));
  configuration_ = static_cast<const cockpit_configuration_1*>(table(COCKPIT_CONFIGURATION_1));
  if (view_ == nullptr || !COCKPIT_HAS(view_, cockpit_view_1, invoke) || view_->invoke == nullptr)
    return "it has no cockpit.view/1: nothing to show";
  return {};
}

void Runtime::start(std::string configuration, std::function<void(std::string, std::string)> started) {
  look_at_lane();
  auto self = shared_from_this();
  lane_.post([self, configuration = std::move(configuration), started = std::move(started)]() mutable {
    auto reason = self->enter_on_lane();
    // The lane keeps nothing: the last owner of a runtime has to be on the I/O thread.
    auto& io = self->io_;
    boost::asio::post(io, [self = std::move(self), reason = std::move(reason),
                           configuration = std::move(configuration), started = std::move(started)]() mutable {
      if (self->state_ == State::quarantined) self->set_state(State::starting);
      const auto fail = [self, started](std::string why) {
        self->set_state(State::failed);
        started(std::move(why), {});
      };
      if (!reason.empty()) return fail(std::move(reason));
      self->begin_configure(
          std::move(configuration), [self, started, fail](cockpit_status status, std::string body) {
            if (status != COCKPIT_OK) return fail("it refused its configuration: " + body);
            Ask describe;
            describe.deadline = start_deadline;
            describe.body = R"({"schema":"cockpit.view/1","kind":"describe"})";
            CallEvents events;
            events.done = [self, started, fail](cockpit_status said, std::string description) {
              if (said != COCKPIT_OK) return fail("it could not describe itself: " + description);
              self->set_state(State::serving);
              started({}, std::move(description));
            };
            self->ask(self->view_->invoke, std::move(describe), std::move(events));
          });
    });
  });
}

void Runtime::configure(std::string configuration, std::function<void(std::string)> done) {
  begin_configure(std::move(configuration),
                  [done = std::move(done)](cockpit_status status, std::string body) {
                    done(status == COCKPIT_OK ? std::string{} : std::move(body));
                  });
}

void Runtime::begin_configure(std::string configuration,
                              std::function<void(cockpit_status, std::string)> done) {
  if (configuration_ == nullptr) return done(COCKPIT_OK, "{}");
  CallEvents events;
  events.done = done;
  const auto call = calls_->open(std::move(events));
  if (call == 0)
    return done(COCKPIT_BUSY, problem_json(COCKPIT_BUSY, "Too many calls at once", "Try again in a moment."));
  arm_deadline(call, start_deadline);
  const bool posted = lane_.post([self = shared_from_this(), call, configuration = std::move(configuration)] {
    const auto status = self->configuration_->configure(self->plugin_, call, text(configuration));
    if (status == COCKPIT_OK) return;
    boost::asio::post(self->io_, [self, call, status] {
      self->calls_->refuse(call, status,
                           problem_json(status, "Refused", "The plugin did not take its configuration."));
    });
  });
  if (!posted)
    calls_->refuse(call, COCKPIT_BUSY, problem_json(COCKPIT_BUSY, "Busy", "The plugin's queue is full."));
}

void Runtime::arm_deadline(cockpit_call call, std::chrono::milliseconds deadline) {
  if (deadline.count() == 0) return;
  auto& timer = deadlines_[call];
  timer = std::make_unique<boost::asio::steady_timer>(io_, deadline);
  timer->async_wait([self = weak_from_this(), call, deadline](boost::system::error_code error) {
    const auto runtime = self.lock();
    if (error || !runtime) return;
    runtime->deadlines_.erase(call);
    runtime->calls_->expire(
        call, COCKPIT_TIMEOUT,
        problem_json(COCKPIT_TIMEOUT, "No answer in time",
                     "The plugin did not answer within " + std::to_string(deadline.count()) + " ms."));
    runtime->cancel(call);
  });
}

void Runtime::expire(cockpit_call call) {
  calls_->expire(call, COCKPIT_TIMEOUT,
                 problem_json(COCKPIT_TIMEOUT, "No answer in time", "The plugin was silent for too long."));
  cancel(call);
}

cockpit_call Runtime::invoke(Ask what, CallEvents events) {
  const auto function = view_ == nullptr ? nullptr : view_->invoke;
  return ask(function, std::move(what), std::move(events));
}

cockpit_call Runtime::watch(Ask what, CallEvents events) {
  const auto function = watch_ == nullptr ? nullptr : watch_->watch;
  return ask(function, std::move(what), std::move(events));
}

cockpit_call Runtime::ask(Invoke function, Ask what, CallEvents events) {
  const auto refuse = [&events](cockpit_status status, std::string_view title, std::string_view detail) {
    if (events.done) events.done(status, problem_json(status, title, detail));
    return cockpit_call{0};
  };
  if (function == nullptr)
    return refuse(COCKPIT_UNSUPPORTED, "Not offered", "The plugin does not offer this.");
  if (state_ == State::quarantined)
    return refuse(COCKPIT_UNAVAILABLE, "The plugin hangs",
                  "It has not come back from an earlier call. It is asked again as soon as it does.");
  if (state_ == State::stopping || state_ == State::stopped)
    return refuse(COCKPIT_STOPPING, "The plugin is being stopped", "Try again in a moment.");
  if (what.body.size() > host_limits.request_bytes)
    return refuse(COCKPIT_TOO_LARGE, "The request is too large", "At most 256 KiB are sent to a plugin.");

  const auto deadline = what.deadline;
  auto done = std::move(events.done);
  auto handle = std::make_shared<cockpit_call>(0);
  if (what.action) ++open_actions_;
  events.done = [weak = weak_from_this(), handle, done, action = what.action](cockpit_status status,
                                                                              std::string body) {
    const auto self = weak.lock();
    if (self) self->deadlines_.erase(*handle);
    if (done) done(status, std::move(body));
    if (self && action && --self->open_actions_ == 0 && self->on_idle_)
      std::exchange(self->on_idle_, nullptr)();
  };
  const auto call = calls_->open(std::move(events));
  if (call == 0) {
    if (what.action) --open_actions_;
    if (done)
      done(COCKPIT_BUSY, problem_json(COCKPIT_BUSY, "Too many calls at once",
                                      "The plugin owes answers to as many calls as it may have open."));
    return 0;
  }
  *handle = call;
  arm_deadline(call, deadline);
  const bool posted = lane_.post([self = shared_from_this(), call, function, what = std::move(what)] {
    const cockpit_request request{sizeof(cockpit_request), what.authority,
                                  static_cast<std::uint64_t>(what.deadline.count()), text(what.principal),
                                  text(what.body)};
    const auto status = function(self->plugin_, call, &request);
    if (status == COCKPIT_OK) return;
    boost::asio::post(self->io_, [self, call, status] {
      self->calls_->refuse(call, status,
                           problem_json(status, "The plugin refused the request", status_name(status)));
    });
  });
  if (!posted) {
    calls_->refuse(call, COCKPIT_BUSY, problem_json(COCKPIT_BUSY, "Busy", "The plugin's queue is full."));
    return 0;
  }
  return call;
}

void Runtime::cancel(cockpit_call call) {
  if (plugin_ == nullptr || state_ == State::stopped || state_ == State::failed) return;
  lane_.post([self = shared_from_this(), call] {
    if (self->plugin_ != nullptr) self->plugin_->cancel(self->plugin_, call);
  });
}

void Runtime::open_authority(cockpit_authority authority, Credentials credentials) {
  if (authority_ == nullptr) return;
  lane_.post([self = shared_from_this(), authority, credentials = std::move(credentials)]() mutable {
    const cockpit_credentials table{
        sizeof(cockpit_credentials), text(credentials.engine), credentials.kind, 0,
        text(credentials.user),      text(credentials.secret)};
    self->authority_->open(self->plugin_, authority, &table);
    self->wipe_on_lane(credentials);
  });
}

void Runtime::wipe_on_lane(Credentials& credentials) const {
  volatile char* bytes = credentials.secret.data();
  for (std::size_t i = 0; i < credentials.secret.size(); ++i) bytes[i] = 0;
}

void Runtime::close_authority(cockpit_authority authority) {
  if (authority_ == nullptr) return;
  lane_.post([self = shared_from_this(), authority] { self->authority_->close(self->plugin_, authority); });
}

void Runtime::set_state(State state) {
  if (state_ == state) return;
  state_ = state;
  if (on_state) on_state();
}

void Runtime::look_at_lane() {
  lane_timer_->expires_after(lane_look);
  lane_timer_->async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    if (error || !self || self->state_ == State::stopped || self->state_ == State::failed) return;
    const bool hangs = self->lane_.busy_for() > self->options_.lane_patience;
    if (hangs && (self->state_ == State::serving || self->state_ == State::starting)) {
      ++self->quarantines_;
      self->set_state(State::quarantined);
      self->calls_->expire_all(
          COCKPIT_TIMEOUT, problem_json(COCKPIT_TIMEOUT, "The plugin hangs",
                                        "It has not come back from a call within " +
                                            std::to_string(self->options_.lane_patience.count()) + " ms."));
    } else if (!hangs && self->state_ == State::quarantined && self->view_ != nullptr) {
      self->set_state(State::serving);
    }
    self->look_at_lane();
  });
}

void Runtime::stop(std::function<void(bool)> done) {
  if (state_ == State::stopped || state_ == State::stopping) {
    if (done) done(true);
    return;
  }
  on_stopped_ = std::move(done);
  if (plugin_ == nullptr) return finish_stop(true);
  const bool hangs = state_ == State::quarantined;
  set_state(State::stopping);
  stop_timer_->expires_after(hangs ? std::chrono::milliseconds{0} : options_.stop_patience);
  stop_timer_->async_wait([weak = weak_from_this()](boost::system::error_code error) {
    if (const auto self = weak.lock(); self && !error) self->finish_stop(false);
  });
  lane_.post([self = shared_from_this()] { self->plugin_->stop(self->plugin_); });
}

void Runtime::stop_when_idle(std::function<void(bool)> done) {
  if (open_actions_ == 0) return stop(std::move(done));
  on_idle_ = [self = shared_from_this(), done = std::move(done)]() mutable { self->stop(std::move(done)); };
}

void Runtime::heard_stopped() {
  if (said_stopped_.exchange(true)) {
    ++violations_;
    return;
  }
  boost::asio::post(io_, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    if (self->state_ != State::stopping &&
        self->state_ != State::stopped) {  // it ended without having been asked
      ++self->violations_;
      self->set_state(State::stopping);
    }
    if (self->calls_->owed() != 0) ++self->violations_;
    self->lane_.post(
        [self = self]() mutable {  // a copy of a const one would be const, and could not be moved on
          self->plugin_->destroy(self->plugin_);
          auto& io = self->io_;
          boost::asio::post(io, [self = std::move(self)] {
            self->plugin_ = nullptr;
            self->finish_stop(true);
          });
        });
  });
}

void Runtime::finish_stop(bool clean) {
  if (state_ == State::stopped) return;
  stop_timer_.reset();
  lane_timer_.reset();
  deadlines_.clear();
  set_state(State::stopped);
  calls_->end_all(COCKPIT_STOPPING,
                  problem_json(COCKPIT_STOPPING, "The plugin was stopped", "Try again in a moment."));
  if (const auto done = std::exchange(on_stopped_, nullptr)) done(clean);
}

}  // namespace host::plugins
