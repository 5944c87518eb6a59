#include "simulated_host.hpp"

#include "catch.hpp"
#include "dispatcher.hpp"

namespace batch_view_tests {
namespace {

// The entry of a library has no arguments of its own, nor a way to look inside.
World* world_of_next_plugin = nullptr;
std::weak_ptr<batch_view::Dispatcher> latest_dispatcher;

// The same adapter as the library's, on the world's one thread.
class SimulatedPlugin final : public cockpit::Plugin {
 public:
  explicit SimulatedPlugin(const cockpit::Host&)
      : world_(*world_of_next_plugin), dispatcher_(std::make_shared<batch_view::Dispatcher>(world_)) {
    latest_dispatcher = dispatcher_;
  }

  void invoke(cockpit::Call call, const cockpit::Request& request) override {
    post([call = share(std::move(call)), incoming = incoming_of(request)](auto& dispatcher) {
      dispatcher.invoke(std::move(*call), incoming);
    });
  }
  void watch(cockpit::Call call, const cockpit::Request& request) override {
    post([call = share(std::move(call)), incoming = incoming_of(request)](auto& dispatcher) {
      dispatcher.watch(std::move(*call), incoming);
    });
  }
  void cancel(cockpit_call call) noexcept override {
    post([call](auto& dispatcher) { dispatcher.cancel(call); });
  }
  cockpit_status authority_open(cockpit_authority authority,
                                const cockpit::Credentials& credentials) override {
    post([authority, engine = std::string{credentials.engine}, kind = credentials.kind,
          user = std::string{credentials.user}, secret = std::string{credentials.secret}](auto& dispatcher) {
      dispatcher.open_authority(authority, engine, kind, user, secret);
    });
    return COCKPIT_OK;
  }
  void authority_close(cockpit_authority authority) override {
    post([authority](auto& dispatcher) { dispatcher.close_authority(authority); });
  }
  void configure(cockpit::Call call, std::string_view json) override {
    post([call = share(std::move(call)), json = std::string{json}](auto& dispatcher) {
      dispatcher.configure(std::move(*call), json);
    });
  }
  void stop() override {
    post([](auto& dispatcher) { dispatcher.stop(); });
  }

 private:
  static std::shared_ptr<cockpit::Call> share(cockpit::Call call) {
    return std::make_shared<cockpit::Call>(std::move(call));
  }
  batch_view::Dispatcher::Incoming incoming_of(const cockpit::Request& request) const {
    batch_view::Dispatcher::Incoming incoming{request.authority, std::string{request.body}, std::nullopt};
    if (request.deadline_ms != 0) incoming.deadline = world_.time() + milliseconds{request.deadline_ms};
    return incoming;
  }
  template <class Work>
  void post(Work work) {
    world_.post([weak = std::weak_ptr{dispatcher_}, work] {
      if (const auto dispatcher = weak.lock()) work(*dispatcher);
    });
  }

  World& world_;
  std::shared_ptr<batch_view::Dispatcher> dispatcher_;
};

}  // namespace
}  // namespace batch_view_tests

COCKPIT_PLUGIN(batch_view_tests::SimulatedPlugin, "batch-view", "Batches", "0");

namespace batch_view_tests {

Host::Host(World& world) : world_(world) {
  limits_ = {sizeof(cockpit_limits),
             256U << 10U,
             4U << 20U,
             1U << 20U,
             64U << 10U,
             8U << 10U,
             100,
             256,
             64U << 20U,
             32};
  watch_.struct_size = sizeof watch_;
  watch_.update = [](const cockpit_host* host, cockpit_call call, cockpit_status status, std::uint64_t,
                     cockpit_text body) noexcept {
    auto& record = self(host).records_.at(call);
    if (record.over()) return cockpit_status{COCKPIT_STALE};
    if (!record.watch) self(host).complaint = "an update of a call that is no watch";
    record.updates.push_back({status, std::string{cockpit::view(body)}, self(host).world_.time()});
    return cockpit_status{COCKPIT_OK};
  };
  log_.struct_size = sizeof log_;
  log_.log = [](const cockpit_host* host, std::uint32_t, cockpit_text line) noexcept {
    self(host).world_.report(cockpit::view(line));
  };
  host_.struct_size = sizeof host_;
  host_.self = this;
  host_.limits = &limits_;
  host_.get_extension = [](const cockpit_host* host, cockpit_text id) noexcept -> const void* {
    if (cockpit::view(id) == COCKPIT_WATCH_1) return &self(host).watch_;
    if (cockpit::view(id) == COCKPIT_LOG_1) return &self(host).log_;
    return nullptr;
  };
  host_.complete = [](const cockpit_host* host, cockpit_call call, cockpit_status status,
                      cockpit_text body) noexcept {
    auto& record = self(host).records_.at(call);
    if (++record.completions > 1) {
      self(host).complaint = "a second completion of one call";
      return cockpit_status{COCKPIT_STALE};
    }
    record.status = status;
    record.body = cockpit::view(body);
    if (self(host).completes_twice && call % 7 == 0) host->complete(host, call, status, body);
    return cockpit_status{COCKPIT_OK};
  };
  host_.progress = [](const cockpit_host* host, cockpit_call call, cockpit_text body) noexcept {
    auto& record = self(host).records_.at(call);
    if (record.over()) return cockpit_status{COCKPIT_STALE};
    record.progress.emplace_back(cockpit::view(body));
    return cockpit_status{COCKPIT_OK};
  };
  host_.stopped = [](const cockpit_host* host) noexcept { ++self(host).stopped_; };

  cockpit_host_info offer{};
  offer.struct_size = sizeof offer;
  offer.version_min = offer.version_max = COCKPIT_ABI_VERSION;
  offer.draft = COCKPIT_ABI_DRAFT;
  cockpit_error_buffer reason{};
  world_of_next_plugin = &world;
  const auto* library = cockpit_plugin_entry_v1(&offer, &reason);
  REQUIRE(library != nullptr);
  REQUIRE(library->create(&host_, &plugin_, &reason) == COCKPIT_OK);
  configure(configuration({{"a", node}}));
  open_authority(1);
}

Host::~Host() {
  if (plugin_ != nullptr) {
    stop();
    world_.run_until([this] { return stopped(); }, std::chrono::minutes{3});
    destroy();
  }
  std::exchange(world_.lost, {}).clear();
  // A plugin's own loop ends once nothing is due any more.
  world_.run(milliseconds{0});
}

void Host::destroy() {
  if (const auto* plugin = std::exchange(plugin_, nullptr)) plugin->destroy(plugin);
}

cockpit_call Host::add(cockpit_authority authority, bool watch) {
  auto& record = records_[++last_];
  record.authority = authority;
  record.watch = watch;
  return last_;
}

namespace {

template <class Table>
const Table* table(const cockpit_plugin* plugin, const char* name) {
  return static_cast<const Table*>(plugin->get_extension(plugin, cockpit::text(name)));
}

}  // namespace

cockpit_call Host::invoke(const Json& body, cockpit_authority authority, milliseconds deadline) {
  const auto call = add(authority, false);
  const auto text = body.dump();
  const cockpit_request request{sizeof(cockpit_request), authority,
                                static_cast<std::uint64_t>(deadline.count()), cockpit::text("somebody"),
                                cockpit::text(text)};
  table<cockpit_view_1>(plugin_, COCKPIT_VIEW_1)->invoke(plugin_, call, &request);
  return call;
}

cockpit_call Host::watch(const Json& body, cockpit_authority authority) {
  const auto call = add(authority, true);
  const auto text = body.dump();
  const cockpit_request request{sizeof(cockpit_request), authority, 0, cockpit::text("somebody"),
                                cockpit::text(text)};
  table<cockpit_watch_1>(plugin_, COCKPIT_WATCH_1)->watch(plugin_, call, &request);
  return call;
}

void Host::cancel(cockpit_call call) {
  if (plugin_ == nullptr) return;
  if (ends_watches_alone && record(call).watch) {
    record(call).completions = 1;
    return;
  }
  if (!hears_no_cancel || record(call).watch) plugin_->cancel(plugin_, call);
}

void Host::open_authority(cockpit_authority authority, const std::string& engine, const std::string& user,
                          const std::string& password) {
  const cockpit_credentials credentials{sizeof(cockpit_credentials),
                                        cockpit::text(engine),
                                        user.empty() ? COCKPIT_CREDENTIALS_NONE : COCKPIT_CREDENTIALS_BASIC,
                                        0,
                                        cockpit::text(user),
                                        cockpit::text(password)};
  table<cockpit_authority_1>(plugin_, COCKPIT_AUTHORITY_1)->open(plugin_, authority, &credentials);
}

void Host::close_authority(cockpit_authority authority) {
  table<cockpit_authority_1>(plugin_, COCKPIT_AUTHORITY_1)->close(plugin_, authority);
}

cockpit_call Host::configure(const Json& configuration) {
  const auto call = add(0, false);
  const auto text = configuration.dump();
  table<cockpit_configuration_1>(plugin_, COCKPIT_CONFIGURATION_1)
      ->configure(plugin_, call, cockpit::text(text));
  return call;
}

Json Host::configuration(const std::map<std::string, std::string>& engines) {
  Json all = Json::array();
  for (const auto& [id, address] : engines) all.push_back({{"id", id}, {"nodes", {address}}});
  return {{"engines", all}, {"settings", Json::object()}};
}

void Host::stop() {
  if (std::exchange(stopping_, true)) return;
  plugin_->stop(plugin_);
}

Json Host::rows_of(const std::string& source, const Json& params, const Json& more) {
  Json body{{"schema", "cockpit.view/1"}, {"kind", "rows"}, {"source", source}, {"params", params}};
  body.update(more);
  return body;
}

Json Host::details_of(const std::string& source, const Json& params) {
  return {{"schema", "cockpit.view/1"}, {"kind", "details"}, {"source", source}, {"params", params}};
}

Json Host::action_of(const std::string& action, const Json& more) {
  Json body{{"schema", "cockpit.view/1"}, {"kind", "action"}, {"action", action}};
  body.update(more);
  return body;
}

Record Host::ask(const Json& body, cockpit_authority authority) {
  const auto call = invoke(body, authority);
  world_.run_until([&] { return record(call).over(); }, std::chrono::minutes{5});
  REQUIRE(record(call).completions == 1);
  return record(call);
}

Record Host::act(const std::string& action, Json more, cockpit_authority authority) {
  return ask(action_of(action, more), authority);
}

Json Host::rows(const std::string& source, const Json& params, const Json& more) {
  const auto answer = ask(rows_of(source, params, more));
  INFO(answer.body);
  REQUIRE(answer.status == COCKPIT_OK);
  return answer.json();
}

batch_view::Bounds Host::bounds() const {
  const auto dispatcher = latest_dispatcher.lock();
  return plugin_ == nullptr || !dispatcher ? batch_view::Bounds{} : dispatcher->bounds();
}

}  // namespace batch_view_tests
