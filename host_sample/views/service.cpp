#include "views/service.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json_text.hpp"
#include "base/status.hpp"
#include "base/utf8.hpp"
#include "views/page_description.hpp"
#include "views/schema_check.hpp"

namespace host::views {
namespace {

using nlohmann::json;

// Until persons sign in there is one authority: the credentials of the configuration.
constexpr cockpit_authority the_authority = 1;

}  // namespace

// One question in flight and all who wait for its answer.
struct Service::Reading {
  std::string key, plugin, request;
  loader::BodyShape shape;
  std::chrono::steady_clock::time_point deadline;
  std::map<std::uint64_t, Answered> waiting;
  std::weak_ptr<loader::Runtime> runtime;
  cockpit_call call = 0;
};

Service::Service(IoContext& io, ServiceOptions options)
    : io_(io), options_(std::move(options)), audit_(options_.audit_file) {
  auto registry = options_.registry;
  registry.configuration = [this](const std::string& plugin) { return configuration_of(plugin); };
  registry.check = why_bad_description;
  registry.runtime.host_version = options_.version;
  registry_ = std::make_unique<loader::Registry>(io_, std::move(registry));
  registry_->on_serving = [this](loader::Runtime& runtime) { open_authorities(runtime); };
  registry_->on_change = [this] { plugins_changed(); };
  live_ = std::make_unique<Live>(io_, *registry_, the_authority, options_.principal_id);
  runs_ = std::make_unique<Runs>(io_, *registry_, audit_, the_authority, options_.principal_id);
}

Service::~Service() = default;

void Service::open_authorities(loader::Runtime& runtime) const {
  for (const auto& engine : options_.engines) {
    auto credentials = engine.credentials;
    credentials.engine = engine.id;
    runtime.open_authority(the_authority, std::move(credentials));
  }
}

bool Service::has_engine(const std::string& id) const {
  return std::any_of(options_.engines.begin(), options_.engines.end(),
                     [&id](const EngineSettings& engine) { return engine.id == id; });
}

void Service::start(std::function<void()> ready) {
  if (options_.registry.watch) runs_->recall();  // a command that ends begins with keys of its own
  registry_->start([this, ready = std::move(ready)] {
    ready_ = true;
    ready();
  });
}

void Service::stop(std::function<void(bool)> done) {
  registry_->stop(std::move(done));
}

void Service::plugins_changed() {
  std::map<std::string, std::shared_ptr<const Description>> serving;
  for (const auto* entry : registry_->entries()) {
    if (!entry->runtime) continue;
    const auto known = descriptions_.find(entry->hash);
    if (known != descriptions_.end())
      serving.insert(*known);
    else if (auto parsed = Description::parse(entry->description))
      serving[entry->hash] = *parsed;
  }
  descriptions_ = std::move(serving);
  live_->plugins_changed();
  if (on_state) on_state();
}

json Service::settings_of(const std::string& plugin) const {
  const auto at = options_.settings.find(plugin);
  return at == options_.settings.end() ? json::object() : known_json(at->second);
}

std::string Service::configuration_for(const std::string& plugin, const std::vector<EngineSettings>& engines,
                                       const std::map<std::string, std::string>& settings) {
  json all = json::array();
  for (const auto& engine : engines) {
    json one{{"id", engine.id}, {"name", engine.name}, {"nodes", engine.nodes}};
    json tls = json::object();
    if (!engine.ca_file.empty()) tls["ca_file"] = engine.ca_file;
    if (!engine.certificate_file.empty()) tls["certificate_file"] = engine.certificate_file;
    if (!engine.key_file.empty()) tls["key_file"] = engine.key_file;
    if (!tls.empty()) one["tls"] = std::move(tls);
    all.push_back(std::move(one));
  }
  const auto own = settings.find(plugin);
  return json_text({{"engines", std::move(all)},
                    {"settings", own == settings.end() ? json::object() : known_json(own->second)}});
}

std::shared_ptr<const Description> Service::description(const std::string& plugin) const {
  const auto* entry = registry_->find(plugin);
  if (entry == nullptr) return nullptr;
  const auto at = descriptions_.find(entry->hash);
  return at == descriptions_.end() ? nullptr : at->second;
}

Service::Prepared Service::prepare(const Question& question) const {
  const auto problem = [](cockpit_status status, std::string_view title, const std::string& detail) {
    return Prepared{status, problem_json(status, title, detail), {}};
  };
  const auto described = description(question.plugin);
  if (!described)
    return problem(COCKPIT_UNAVAILABLE, "The plugin is not there",
                   "\"" + question.plugin + "\" is not available right now.");
  for (const auto& engine : question.engines) {
    if (!has_engine(engine))
      return problem(COCKPIT_NOT_FOUND, "No such engine", "The host has no engine \"" + engine + "\".");
  }
  auto request = described->read_request(question, settings_of(question.plugin));
  if (!request) return problem(COCKPIT_INVALID, "This cannot be asked", request.reason);
  return {COCKPIT_OK, std::move(*request), described->shape_at(question.at)};
}

Service::Checked Service::check(const Question& question) const {
  const auto prepared = prepare(question);
  if (prepared.status == COCKPIT_OK) return {};
  return {prepared.status, known_json(prepared.body).value("detail", "")};
}

std::uint64_t Service::read(const Question& question, Answered answered) {
  auto prepared = prepare(question);
  if (prepared.status != COCKPIT_OK) {
    answered(prepared.status, std::move(prepared.body));
    return 0;
  }
  const auto reader = next_reader_++;
  const auto key = share_key(the_authority, question.plugin, prepared.shape, prepared.body);
  auto& kept = reading_[key];
  if (kept) {
    kept->waiting[reader] = std::move(answered);
    readers_[reader] = kept;
    return reader;
  }
  kept = std::make_shared<Reading>();
  const auto reading = kept;
  reading->key = key;
  reading->plugin = question.plugin;
  reading->request = std::move(prepared.body);
  reading->shape = std::move(prepared.shape);
  reading->deadline = std::chrono::steady_clock::now() + options_.read_deadline;
  reading->waiting[reader] = std::move(answered);
  readers_[reader] = reading;
  ask(reading);
  return reader;
}

void Service::ask(const std::shared_ptr<Reading>& reading) {
  const auto* entry = registry_->find(reading->plugin);
  loader::CallEvents events;
  events.done = [this, reading](cockpit_status status, const std::string& body) {
    // A plugin that is replaced while it is asked ends what it has open: the one that serves now is asked
    // instead.
    const auto* now = registry_->find(reading->plugin);
    const bool replaced = now != nullptr && now->runtime != reading->runtime.lock();
    const bool nobody = reading->waiting.empty();
    if (status == COCKPIT_STOPPING && replaced && !nobody &&
        std::chrono::steady_clock::now() < reading->deadline)
      return ask(reading);
    this->answered(reading, status, body);
  };
  loader::Ask asked;
  asked.authority = the_authority;
  asked.principal = options_.principal_id;
  asked.deadline = std::max(
      std::chrono::milliseconds{1},
      std::chrono::ceil<std::chrono::milliseconds>(reading->deadline - std::chrono::steady_clock::now()));
  asked.body = reading->request;
  asked.shape = reading->shape;
  reading->runtime = entry->runtime;
  reading->call = 0;
  const auto runtime = entry->runtime;
  const auto call = runtime->invoke(std::move(asked), std::move(events));
  // It may have been answered, and asked again elsewhere, before this returned.
  if (reading->runtime.lock() == runtime) reading->call = call;
}

void Service::answered(const std::shared_ptr<Reading>& reading, cockpit_status status,
                       const std::string& body) {
  if (const auto at = reading_.find(reading->key); at != reading_.end() && at->second == reading)
    reading_.erase(at);
  const auto waiting = std::exchange(reading->waiting, {});
  for (const auto& [id, tell] : waiting) readers_.erase(id);
  for (const auto& [id, tell] : waiting) tell(status, body);
}

void Service::leave(std::uint64_t reader) {
  const auto at = readers_.find(reader);
  if (at == readers_.end()) return;
  const auto reading = at->second;
  readers_.erase(at);
  reading->waiting.erase(reader);
  if (!reading->waiting.empty()) return;
  if (const auto same = reading_.find(reading->key); same != reading_.end() && same->second == reading)
    reading_.erase(same);
  if (const auto runtime = reading->runtime.lock(); runtime && reading->call != 0)
    runtime->cancel(reading->call);
}

Live::Id Service::listen(const Question& question, Live::Listener listener) {
  auto prepared = prepare(question);
  if (prepared.status == COCKPIT_OK)
    return live_->listen(question.plugin, prepared.body, prepared.shape, std::move(listener));
  LiveUpdate refused{prepared.status, now_ms(), std::make_shared<const std::string>(std::move(prepared.body)),
                     true};
  listener(refused);
  return 0;
}

Runs::Begun Service::begin(const RunStart& start) {
  // What was begun is answered, whatever has become of the plugin or the configuration since.
  if (auto known = runs_->known(start)) return std::move(*known);
  if (options_.read_only) return runs_->refuse(start, COCKPIT_DENIED, "this host is read-only");
  const auto described = description(start.question.plugin);
  if (!described)
    return runs_->refuse(
        start, COCKPIT_UNAVAILABLE,
        "\"" + std::string{first_bytes(start.question.plugin, 60)} + "\" is not available right now");
  const auto& engines = start.question.engines;
  if (engines.size() > 1 || (options_.engines.size() > 1 && engines.size() != 1))
    return runs_->refuse(start, COCKPIT_INVALID, "an action names the one engine it is for");
  if (!engines.empty() && !has_engine(engines.front()))
    return runs_->refuse(start, COCKPIT_NOT_FOUND,
                         "the host has no engine \"" + std::string{first_bytes(engines.front(), 60)} + "\"");
  return runs_->begin(start, *described, settings_of(start.question.plugin));
}

std::string Service::whole_description(const std::string& plugin, const std::string& language) const {
  const auto* entry = registry_->find(plugin);
  if (entry == nullptr || !entry->runtime || entry->description.empty()) return {};
  return page_description(entry->description, language, Extent::whole);
}

std::string Service::state_json(bool with_descriptions, const std::string& language) const {
  json engines = json::array();
  for (const auto& engine : options_.engines) engines.push_back({{"id", engine.id}, {"name", engine.name}});
  const json head{{"name", options_.name},
                  {"version", options_.version},
                  {"readOnly", options_.read_only},
                  {"principal", {{"id", options_.principal_id}, {"name", options_.principal_name}}},
                  {"engines", std::move(engines)},
                  {"folder", registry_->folder_reason()}};
  auto text = json_text(head);
  text.pop_back();
  text += R"(,"plugins":[)";
  bool first = true;
  for (const auto* entry : registry_->entries()) {
    const json one{{"id", entry->id},     {"name", entry->name},     {"version", entry->version},
                   {"file", entry->file}, {"state", entry->state()}, {"reason", entry->reason_now()},
                   {"hash", entry->hash}};
    if (!std::exchange(first, false)) text += ',';
    text += json_text(one);
    if (with_descriptions && entry->runtime && !entry->description.empty()) {
      text.pop_back();
      text += R"(,"description":)" + page_description(entry->description, language, Extent::lists) + "}";
    }
  }
  return text + "]}";
}

}  // namespace host::views
