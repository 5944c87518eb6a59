// The side of a runtime that meets the library: the tables a plugin is given, entry and create.
#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <utility>

#include "plugins/runtime.hpp"
#include "plugins/texts.hpp"

namespace host::plugins {
namespace {

constexpr std::uint64_t kib = 1024;
constexpr std::size_t reason_bytes = 1024;

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

}  // namespace host::plugins
