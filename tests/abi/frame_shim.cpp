#include "frame_shim.hpp"

#include <atomic>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace frame_shim {
namespace {

cockpit_plugin_entry inner_entry = nullptr;
std::atomic<unsigned long long> crossed{0};

std::string_view view(cockpit_text text) {
  return {text.data, static_cast<std::size_t>(text.size)};
}

// Numbers and texts, one after the other, as bytes.
class Frame {
 public:
  Frame& put(std::uint64_t number) {
    bytes_.append(reinterpret_cast<const char*>(&number), sizeof number);
    return *this;
  }
  Frame& put(cockpit_text text) {
    put(text.size);
    if (text.size != 0) bytes_.append(text.data, static_cast<std::size_t>(text.size));
    return *this;
  }
  std::vector<char> sent() const {
    ++crossed;
    return {bytes_.begin(), bytes_.end()};  // another buffer: nothing of the sender's memory is left in it
  }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(const std::vector<char>& bytes) : bytes_(bytes) {}
  std::uint64_t number() {
    std::uint64_t value = 0;
    need(sizeof value);
    std::memcpy(&value, bytes_.data() + at_, sizeof value);
    at_ += sizeof value;
    return value;
  }
  cockpit_text text() {
    const auto size = number();
    need(size);
    const cockpit_text made{bytes_.data() + at_, size};
    at_ += static_cast<std::size_t>(size);
    return made;
  }

 private:
  void need(std::uint64_t size) const {
    if (bytes_.size() - at_ < size) throw std::logic_error{"a frame ended too early"};
  }
  const std::vector<char>& bytes_;
  std::size_t at_ = 0;
};

std::uint64_t as_number(cockpit_status status) {
  return static_cast<std::uint32_t>(status);
}
cockpit_status as_status(std::uint64_t number) {
  return static_cast<cockpit_status>(static_cast<std::uint32_t>(number));
}

// The plugin's side: what looks like a host to it, and writes frames to the true one.
struct FarHost {
  explicit FarHost(const cockpit_host* of) : host(of) {
    log = static_cast<const cockpit_log_host_1*>(
        host->get_extension(host, {COCKPIT_LOG_1, sizeof COCKPIT_LOG_1 - 1}));
    watch = static_cast<const cockpit_watch_host_1*>(
        host->get_extension(host, {COCKPIT_WATCH_1, sizeof COCKPIT_WATCH_1 - 1}));
  }
  const cockpit_host* host;
  const cockpit_log_host_1* log;
  const cockpit_watch_host_1* watch;

  static FarHost& of(const cockpit_host* far) { return *static_cast<FarHost*>(far->self); }

  cockpit_host table{
      sizeof(cockpit_host),
      this,
      nullptr,
      [](const cockpit_host* far, cockpit_text id) noexcept { return of(far).extension(id); },
      [](const cockpit_host* far, cockpit_call call, cockpit_status status, cockpit_text body) noexcept {
        const auto bytes = Frame{}.put(call).put(as_number(status)).put(body).sent();
        Reader frame{bytes};
        const auto id = frame.number();
        const auto said = as_status(frame.number());
        of(far).host->complete(of(far).host, id, said, frame.text());
        return cockpit_status{COCKPIT_OK};
      },
      [](const cockpit_host* far, cockpit_call call, cockpit_text body) noexcept {
        const auto bytes = Frame{}.put(call).put(body).sent();
        Reader frame{bytes};
        const auto id = frame.number();
        of(far).host->progress(of(far).host, id, frame.text());
        return cockpit_status{COCKPIT_OK};
      },
      [](const cockpit_host* far) noexcept { of(far).host->stopped(of(far).host); }};
  cockpit_watch_host_1 watch_table{
      sizeof(cockpit_watch_host_1), [](const cockpit_host* far, cockpit_call call, cockpit_status status,
                                       std::uint64_t as_of, cockpit_text body) noexcept {
        const auto bytes = Frame{}.put(call).put(as_number(status)).put(as_of).put(body).sent();
        Reader frame{bytes};
        const auto id = frame.number();
        const auto said = as_status(frame.number());
        const auto when = frame.number();
        of(far).watch->update(of(far).host, id, said, when, frame.text());
        return cockpit_status{COCKPIT_OK};
      }};
  cockpit_log_host_1 log_table{sizeof(cockpit_log_host_1),
                               [](const cockpit_host* far, std::uint32_t level, cockpit_text line) noexcept {
                                 const auto bytes = Frame{}.put(level).put(line).sent();
                                 Reader frame{bytes};
                                 const auto how = static_cast<std::uint32_t>(frame.number());
                                 of(far).log->log(of(far).host, how, frame.text());
                               }};

  // An extension crosses when the shim has a frame for each of its functions; the host is asked whether it
  // has it.
  const void* extension(cockpit_text id) {
    const auto* true_one = host->get_extension(host, id);
    if (true_one == nullptr) return nullptr;
    if (view(id) == COCKPIT_WATCH_1) return &watch_table;
    if (view(id) == COCKPIT_LOG_1) return &log_table;
    return true_one;
  }
};

// The host's side: what looks like a plugin to it, and writes frames to the true one.
struct NearPlugin {
  explicit NearPlugin(const cockpit_host* of) : host(of), far(of) { far.table.limits = of->limits; }

  const cockpit_host* host;
  FarHost far;
  const cockpit_plugin* plugin = nullptr;
  const cockpit_view_1* view_table = nullptr;
  const cockpit_watch_1* watch_table = nullptr;
  const cockpit_authority_1* authority_table = nullptr;
  const cockpit_configuration_1* configuration_table = nullptr;

  static NearPlugin& of(const cockpit_plugin* near) { return *static_cast<NearPlugin*>(near->self); }

  // A call that is not taken has no other way back than a completion.
  cockpit_status taken(cockpit_call call, cockpit_status status) const {
    if (status != COCKPIT_OK) host->complete(host, call, status, {nullptr, 0});
    return COCKPIT_OK;
  }

  template <class Function>
  cockpit_status request(Function function, cockpit_call call, const cockpit_request* asked) const {
    const auto bytes = Frame{}
                           .put(call)
                           .put(asked->authority)
                           .put(asked->deadline_ms)
                           .put(asked->principal)
                           .put(asked->body)
                           .sent();
    Reader frame{bytes};
    const auto id = frame.number();
    cockpit_request made{sizeof(cockpit_request), frame.number(), frame.number(), {}, {}};
    made.principal = frame.text();
    made.body = frame.text();
    return taken(id, function(plugin, id, &made));
  }

  static const void* extension(const cockpit_plugin* near, cockpit_text id) {
    auto& self = of(near);
    const auto* true_one = self.plugin->get_extension(self.plugin, id);
    if (true_one == nullptr) return nullptr;
    static constexpr cockpit_view_1 views{
        sizeof(cockpit_view_1), [](const cockpit_plugin* n, cockpit_call call, const cockpit_request* asked) {
          return of(n).request(of(n).view_table->invoke, call, asked);
        }};
    static constexpr cockpit_watch_1 watches{
        sizeof(cockpit_watch_1),
        [](const cockpit_plugin* n, cockpit_call call, const cockpit_request* asked) {
          return of(n).request(of(n).watch_table->watch, call, asked);
        }};
    static constexpr cockpit_authority_1 authorities{
        sizeof(cockpit_authority_1),
        [](const cockpit_plugin* n, cockpit_authority authority, const cockpit_credentials* c) {
          const auto bytes =
              Frame{}.put(authority).put(c->engine).put(c->kind).put(c->user).put(c->secret).sent();
          Reader frame{bytes};
          const auto number = frame.number();
          cockpit_credentials made{sizeof(cockpit_credentials), frame.text(), 0, 0, {}, {}};
          made.kind = static_cast<std::uint32_t>(frame.number());
          made.user = frame.text();
          made.secret = frame.text();
          return of(n).authority_table->open(of(n).plugin, number, &made);
        },
        [](const cockpit_plugin* n, cockpit_authority authority) {
          const auto bytes = Frame{}.put(authority).sent();
          of(n).authority_table->close(of(n).plugin, Reader{bytes}.number());
        }};
    static constexpr cockpit_configuration_1 configurations{
        sizeof(cockpit_configuration_1), [](const cockpit_plugin* n, cockpit_call call, cockpit_text json) {
          const auto bytes = Frame{}.put(call).put(json).sent();
          Reader frame{bytes};
          const auto number = frame.number();
          return of(n).taken(number,
                             of(n).configuration_table->configure(of(n).plugin, number, frame.text()));
        }};
    if (view(id) == COCKPIT_VIEW_1)
      return self.view_table = static_cast<const cockpit_view_1*>(true_one), &views;
    if (view(id) == COCKPIT_WATCH_1)
      return self.watch_table = static_cast<const cockpit_watch_1*>(true_one), &watches;
    if (view(id) == COCKPIT_AUTHORITY_1)
      return self.authority_table = static_cast<const cockpit_authority_1*>(true_one), &authorities;
    if (view(id) == COCKPIT_CONFIGURATION_1)
      return self.configuration_table = static_cast<const cockpit_configuration_1*>(true_one),
             &configurations;
    return nullptr;
  }

  cockpit_plugin table{sizeof(cockpit_plugin),
                       this,
                       &extension,
                       [](const cockpit_plugin* n, cockpit_call call) {
                         const auto bytes = Frame{}.put(call).sent();
                         of(n).plugin->cancel(of(n).plugin, Reader{bytes}.number());
                       },
                       [](const cockpit_plugin* n) { of(n).plugin->stop(of(n).plugin); },
                       [](const cockpit_plugin* n) {
                         const std::unique_ptr<NearPlugin> owned{&of(n)};
                         owned->plugin->destroy(owned->plugin);
                       }};
};

const cockpit_plugin_descriptor* inner_descriptor = nullptr;

cockpit_status create(const cockpit_host* host, const cockpit_plugin** plugin, cockpit_error_buffer* error) {
  auto near = std::make_unique<NearPlugin>(host);
  const auto status = inner_descriptor->create(&near->far.table, &near->plugin, error);
  if (status == COCKPIT_OK) *plugin = &near.release()->table;
  return status;
}

const cockpit_plugin_descriptor* entry(const cockpit_host_info* info, cockpit_error_buffer* error) {
  inner_descriptor = inner_entry(info, error);
  if (inner_descriptor == nullptr || !COCKPIT_HAS(inner_descriptor, cockpit_plugin_descriptor, create))
    return inner_descriptor;
  static cockpit_plugin_descriptor descriptor;
  descriptor = *inner_descriptor;
  descriptor.struct_size = sizeof(cockpit_plugin_descriptor);
  descriptor.create = &create;
  return &descriptor;
}

}  // namespace

cockpit_plugin_entry around(cockpit_plugin_entry inner) {
  inner_entry = inner;
  crossed = 0;
  return &entry;
}

unsigned long long frames() {
  return crossed;
}

}  // namespace frame_shim
