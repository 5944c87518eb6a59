#include "scripted_plugin.hpp"

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace scripted {
namespace {

std::mutex mutex;
Manner manner;
Seen what_was_seen;
std::thread::id control;
std::atomic<bool> may_end{false};

std::string_view view(cockpit_text text) {
  return {text.data, static_cast<std::size_t>(text.size)};
}
cockpit_text text(std::string_view view) {
  return {view.data(), view.size()};
}

constexpr std::string_view description =
    R"({"schema":"cockpit.view/1","requires":[],"plugin":{"id":"scripted","name":"Scripted","version":"1.0.0"},
"navigation":[{"id":"n","label":"N","icon":"stack","order":1,"view":"v"}],
"views":{"v":{"kind":"list","title":"V","lists":[{"id":"l","title":"L","source":{"handler":"rows"},"idField":"id",
"columns":[{"key":"id","type":"id"}]}]}},"actions":{}})";

void saw(std::string call, bool on_control = true) {
  const std::lock_guard lock{mutex};
  what_was_seen.calls.push_back(std::move(call));
  if (!on_control) return;
  if (control == std::thread::id{}) control = std::this_thread::get_id();
  if (control != std::this_thread::get_id()) what_was_seen.one_control_thread = false;
}

class Plugin {
 public:
  explicit Plugin(const cockpit_host* host) : host_(host), stubborn_(manner.never_stops) {
    watch_host_ = static_cast<const cockpit_watch_host_1*>(host->get_extension(host, text(COCKPIT_WATCH_1)));
    log_ = static_cast<const cockpit_log_host_1*>(host->get_extension(host, text(COCKPIT_LOG_1)));
    if (manner.small_table == "plugin") table_.struct_size = sizeof table_ - sizeof(void*);
    if (manner.null_member == "get_extension") table_.get_extension = nullptr;
    if (manner.null_member == "cancel") table_.cancel = nullptr;
    if (manner.null_member == "stop") table_.stop = nullptr;
    if (manner.null_member == "destroy") table_.destroy = nullptr;
  }
  ~Plugin() {
    for (auto& thread : threads_) thread.join();
  }
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  const cockpit_plugin* table() const { return &table_; }

 private:
  static Plugin& self(const cockpit_plugin* plugin) { return *static_cast<Plugin*>(plugin->self); }

  cockpit_status complete(cockpit_call call, cockpit_status status, std::string_view body) {
    return host_->complete(host_, call, status, text(body));
  }
  void keep(cockpit_call call) {
    const std::lock_guard lock{open_mutex_};
    open_[call] = true;
  }
  bool forget(cockpit_call call) {
    const std::lock_guard lock{open_mutex_};
    return open_.erase(call) != 0;
  }

  cockpit_status invoke(cockpit_call call, std::string_view body) {
    const auto wants = [body](std::string_view what) {
      return body.find("\"" + std::string{what} + "\"") != body.npos;
    };
    if (wants("describe")) return complete(call, COCKPIT_OK, description), COCKPIT_OK;
    if (wants("answer")) return complete(call, COCKPIT_OK, R"({"answer":1})"), COCKPIT_OK;
    if (wants("echo")) return complete(call, COCKPIT_OK, body), COCKPIT_OK;
    if (wants("problem"))
      return complete(call, COCKPIT_DENIED, R"({"title":"No","detail":"Not for you."})"), COCKPIT_OK;
    if (wants("nothing")) return complete(call, COCKPIT_OK, ""), COCKPIT_OK;
    if (wants("refuse")) return COCKPIT_NOT_FOUND;
    if (wants("thread")) {
      threads_.emplace_back([this, call] { complete(call, COCKPIT_OK, R"({"answer":"from a thread"})"); });
      return COCKPIT_OK;
    }
    if (wants("twice")) {
      complete(call, COCKPIT_OK, R"({"answer":"first"})");
      complete(call, COCKPIT_OK, R"({"answer":"second"})");
      return COCKPIT_OK;
    }
    if (wants("forged")) {
      complete(call + (std::uint64_t{1} << 32), COCKPIT_OK, "{}");
      complete(0, COCKPIT_OK, "{}");
      complete(999, COCKPIT_OK, "{}");
      return complete(call, COCKPIT_OK, R"({"answer":"true one"})"), COCKPIT_OK;
    }
    if (wants("overwrite")) {
      std::string buffer = R"({"answer":"as it was"})";
      complete(call, COCKPIT_OK, buffer);
      buffer.assign(buffer.size(), 'x');
      return COCKPIT_OK;
    }
    if (wants("made-up status")) return complete(call, 4711, "{}"), COCKPIT_OK;
    if (wants("negative status")) return complete(call, -1, "{}"), COCKPIT_OK;
    if (wants("refuse oddly")) return 4711;
    if (wants("throw")) throw std::runtime_error{"thrown across the boundary"};
    if (wants("late garbage")) {
      threads_.emplace_back([this, call] {
        std::this_thread::sleep_for(std::chrono::milliseconds{150});
        complete(call, COCKPIT_OK, "<html>");
      });
      return COCKPIT_OK;
    }
    if (wants("garbage")) return complete(call, COCKPIT_OK, "<html>"), COCKPIT_OK;
    if (wants("brackets")) return complete(call, COCKPIT_OK, std::string(200'000, '[')), COCKPIT_OK;
    if (wants("latin1")) return complete(call, COCKPIT_OK, "{\"a\":\"\xe4\"}"), COCKPIT_OK;
    if (wants("lines"))
      return complete(call, COCKPIT_OK, "{\"a\":\n\n1,\r\n\"b\":\"\\nevent: run\"}\n\n"), COCKPIT_OK;
    if (wants("large"))
      return complete(call, COCKPIT_OK, "\"" + std::string(5u << 20, 'x') + "\""), COCKPIT_OK;
    if (wants("progress")) {
      host_->progress(host_, call, text(R"({"done":1,"of":3})"));
      host_->progress(host_, call, text(std::string(100'000, ' ')));
      return complete(call, COCKPIT_OK, "{}"), COCKPIT_OK;
    }
    if (wants("log")) {
      if (log_ != nullptr) {
        log_->log(host_, COCKPIT_LOG_WARNING, text("a line\nwith a break \x1b[31m"));
        for (int i = 0; i < 1000; ++i) log_->log(host_, COCKPIT_LOG_INFO, text("flood"));
      }
      return complete(call, COCKPIT_OK, "{}"), COCKPIT_OK;
    }
    if (wants("extension")) {
      const bool given = host_->get_extension(host_, text(COCKPIT_WATCH_1)) != nullptr;
      {
        const std::lock_guard lock{mutex};
        what_was_seen.extension_after_create = given;
      }
      return complete(call, COCKPIT_OK, "{}"), COCKPIT_OK;
    }
    if (wants("hang")) {
      std::this_thread::sleep_for(std::chrono::milliseconds{700});
      return complete(call, COCKPIT_OK, R"({"answer":"after all"})"), COCKPIT_OK;
    }
    if (wants("late")) {
      threads_.emplace_back([this, call] {
        std::this_thread::sleep_for(std::chrono::milliseconds{150});
        complete(call, COCKPIT_OK, R"({"answer":"late"})");
      });
      return COCKPIT_OK;
    }
    keep(call);  // "wait": until it is cancelled or the plugin stops
    return COCKPIT_OK;
  }

  cockpit_status update(cockpit_call call, cockpit_status status, std::uint64_t as_of,
                        std::string_view body) {
    return watch_host_->update(host_, call, status, as_of, text(body));
  }

  cockpit_status watch(cockpit_call call, std::string_view body) {
    const auto wants = [body](std::string_view what) {
      return body.find("\"" + std::string{what} + "\"") != body.npos;
    };
    keep(call);
    if (wants("two")) {
      update(call, COCKPIT_OK, 1000, R"({"n":1})");
      threads_.emplace_back([this, call] {
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
        update(call, COCKPIT_OK, 2000, "");
      });
    }
    if (wants("flood"))
      for (int i = 1; i <= 10'000; ++i)
        update(call, COCKPIT_OK, static_cast<std::uint64_t>(i), "{\"n\":" + std::to_string(i) + "}");
    if (wants("newest")) {
      update(call, COCKPIT_OK, 1, R"({"n":1})");
      update(call, COCKPIT_OK, 2, "");
    }
    if (wants("error"))
      update(call, COCKPIT_UNAVAILABLE, 5, R"({"title":"Down","detail":"The engine is down."})");
    if (wants("big") || wants("big, then small"))
      update(call, COCKPIT_OK, 1, "\"" + std::string(2u << 20, 'x') + "\"");
    if (wants("big, then small")) update(call, COCKPIT_OK, 2, R"({"n":"small"})");
    if (wants("forge")) update(call, COCKPIT_OK, 1, "{\"a\":1\n\n,\"event\":\n\"update\"}");
    if (wants("gone")) {
      forget(call);
      complete(call, COCKPIT_GONE, R"({"title":"Gone","detail":"It ended."})");
      update(call, COCKPIT_OK, 9, "{}");
    }
    return COCKPIT_OK;
  }

  void stop() {
    if (!stubborn_) end();
  }

 public:
  void end() {
    std::map<cockpit_call, bool> open;
    {
      const std::lock_guard lock{open_mutex_};
      open.swap(open_);
    }
    for (const auto& [call, kept] : open) complete(call, COCKPIT_STOPPING, R"({"title":"Stopping"})");
    host_->stopped(host_);
  }

 private:
  static const void* get_extension(const cockpit_plugin* plugin, cockpit_text id) {
    static constexpr cockpit_view_1 views{
        sizeof(cockpit_view_1), [](const cockpit_plugin* p, cockpit_call call, const cockpit_request* r) {
          saw("invoke");
          return self(p).invoke(call, view(r->body));
        }};
    static constexpr cockpit_watch_1 watches{
        sizeof(cockpit_watch_1), [](const cockpit_plugin* p, cockpit_call call, const cockpit_request* r) {
          saw("watch");
          return self(p).watch(call, view(r->body));
        }};
    static constexpr cockpit_authority_1 authorities{
        sizeof(cockpit_authority_1),
        [](const cockpit_plugin*, cockpit_authority authority, const cockpit_credentials* c) {
          saw("open " + std::to_string(authority) + " " + std::string{view(c->engine)});
          const std::lock_guard lock{mutex};
          what_was_seen.secret = view(c->secret);
          return cockpit_status{COCKPIT_OK};
        },
        [](const cockpit_plugin*, cockpit_authority authority) {
          saw("close " + std::to_string(authority));
        }};
    static constexpr cockpit_configuration_1 configurations{
        sizeof(cockpit_configuration_1), [](const cockpit_plugin* p, cockpit_call call, cockpit_text json) {
          saw("configure");
          const bool bad = view(json).find("\"bad\"") != std::string_view::npos;
          self(p).complete(call, bad ? COCKPIT_INVALID : COCKPIT_OK,
                           bad ? R"({"title":"Refused","detail":"\"bad\" is no setting of mine."})" : "{}");
          return cockpit_status{COCKPIT_OK};
        }};
    static constexpr cockpit_view_1 null_view{sizeof(cockpit_view_1), nullptr};
    static constexpr cockpit_view_1 small_view{sizeof(std::uint64_t), nullptr};
    static constexpr cockpit_watch_1 null_watch{sizeof(cockpit_watch_1), nullptr};
    static constexpr cockpit_authority_1 null_open{sizeof(cockpit_authority_1), nullptr, authorities.close};
    static constexpr cockpit_authority_1 null_close{sizeof(cockpit_authority_1), authorities.open, nullptr};
    static constexpr cockpit_configuration_1 null_configure{sizeof(cockpit_configuration_1), nullptr};
    static constexpr cockpit_sign_in_1 null_verify{sizeof(cockpit_sign_in_1), nullptr};
    const auto& null = self(plugin).null_member_;
    if (view(id) == COCKPIT_VIEW_1 && null == "view.invoke") return &null_view;
    if (view(id) == COCKPIT_VIEW_1 && self(plugin).small_table_ == "view") return &small_view;
    if (view(id) == COCKPIT_WATCH_1 && null == "watch.watch") return &null_watch;
    if (view(id) == COCKPIT_AUTHORITY_1 && null == "authority.open") return &null_open;
    if (view(id) == COCKPIT_AUTHORITY_1 && null == "authority.close") return &null_close;
    if (view(id) == COCKPIT_CONFIGURATION_1 && null == "configuration.configure") return &null_configure;
    if (view(id) == COCKPIT_SIGN_IN_1 && null == "sign_in.verify") return &null_verify;
    if (view(id) == COCKPIT_VIEW_1) return self(plugin).without_view_ ? nullptr : &views;
    if (view(id) == COCKPIT_WATCH_1) return &watches;
    if (view(id) == COCKPIT_AUTHORITY_1) return &authorities;
    if (view(id) == COCKPIT_CONFIGURATION_1) return &configurations;
    return nullptr;
  }

  const cockpit_host* host_;
  const cockpit_watch_host_1* watch_host_ = nullptr;
  const cockpit_log_host_1* log_ = nullptr;
  bool stubborn_;
  bool without_view_ = manner.without_view;
  bool slow_to_end_ = manner.slow_to_end;
  std::string null_member_ = manner.null_member, small_table_ = manner.small_table;
  std::mutex open_mutex_;
  std::map<cockpit_call, bool> open_;
  std::vector<std::thread> threads_;
  cockpit_plugin table_{sizeof(cockpit_plugin),
                        this,
                        &get_extension,
                        [](const cockpit_plugin* p, cockpit_call call) {
                          saw("cancel", false);
                          if (self(p).forget(call))
                            self(p).complete(call, COCKPIT_CANCELLED, R"({"title":"Cancelled"})");
                        },
                        [](const cockpit_plugin* p) {
                          saw("stop");
                          self(p).stop();
                        },
                        [](const cockpit_plugin* p) {
                          saw("destroy");
                          while (self(p).slow_to_end_ && !may_end)
                            std::this_thread::sleep_for(std::chrono::milliseconds{1});
                          std::unique_ptr<Plugin>{&self(p)}.reset();
                        }};
};

// No host ends one whose own table is not whole.
bool is_out_of_reach() {
  static const std::set<std::string> needed{"get_extension", "cancel", "stop", "destroy"};
  return needed.count(manner.null_member) != 0 || manner.small_table == "plugin";
}
std::vector<std::unique_ptr<Plugin>> out_of_reach;

Plugin* stubborn = nullptr;  // the one that did not stop when it was asked to

cockpit_status create(const cockpit_host* host, const cockpit_plugin** plugin, cockpit_error_buffer* error) {
  saw("create");
  if (!manner.refuse_create.empty()) {
    error->size = manner.refuse_create.copy(error->data, static_cast<std::size_t>(error->capacity));
    return COCKPIT_INTERNAL;
  }
  for (const auto* id : {COCKPIT_WATCH_1, COCKPIT_LOG_1, "cockpit.draft.dream/1", "cockpit.unknown/7"})
    if (host->get_extension(host, text(id)) != nullptr) what_was_seen.extensions.emplace_back(id);
  auto* made = std::make_unique<Plugin>(host).release();
  if (manner.never_stops) stubborn = made;
  if (is_out_of_reach()) out_of_reach.emplace_back(made);
  *plugin = made->table();
  return COCKPIT_OK;
}

}  // namespace

void next(const Manner& as) {
  const std::lock_guard lock{mutex};
  manner = as;
  what_was_seen = {};
  control = {};
  may_end = false;
  out_of_reach.clear();
}

void let_end() {
  may_end = true;
}

void relent() {
  std::exchange(stubborn, nullptr)->end();
}

Seen seen() {
  const std::lock_guard lock{mutex};
  return what_was_seen;
}

const cockpit_plugin_descriptor* entry(const cockpit_host_info* info, cockpit_error_buffer* error) {
  saw("entry");
  what_was_seen.host = std::string{view(info->host_name)} + " " + std::string{view(info->host_version)};
  if (!manner.refuse_entry.empty()) {
    error->size = manner.refuse_entry.copy(error->data, static_cast<std::size_t>(error->capacity));
    return nullptr;
  }
  static std::vector<cockpit_text> required;
  required.clear();
  for (const auto& id : manner.required) required.push_back(text(id));
  static cockpit_plugin_descriptor descriptor;
  descriptor = {manner.small_descriptor ? 16 : sizeof(cockpit_plugin_descriptor),
                manner.version,
                manner.draft,
                text(manner.id),
                text("Scripted"),
                text("1.0.0"),
                required.data(),
                required.size(),
                &create};
  return &descriptor;
}

}  // namespace scripted
