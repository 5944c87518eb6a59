#include "session/session_registry.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "rest_client/url.hpp"

namespace batch_view {
namespace {

using nlohmann::json;
constexpr std::size_t most_engines = 64;

// One text for every engine, or a table of one text an engine.
std::string link_for(const json& settings, const std::string& engine) {
  const auto link = settings.value("instance_link", json(""));
  return link.is_object() ? link.value(engine, "") : link.get<std::string>();
}

std::string why_bad_link(const std::string& link) {
  const bool web = link.rfind("https://", 0) == 0 || link.rfind("http://", 0) == 0;
  if (link.empty() || (web && link.find("{id}") != std::string::npos)) return {};
  return "the setting \"instance_link\" has to be a web address with {id} in it, such as "
         "https://cockpit.example/#/process-instance/{id}";
}

void wipe(std::string& secret) {
  volatile char* bytes = secret.data();
  for (std::size_t i = 0; i < secret.size(); ++i) bytes[i] = 0;
  secret.clear();
}

}  // namespace

SessionRegistry::~SessionRegistry() {
  close_all();
}

bool SessionRegistry::Known::is_reached_like(const Known& other) const {
  return nodes == other.nodes && tls.authorities == other.tls.authorities &&
         tls.client_certificate == other.tls.client_certificate && tls.client_key == other.tls.client_key;
}

std::variant<std::vector<SessionRegistry::Known>, std::string> SessionRegistry::taken(
    const std::string& text) const {
  std::vector<Known> taken;
  try {
    const auto root = json::parse(text);
    const auto settings = root.value("settings", json::object());
    if (!settings.is_object()) return "\"settings\" has to be an object";
    for (const auto& [name, value] : settings.items())
      if (name != "instance_link") return "the setting \"" + name + "\" is not known to this plugin";
    for (const auto& one : root.value("engines", json::array())) {
      Known engine;
      engine.id = one.at("id").get<std::string>();
      engine.nodes = one.at("nodes").get<std::vector<std::string>>();
      const auto tls = one.value("tls", json::object());
      engine.tls.authorities = tls.value("ca_file", "");
      engine.tls.client_certificate = tls.value("certificate_file", "");
      engine.tls.client_key = tls.value("key_file", "");
      engine.instance_link = link_for(settings, engine.id);
      if (auto why = why_bad_link(engine.instance_link); !why.empty()) return why;
      for (const auto& node : engine.nodes)
        if (const auto url = rest_client::parse_base_url(node);
            const auto* problem = std::get_if<rest_client::UrlProblem>(&url))
          return "engine \"" + engine.id + "\": " + problem->cause;
      taken.push_back(std::move(engine));
    }
  } catch (const json::exception& error) {
    return std::string{"the configuration is malformed: "} + error.what();
  }
  if (taken.size() > most_engines) return "there are more than " + std::to_string(most_engines) + " engines";
  return taken;
}

std::variant<SessionRegistry::Changes, std::string> SessionRegistry::configure(const std::string& text) {
  auto result = taken(text);
  if (auto* why = std::get_if<std::string>(&result)) return std::move(*why);
  auto& now = std::get<std::vector<Known>>(result);
  const auto find = [](const std::vector<Known>& among, const std::string& id) {
    const auto at =
        std::find_if(among.begin(), among.end(), [&id](const Known& engine) { return engine.id == id; });
    return at == among.end() ? nullptr : &*at;
  };
  Changes changes;
  for (const auto& engine : known_) {
    const auto* next = find(now, engine.id);
    if (next == nullptr)
      changes.removed.insert(engine.id);
    else if (!engine.is_reached_like(*next))
      changes.changed.insert(engine.id);
  }
  changes.added =
      std::any_of(now.begin(), now.end(), [&](const Known& one) { return find(known_, one.id) == nullptr; });
  retire(changes.removed);
  retire(changes.changed);
  known_ = std::move(now);
  for (auto& [authority, logins] : logins_)
    for (const auto& engine : known_)
      if (const auto at = logins.by_engine.find(engine.id);
          at != logins.by_engine.end() && at->second.session)
        at->second.session->instance_link = engine.instance_link;
  return changes;
}

// Whoever still uses such a session holds it; with the last one it closes.
void SessionRegistry::retire(const std::set<std::string>& engines) {
  for (auto& [authority, logins] : logins_) {
    std::erase_if(logins.retired, [](const auto& session) { return session.expired(); });
    for (auto& [engine, login] : logins.by_engine) {
      if (engines.count(engine) == 0) continue;
      if (const auto session = std::exchange(login.session, nullptr)) logins.retired.push_back(session);
      login.problem.clear();
    }
  }
}

void SessionRegistry::end(Logins& logins) {
  for (auto& [engine, login] : logins.by_engine) {
    if (login.session) login.session->engine().close();
    wipe(login.secret);
  }
  for (const auto& weak : logins.retired)
    if (const auto session = weak.lock()) session->engine().close();
}

bool SessionRegistry::open(cockpit_authority authority, const std::string& engine, std::uint32_t kind,
                           std::string user, std::string secret) {
  auto& logins = logins_[authority];
  auto& login = logins.by_engine[engine];
  if (login.session && login.kind == kind && login.user == user && login.secret == secret) {
    wipe(secret);
    return false;
  }
  const auto before = std::exchange(login.session, nullptr);
  if (before) logins.retired.push_back(before);
  wipe(login.secret);
  login = {kind, std::move(user), std::move(secret), nullptr, {}};
  return before != nullptr;
}

void SessionRegistry::close(cockpit_authority authority) {
  const auto at = logins_.find(authority);
  if (at == logins_.end()) return;
  end(at->second);
  logins_.erase(at);
}

void SessionRegistry::close_all() {
  while (!logins_.empty()) close(logins_.begin()->first);
}

SessionRegistry::Login& SessionRegistry::login(Logins& logins, const Known& engine) {
  auto& login = logins.by_engine[engine.id];
  if (login.session) return login;
  rest_client::Options options;
  options.nodes = engine.nodes;
  options.tls = engine.tls;
  options.probe_target = "/engine";
  options.user_agent = "cockpit-batch-view";
  if (login.kind == COCKPIT_CREDENTIALS_BASIC)
    options.credentials = rest_client::BasicCredentials{login.user, login.secret};
  if (login.kind == COCKPIT_CREDENTIALS_BEARER) options.credentials = rest_client::BearerToken{login.secret};
  try {
    login.session = std::make_shared<Session>(environment_, engine.id, std::move(options),
                                              login.kind != COCKPIT_CREDENTIALS_NONE);
    login.session->instance_link = engine.instance_link;
  } catch (const rest_client::InvalidOptions& error) {
    login.problem = error.what();
  }
  return login;
}

Bounds SessionRegistry::bounds() const {
  Bounds all;
  for (const auto& [authority, logins] : logins_)
    for (const auto& [engine, login] : logins.by_engine)
      if (login.session)
        for (auto& bound : login.session->bounds()) all.push_back(std::move(bound));
  return all;
}

std::variant<Sessions, Problem> SessionRegistry::sessions(cockpit_authority authority,
                                                          const std::vector<std::string>& engines) {
  if (known_.empty())
    return Problem{COCKPIT_UNAVAILABLE, "No engine",
                   "No engine is configured. Start the host with --engine URL.", "problemNoEngine"};
  const auto logins = logins_.find(authority);
  if (logins == logins_.end())
    return Problem{COCKPIT_SIGN_IN_REQUIRED, "Not signed in", "Nobody is signed in with these rights."};
  Sessions found;
  for (const auto& engine : known_) {
    const bool wanted =
        engines.empty() || std::find(engines.begin(), engines.end(), engine.id) != engines.end();
    if (!wanted) continue;
    auto& used = login(logins->second, engine);
    if (!used.session)
      return Problem{COCKPIT_UNAVAILABLE, "The engine's configuration does not work", used.problem,
                     "problemConfigured"};
    found.push_back(used.session);
  }
  if (found.empty() || (!engines.empty() && found.size() != engines.size()))
    return Problem{COCKPIT_NOT_FOUND, "No such engine", "One of the engines asked for is not configured."};
  return found;
}

}  // namespace batch_view
