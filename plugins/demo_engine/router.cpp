#include "router.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

namespace demo_engine {
namespace {

constexpr const char* kBase = "engine-rest";
constexpr const char* kEngineName = "default";

ContentOptions content_of(const EngineOptions& options) {
  ContentOptions content = options.content;
  content.with_people = options.authentication;
  return content;
}

bool matches(const Route& route, const std::vector<std::string>& path, std::size_t prefix,
             std::vector<std::string>& parameters) {
  if (path.size() - prefix != route.pattern.size()) return false;
  parameters.clear();
  for (std::size_t i = 0; i < route.pattern.size(); ++i) {
    const std::string& wanted = route.pattern[i];
    const std::string& segment = path[prefix + i];
    if (wanted == "{}")
      parameters.push_back(segment);
    else if (wanted != segment)
      return false;
  }
  return true;
}

bool accepts(const std::string& accept, std::string_view type) {
  if (accept.empty()) return true;
  const std::string any_subtype = std::string(type.substr(0, type.find('/'))) + "/*";
  for (const std::string& part : split_list(accept)) {
    std::string_view range = part;
    range = range.substr(0, range.find(';'));
    while (range.starts_with(' ')) range.remove_prefix(1);
    while (range.ends_with(' ')) range.remove_suffix(1);
    if (range == "*/*" || range == type || range == any_subtype) return true;
  }
  return false;
}

Answer options_answer(const std::set<std::string>& methods) {
  std::string allow = "OPTIONS";
  for (const std::string& method : methods) allow += ", " + method;
  if (methods.contains("GET")) allow += ", HEAD";
  Answer answer = text_answer(allow);
  answer.allow = allow;
  return answer;
}

/// The person whom the Authorization header names, or nothing.
const Person* sign_in(People& people, const std::string& authorization, Instant now) {
  constexpr std::string_view kScheme = "Basic ";
  if (!authorization.starts_with(kScheme)) return nullptr;
  const auto pair = decode_base64(std::string_view(authorization).substr(kScheme.size()));
  const std::size_t colon = pair ? pair->find(':') : std::string::npos;
  if (colon == std::string::npos) return nullptr;
  return people.sign_in(pair->substr(0, colon), pair->substr(colon + 1), now);
}

/// Error bodies as older engines write them.
void say_as_of(const Traits& traits, Answer& answer) {
  auto body = nlohmann::ordered_json::parse(answer.body, nullptr, false);
  if (!body.is_object() || !body.contains("message")) return;
  if (!traits.has_error_codes()) body.erase("code");
  if (traits.has_old_words()) {
    if (body["type"] == "ProcessEnginePersistenceException") body["type"] = "ProcessEngineException";
    auto message = body["message"].get<std::string>();
    if (message.starts_with("ENGINE-130")) message.erase(0, std::string_view("ENGINE-13053 ").size());
    if (message.ends_with("'.'")) message.pop_back();
    body["message"] = message;
  }
  answer.body = body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Answer challenge() {
  Answer answer;
  answer.status = 401;
  answer.challenge = true;
  return answer;
}

}  // namespace

Router::Router(Instant present, EngineOptions options)
    : options_(options),
      model_(present - kPast, options_.content.seed, options_.traits.has_old_words()),
      content_(model_, people_, present, content_of(options_)) {
  add_batch_routes(routes_);
  add_history_routes(routes_);
  // Ahead of /job/{}: the engine, too, prefers the path without a parameter.
  add_creation_routes(routes_);
  add_job_routes(routes_);
  add_job_log_routes(routes_);
  add_people_routes(routes_);
}

Answer Router::answer(const Request& request, Instant now) {
  content_.advance(now);
  const auto target = parse_target(request.target);
  if (!target) return html_bad_request();
  Answer answer;
  try {
    answer = answer_path(request, *target);
  } catch (const Refusal& refused) {
    answer = refused.answer;
  }
  if (answer.status >= 400) say_as_of(options_.traits, answer);
  const bool reads = request.method == "GET";
  if (reads && !answer.challenge) answer.no_cache = true;
  if (answer.status == 400 || answer.status >= 500) answer.close = true;
  return answer;
}

Answer Router::answer_path(const Request& request, const Target& target) {
  const auto& path = target.path;
  const Refusal not_found = refusal(404, "NotFoundException", "HTTP 404 Not Found");
  if (path.empty() || path[0] != kBase) return not_found.answer;
  const bool engine_path = path.size() > 1 && path[1] == "engine";
  if (engine_path && path.size() == 2) {
    if (request.method != "GET" && request.method != "HEAD")
      return refusal(405, "NotAllowedException", "HTTP 405 Method Not Allowed").answer;
    return json_answer(nlohmann::ordered_json::array({{{"name", kEngineName}}}));
  }
  const bool known_engine = !engine_path || path[2] == kEngineName;
  if (!known_engine && options_.authentication)
    return refusal(404, kInvalidRequest, "Process engine " + path[2] + " not available").answer;
  Caller caller;
  if (options_.authentication) {
    caller.person = sign_in(people_, request.authorization, model_.now());
    if (caller.person == nullptr) return challenge();
  }
  return dispatch(request, target, {engine_path ? 3U : 1U, known_engine}, caller);
}

Answer Router::dispatch(const Request& request, const Target& target, Place place, const Caller& caller) {
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  std::set<std::string> methods;
  const std::vector<std::string>* pattern = nullptr;
  for (const Route& route : routes_) {
    std::vector<std::string> parameters;
    if (pattern != nullptr && *pattern != route.pattern) continue;
    if (!matches(route, target.path, place.prefix, parameters)) continue;
    // The first pattern that fits decides, whatever the method: /batch/count is never a batch named count.
    pattern = &route.pattern;
    methods.insert(route.method);
    if (route.method != method) continue;
    if (!accepts(request.accept, route.produces))
      return refusal(406, "NotAcceptableException", "HTTP 406 Not Acceptable").answer;
    // The version is the server's own; everything else asks the engine.
    if (!place.known_engine && *pattern != std::vector<std::string>{"version"})
      return refusal(400, kInvalidRequest, "No process engine available").answer;
    return route.handle(Call{request, target, std::move(parameters), caller, model_, people_,
                             options_.max_results, options_.traits});
  }
  if (methods.empty()) return refusal(404, "NotFoundException", "HTTP 404 Not Found").answer;
  if (method == "OPTIONS") return options_answer(methods);
  return refusal(405, "NotAllowedException", "HTTP 405 Method Not Allowed").answer;
}

}  // namespace demo_engine
