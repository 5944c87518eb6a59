// sdk.hpp: the plugin ABI for C++17, header only, on nothing but the C headers.
//
// A plugin is a class derived from cockpit::Plugin and one line, COCKPIT_PLUGIN(...), in one source file. The
// SDK turns the tables of the ABI into virtual functions and holds what is easy to get wrong: a Call that is
// dropped or left by an exception still completes, exactly once; nothing is thrown across the boundary;
// stopped() is called once, when the last call is over; guarded() and run_guarded() do the same for the
// plugin's threads. Threads: the virtual functions run on the host's one thread for this plugin, cancel on
// any thread; Call and Watch may be moved to and used from one other thread at a time.
#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "cockpit.h"

namespace cockpit {

inline std::string_view view(cockpit_text text) noexcept {
  return text.size == 0 ? std::string_view{}
                        : std::string_view{text.data, static_cast<std::size_t>(text.size)};
}
inline cockpit_text text(std::string_view view) noexcept {
  return {view.data(), view.size()};
}

inline void write_error(cockpit_error_buffer* error, std::string_view words) noexcept {
  if (error == nullptr || error->data == nullptr) return;
  const auto count =
      words.size() < error->capacity ? words.size() : static_cast<std::size_t>(error->capacity);
  words.copy(error->data, count);
  error->size = count;
}

// `words` as the inside of a JSON string.
inline std::string json_escaped(std::string_view words) {
  static constexpr char hex[] = "0123456789abcdef";
  std::string out;
  out.reserve(words.size() + 8);
  for (const char c : words) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else {
      out += c;
    }
  }
  return out;
}

// A problem JSON (RFC 9457): what happened in a few words, and the cause a person can act on.
inline std::string problem(std::string_view title, std::string_view detail) {
  return R"({"type":"about:blank","title":")" + json_escaped(title) + R"(","detail":")" +
         json_escaped(detail) + "\"}";
}

namespace detail {

// What a plugin's calls share: the host, and how many of them are open. Outlives every Call; does not outlive
// destroy().
struct Core {
  explicit Core(const cockpit_host* of) : host(of) {}

  const cockpit_host* host;
  const cockpit_log_host_1* log = nullptr;
  const cockpit_watch_host_1* watch = nullptr;
  std::atomic<std::uint64_t> open{1};  // 1 for the plugin itself, given back by stop()

  void leave() noexcept {
    if (open.fetch_sub(1, std::memory_order_acq_rel) == 1) host->stopped(host);
  }
};

}  // namespace detail

// One call that owes its completion. Movable; completes INTERNAL when it is dropped without one.
class Call {
 public:
  Call(std::shared_ptr<detail::Core> core, cockpit_call id) : core_(std::move(core)), id_(id) {
    core_->open.fetch_add(1, std::memory_order_relaxed);
  }
  Call(Call&& other) noexcept : core_(std::move(other.core_)), id_(std::exchange(other.id_, 0)) {}
  Call& operator=(Call&& other) noexcept {
    if (this != &other) {
      drop();
      core_ = std::move(other.core_);
      id_ = std::exchange(other.id_, 0);
    }
    return *this;
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call() { drop(); }

  // The number cancel() will name. 0 once the call is over.
  cockpit_call id() const noexcept { return id_; }

  // The one completion; a second does nothing and says STALE.
  cockpit_status complete(cockpit_status status, std::string_view body) noexcept {
    if (id_ == 0) return COCKPIT_STALE;
    const auto core = std::move(core_);
    const auto result = core->host->complete(core->host, std::exchange(id_, 0), status, text(body));
    core->leave();
    return result;
  }
  cockpit_status ok(std::string_view body) noexcept { return complete(COCKPIT_OK, body); }
  cockpit_status fail(cockpit_status status, std::string_view title, std::string_view detail) {
    return complete(status, problem(title, detail));
  }
  cockpit_status progress(std::string_view body) noexcept {
    return id_ == 0 ? COCKPIT_STALE : core_->host->progress(core_->host, id_, text(body));
  }
  // The newest answer of a watch: see cockpit_watch_host_1. Only for calls that came by Plugin::watch.
  cockpit_status update(cockpit_status status, std::uint64_t as_of_ms, std::string_view body) noexcept {
    if (id_ == 0) return COCKPIT_STALE;
    if (core_->watch == nullptr) return COCKPIT_UNSUPPORTED;
    return core_->watch->update(core_->host, id_, status, as_of_ms, text(body));
  }

 private:
  void drop() noexcept {
    if (id_ != 0)
      complete(COCKPIT_INTERNAL,
               R"({"type":"about:blank","title":"The plugin dropped this call without an answer."})");
  }

  std::shared_ptr<detail::Core> core_;
  cockpit_call id_ = 0;
};

struct Request {  // borrowed for the call
  cockpit_authority authority;
  std::uint64_t deadline_ms;
  std::string_view principal;
  std::string_view body;
};

struct Credentials {  // borrowed for the call
  std::string_view engine;
  std::uint32_t kind;
  std::string_view user;
  std::string_view secret;
};

// The host as a plugin sees it. Cheap to copy; usable until destroy.
class Host {
 public:
  explicit Host(std::shared_ptr<detail::Core> core) : core_(std::move(core)) {}
  const cockpit_limits& limits() const noexcept { return *core_->host->limits; }
  // A line for the operator's log; without the extension it goes nowhere.
  void log(std::uint32_t level, std::string_view line) const noexcept {
    if (core_->log != nullptr) core_->log->log(core_->host, level, text(line));
  }

 private:
  std::shared_ptr<detail::Core> core_;
};

namespace detail {

inline void log_thrown(const Host& host, std::string_view what, std::string_view thrown) noexcept {
  try {
    host.log(COCKPIT_LOG_ERROR, std::string{what} + ": an exception ended it: " + std::string{thrown});
  } catch (...) {
    host.log(COCKPIT_LOG_ERROR, "an exception ended something, and there is no memory to say what");
  }
}

}  // namespace detail

// For the threads of a plugin: does it, and whatever it throws ends there, with a line in the operator's log.
// True: it threw nothing. A Call that is given up by the exception completes INTERNAL by itself.
template <class Body>
bool guarded(const Host& host, std::string_view what, Body body) noexcept {
  try {
    body();
    return true;
  } catch (const std::exception& error) {
    detail::log_thrown(host, what, error.what());
  } catch (...) {
    detail::log_thrown(host, what, "an exception that is no std::exception");
  }
  return false;
}

// A loop of a plugin's own thread, such as the run() of an I/O context: entered again after an exception,
// until it returns. It costs what was being done, and nothing else.
template <class Body>
void run_guarded(const Host& host, std::string_view what, Body body) noexcept {
  while (!guarded(host, what, body)) std::this_thread::sleep_for(std::chrono::milliseconds{1});
}

// Derive from it. The constructor takes a Host and may throw std::exception: its text becomes the reason why
// the host does not load the plugin. The destructor joins the plugin's threads.
class Plugin {
 public:
  Plugin() = default;
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;
  virtual ~Plugin() = default;

  virtual void invoke(Call call, const Request& request) = 0;
  virtual void watch(Call call, const Request&) {
    call.fail(COCKPIT_UNSUPPORTED, "Not watchable", "This plugin answers questions only once.");
  }
  virtual void cancel(cockpit_call) {}  // any thread
  virtual cockpit_status authority_open(cockpit_authority, const Credentials&) { return COCKPIT_OK; }
  virtual void authority_close(cockpit_authority) {}
  virtual void configure(Call call, std::string_view) { call.ok("{}"); }
  // Only asked for when signs_in() says true.
  virtual void verify(Call call, const Credentials&) { call.fail(COCKPIT_UNSUPPORTED, "No sign-in", ""); }
  virtual bool signs_in() const noexcept { return false; }
  // Begin to end: complete every open call (from any thread), soon. the SDK calls stopped() after the
  // last one.
  virtual void stop() = 0;
};

namespace detail {

// Owns one plugin and lends its tables to the host.
template <class Type>
class PluginAdapter {
 public:
  static cockpit_status create(const cockpit_host* host, const cockpit_plugin** out,
                               cockpit_error_buffer* error) noexcept {
    return guarded(error, [&] {
      auto adapter = std::make_unique<PluginAdapter>(host);
      *out = &adapter.release()->plugin_;
      return COCKPIT_OK;
    });
  }

  explicit PluginAdapter(const cockpit_host* host) : core_(std::make_shared<Core>(host)) {
    core_->log = static_cast<const cockpit_log_host_1*>(host->get_extension(host, text(COCKPIT_LOG_1)));
    core_->watch = static_cast<const cockpit_watch_host_1*>(host->get_extension(host, text(COCKPIT_WATCH_1)));
    type_ = std::make_unique<Type>(Host{core_});
  }

 private:
  static PluginAdapter& self(const cockpit_plugin* plugin) noexcept {
    return *static_cast<PluginAdapter*>(plugin->self);
  }

  template <class Body>
  static cockpit_status guarded(cockpit_error_buffer* buffer, Body body) noexcept {
    try {
      return body();
    } catch (const std::exception& error) {
      write_error(buffer, error.what());
    } catch (...) {
      write_error(buffer, "an exception that is no std::exception");
    }
    return COCKPIT_INTERNAL;
  }
  // The call is taken first, so that leaving by an exception completes it.
  template <class Body>
  static cockpit_status taken(const cockpit_plugin* plugin, cockpit_call id, Body body) noexcept {
    guarded(nullptr, [&] {
      body(*self(plugin).type_, Call{self(plugin).core_, id});
      return COCKPIT_OK;
    });
    return COCKPIT_OK;
  }
  static Request request_of(const cockpit_request* r) noexcept {
    return {r->authority, r->deadline_ms, view(r->principal), view(r->body)};
  }
  static Credentials credentials_of(const cockpit_credentials* c) noexcept {
    return {view(c->engine), c->kind, view(c->user), view(c->secret)};
  }

  static const void* get_extension(const cockpit_plugin* plugin, cockpit_text name) noexcept {
    static constexpr cockpit_view_1 views{
        sizeof(cockpit_view_1),
        [](const cockpit_plugin* p, cockpit_call call, const cockpit_request* r) noexcept {
          return taken(p, call,
                       [&](Type& type, Call taken) { type.invoke(std::move(taken), request_of(r)); });
        }};
    static constexpr cockpit_watch_1 watches{
        sizeof(cockpit_watch_1),
        [](const cockpit_plugin* p, cockpit_call call, const cockpit_request* r) noexcept {
          return taken(p, call, [&](Type& type, Call taken) { type.watch(std::move(taken), request_of(r)); });
        }};
    static constexpr cockpit_authority_1 authorities{
        sizeof(cockpit_authority_1),
        [](const cockpit_plugin* p, cockpit_authority id, const cockpit_credentials* c) noexcept {
          return guarded(nullptr, [&] { return self(p).type_->authority_open(id, credentials_of(c)); });
        },
        [](const cockpit_plugin* p, cockpit_authority id) noexcept {
          guarded(nullptr, [&] { return self(p).type_->authority_close(id), COCKPIT_OK; });
        }};
    static constexpr cockpit_configuration_1 configurations{
        sizeof(cockpit_configuration_1),
        [](const cockpit_plugin* p, cockpit_call call, cockpit_text json) noexcept {
          return taken(p, call,
                       [&](Type& type, Call taken) { type.configure(std::move(taken), view(json)); });
        }};
    static constexpr cockpit_sign_in_1 sign_ins{
        sizeof(cockpit_sign_in_1),
        [](const cockpit_plugin* p, cockpit_call call, const cockpit_credentials* c) noexcept {
          return taken(p, call,
                       [&](Type& type, Call taken) { type.verify(std::move(taken), credentials_of(c)); });
        }};
    const auto wanted = view(name);
    if (wanted == COCKPIT_VIEW_1) return &views;
    if (wanted == COCKPIT_WATCH_1) return self(plugin).core_->watch != nullptr ? &watches : nullptr;
    if (wanted == COCKPIT_AUTHORITY_1) return &authorities;
    if (wanted == COCKPIT_CONFIGURATION_1) return &configurations;
    if (wanted == COCKPIT_SIGN_IN_1) return self(plugin).type_->signs_in() ? &sign_ins : nullptr;
    return nullptr;
  }

  std::shared_ptr<Core> core_;
  std::unique_ptr<Type> type_;
  cockpit_plugin plugin_{
      sizeof(cockpit_plugin),
      this,
      &get_extension,
      [](const cockpit_plugin* p, cockpit_call call) noexcept {
        guarded(nullptr, [&] { return self(p).type_->cancel(call), COCKPIT_OK; });
      },
      [](const cockpit_plugin* p) noexcept {
        guarded(nullptr, [&] { return self(p).type_->stop(), COCKPIT_OK; });
        self(p).core_->leave();
      },
      [](const cockpit_plugin* p) noexcept { std::unique_ptr<PluginAdapter>{&self(p)}.reset(); }};
};

// What every entry of the SDK checks before it gives the descriptor.
inline const cockpit_plugin_descriptor* entered(const cockpit_host_info* info, cockpit_error_buffer* error,
                                                const cockpit_plugin_descriptor* descriptor) noexcept {
  if (info->version_min > COCKPIT_ABI_VERSION || info->version_max < COCKPIT_ABI_VERSION) {
    write_error(error, "this plugin speaks version 1 of the plugin ABI, and this host does not");
    return nullptr;
  }
  if (info->draft != COCKPIT_ABI_DRAFT) {
    write_error(
        error,
        "this plugin was built from another draft of the plugin ABI: build it again from the host's headers");
    return nullptr;
  }
  return descriptor;
}

}  // namespace detail
}  // namespace cockpit

// In one source file of the library: its entry. ID, NAME and VERSION are string literals.
#define COCKPIT_PLUGIN(TYPE, ID, NAME, VERSION)                                                          \
  COCKPIT_EXPORT const cockpit_plugin_descriptor* cockpit_plugin_entry_v1(const cockpit_host_info* info, \
                                                                          cockpit_error_buffer* error);  \
  const cockpit_plugin_descriptor* cockpit_plugin_entry_v1(const cockpit_host_info* info,                \
                                                           cockpit_error_buffer* error) {                \
    static const cockpit_plugin_descriptor descriptor{sizeof(cockpit_plugin_descriptor),                 \
                                                      COCKPIT_ABI_VERSION,                               \
                                                      COCKPIT_ABI_DRAFT,                                 \
                                                      {ID, sizeof(ID) - 1},                              \
                                                      {NAME, sizeof(NAME) - 1},                          \
                                                      {VERSION, sizeof(VERSION) - 1},                    \
                                                      nullptr,                                           \
                                                      0,                                                 \
                                                      &cockpit::detail::PluginAdapter<TYPE>::create};    \
    return cockpit::detail::entered(info, error, &descriptor);                                           \
  }                                                                                                      \
  static_assert(sizeof(ID) > 1, "a plugin needs an id")
