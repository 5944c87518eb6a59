// The side of a runtime that meets the library: the tables a plugin is given, entry and create.
#include <algorithm>
#include <array>
#include <utility>

#include "base/utf8.hpp"
#include "loader/abi_text.hpp"
#include "loader/runtime.hpp"
#include "loader/table_check.hpp"

namespace host::loader {
namespace {

constexpr std::uint64_t kib = 1024;
constexpr std::size_t reason_bytes = 1024;

// The error buffer that a library is given, and the words it left there.
struct ErrorBuffer {
  std::array<char, reason_bytes> bytes{};
  cockpit_error_buffer table{bytes.data(), bytes.size(), 0};
  std::string words(std::string_view otherwise) const {
    const auto size = std::min<std::uint64_t>(table.size, bytes.size());
    return size == 0 ? std::string{otherwise} : std::string{bytes.data(), static_cast<std::size_t>(size)};
  }
};

bool valid_id(std::string_view id) {
  if (id.empty() || id.size() > 64) return false;
  for (const char c : id)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  return true;
}

std::string why_other_abi(const cockpit_plugin_descriptor& descriptor) {
  if (auto why = why_unusable(descriptor); !why.empty()) return why;
  if (descriptor.version != COCKPIT_ABI_VERSION)
    return "the library chose version " + std::to_string(descriptor.version) +
           ", which this host did not offer";
  if (descriptor.draft != COCKPIT_ABI_DRAFT)
    return "the library was built from draft " + std::to_string(descriptor.draft) +
           " of the plugin ABI, this host from draft " + std::to_string(COCKPIT_ABI_DRAFT);
  return {};
}

}  // namespace

// A request has room for a whole answer, as a plan that is confirmed goes back as it came.
const cockpit_limits host_limits{sizeof(cockpit_limits),
                                 (4096 + 256) * kib,
                                 4096 * kib,
                                 1024 * kib,
                                 64 * kib,
                                 8 * kib,
                                 100,
                                 256,
                                 64 * 1024 * kib,
                                 32};

// The tables the plugin holds. They carry a pointer to the runtime, which outlives destroy().
struct Runtime::HostTable {
  explicit HostTable(Runtime& runtime) : runtime_(runtime) {}

  static Runtime& of(const cockpit_host* host) { return static_cast<HostTable*>(host->self)->runtime_; }

  // Whatever is thrown here, nothing leaves: the plugin may be C.
  template <class Body>
  static void guarded(const cockpit_host* host, const Body& body) noexcept {
    try {
      body(of(host));
    } catch (...) {
      of(host).violations_->add(Violation::host_failed);
    }
  }

  Runtime& runtime_;
  cockpit_host table{
      sizeof(cockpit_host),
      this,
      &host_limits,
      [](const cockpit_host* host, cockpit_text id) noexcept { return of(host).extension(id); },
      [](const cockpit_host* host, cockpit_call call, cockpit_status status, cockpit_text body) noexcept {
        return of(host).calls_->complete(call, status, body);
      },
      [](const cockpit_host* host, cockpit_call call, cockpit_text body) noexcept {
        return of(host).calls_->progress(call, body);
      },
      [](const cockpit_host* host) noexcept {
        guarded(host, [](Runtime& runtime) { runtime.on_stopped(); });
      }};
  cockpit_watch_host_1 watch{
      sizeof(cockpit_watch_host_1),
      [](const cockpit_host* host, cockpit_call call, cockpit_status status, std::uint64_t as_of,
         cockpit_text body) noexcept { return of(host).calls_->update(call, status, as_of, body); }};
  cockpit_log_host_1 log{sizeof(cockpit_log_host_1),
                         [](const cockpit_host* host, std::uint32_t level, cockpit_text line) noexcept {
                           guarded(host, [&](Runtime& runtime) { runtime.log_line(level, line); });
                         }};
};

std::shared_ptr<Runtime> Runtime::make(IoContext& io, cockpit_plugin_entry entry, RuntimeOptions options) {
  std::shared_ptr<Runtime> made{new Runtime{io, entry, std::move(options)}};
  // Called by what the plugin calls, so while this runtime is there; posted for when it still is.
  made->violations_->on_line = [&io, weak = std::weak_ptr<Runtime>{made}](std::string line) {
    post(io, [weak, line = std::move(line)]() mutable {
      if (const auto runtime = weak.lock()) runtime->report(COCKPIT_LOG_WARNING, std::move(line));
    });
  };
  return made;
}

Runtime::Runtime(IoContext& io, cockpit_plugin_entry entry, RuntimeOptions options)
    : io_(io),
      entry_(entry),
      options_(std::move(options)),
      calls_(std::make_shared<OpenCalls>(io, host_limits, violations_)),
      thread_("plugin-thread"),
      slot_(CallRecord::take(options_.record, options_.file, options_.hash)),
      host_(std::make_unique<HostTable>(*this)),
      thread_timer_(std::make_unique<Timer>(io)),
      stop_timer_(std::make_unique<Timer>(io)) {}

Runtime::~Runtime() = default;

const void* Runtime::extension(cockpit_text id) noexcept {
  if (!may_ask_extension_ || !thread_.is_current()) {
    violations_->add(Violation::asked_late);
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
  std::string clean{first_bytes(view(line), static_cast<std::size_t>(host_limits.log_bytes))};
  for (char& c : clean)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  post(io_, [self = weak_from_this(), level, clean = std::move(clean)]() mutable {
    if (const auto runtime = self.lock(); runtime && runtime->options_.log)
      runtime->options_.log(level, std::move(clean));
  });
}

// On the plugin thread: entry and create.
Runtime::Entered Runtime::enter_on_plugin_thread() {
  struct HostInfo {
    cockpit_host_info table;
    Runtime* runtime;
  };
  HostInfo info{{sizeof(cockpit_host_info), COCKPIT_ABI_VERSION, COCKPIT_ABI_VERSION, COCKPIT_ABI_DRAFT, 0,
                 text(options_.host_name), text(options_.host_version),
                 [](const cockpit_host_info* host_info, cockpit_text id) noexcept {
                   return reinterpret_cast<const HostInfo*>(host_info)->runtime->extension(id);
                 }},
                this};
  Entered entered;
  ErrorBuffer buffer;
  if (slot_) slot_->enter("create");
  try {
    may_ask_extension_ = true;
    const auto* descriptor = entry_(&info.table, &buffer.table);
    if (descriptor == nullptr)
      entered.reason = buffer.words("the library refused this host and gave no reason");
    else
      entered.reason = why_other_abi(*descriptor);
    const bool fits = descriptor != nullptr && entered.reason.empty();
    if (fits) {
      entered.identity = {std::string{view(descriptor->id)}, std::string{view(descriptor->name)},
                          std::string{view(descriptor->plugin_version)}};
      if (!valid_id(entered.identity.id))
        entered.reason = "its id is not of the form [a-z0-9-], 1 to 64 characters";
    }
    if (fits && entered.reason.empty()) entered.reason = create_on_plugin_thread(*descriptor);
  } catch (const std::exception& error) {
    entered.reason = std::string{"an exception left it while it was created: "} + error.what();
  } catch (...) {
    entered.reason = "an exception left it while it was created";
  }
  if (slot_) slot_->leave();
  may_ask_extension_ = false;
  entered.offered = {lent_.plugin != nullptr, lent_.view != nullptr, lent_.watch != nullptr,
                     lent_.authority != nullptr, lent_.configuration != nullptr};
  return entered;
}

// Why it does not work, or nothing; then what it lent is there.
std::string Runtime::create_on_plugin_thread(const cockpit_plugin_descriptor& descriptor) {
  std::string missing;
  for (std::uint64_t i = 0; i < descriptor.required_count; ++i)
    if (extension(descriptor.required[i]) == nullptr)
      missing += " " + std::string{view(descriptor.required[i])};
  if (!missing.empty()) return "it requires what this host does not have:" + missing;
  ErrorBuffer buffer;
  const cockpit_plugin* plugin = nullptr;
  const auto status = descriptor.create(&host_->table, &plugin, &buffer.table);
  may_ask_extension_ = false;
  if (status != COCKPIT_OK) return buffer.words("it could not be created and gave no reason");
  if (plugin == nullptr) return "create gave no plugin";
  if (auto why = why_unusable(*plugin); !why.empty()) return why;
  const auto table = [plugin](const char* id) { return plugin->get_extension(plugin, text(id)); };
  Lent lent;
  lent.plugin = plugin;
  lent.view = static_cast<const cockpit_view_1*>(table(COCKPIT_VIEW_1));
  lent.watch = static_cast<const cockpit_watch_1*>(table(COCKPIT_WATCH_1));
  lent.authority = static_cast<const cockpit_authority_1*>(table(COCKPIT_AUTHORITY_1));
  lent.configuration = static_cast<const cockpit_configuration_1*>(table(COCKPIT_CONFIGURATION_1));
  const auto* sign_in = static_cast<const cockpit_sign_in_1*>(table(COCKPIT_SIGN_IN_1));
  lent_.plugin = plugin;  // it is there, so it is stopped and destroyed, whatever its tables are
  for (const auto& why : {why_unusable(lent.view), why_unusable(lent.watch), why_unusable(lent.authority),
                          why_unusable(lent.configuration), why_unusable(sign_in)})
    if (!why.empty()) return why;
  lent_ = lent;
  return {};
}

}  // namespace host::loader
