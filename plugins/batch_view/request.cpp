#include "request.hpp"

#include <cockpit/sdk.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "states.hpp"

namespace batch_view {
namespace {

using nlohmann::json;

// Thrown in this file only.
struct Refused {
  Problem problem;
};

[[noreturn]] void unsupported(const std::string& what) {
  throw Refused{
      {COCKPIT_UNSUPPORTED, "Not known here", what + " is not known to this plugin; nothing was done."}};
}
[[noreturn]] void invalid(const std::string& what) {
  throw Refused{{COCKPIT_INVALID, "Malformed request", what}};
}

std::string text_of(const json& value, const std::string& name) {
  if (!value.is_string()) invalid("\"" + name + "\" has to be a text.");
  return value.get<std::string>();
}

std::vector<std::string> texts_of(const json& value, const std::string& name) {
  if (!value.is_array()) invalid("\"" + name + "\" has to be a list of texts.");
  std::vector<std::string> all;
  for (const auto& item : value) all.push_back(text_of(item, name));
  return all;
}

std::optional<std::string> time_of(const json& range, const char* end) {
  const auto at = range.find(end);
  if (at == range.end() || at->is_null()) return std::nullopt;
  auto time = engine_time(text_of(*at, end));
  if (!time) invalid("\"" + at->get<std::string>() + "\" is no time such as 2030-01-31T14:31:05.000+01:00.");
  return time;
}

bool flag_of(const json& value, const std::string& name) {
  if (!value.is_boolean()) invalid("\"" + name + "\" has to be true or false.");
  return value.get<bool>();
}

void take_filter(const std::string& key, const json& value, BatchFilter& filter) {
  if (key == "id")
    filter.id = text_of(value, key);
  else if (key == "type")
    filter.type = text_of(value, key);
  else if (key == "user")
    filter.user = text_of(value, key);
  else if (key == "state")
    filter.state = text_of(value, key);
  else if (key == "tenant")
    filter.tenant = text_of(value, key);
  else if (key == "without-tenant")
    filter.without_tenant = flag_of(value, key);
  else if (key == "suspended")
    filter.suspended = flag_of(value, key);
  else if (key == "failures")
    filter.failures = flag_of(value, key);
  else if (key == "started") {
    if (!value.is_object()) invalid("\"started\" has to be {\"from\", \"to\"}.");
    filter.started_after = time_of(value, "from");
    filter.started_before = time_of(value, "to");
  } else {
    unsupported("The filter \"" + key + "\"");
  }
}

void take_action(const json& body, Request& into) {
  into.action = text_of(body.value("action", json{}), "action");
  into.run = text_of(body.value("run", json("")), "run");
  if (body.contains("dryRun") && body.at("dryRun") != false && !body.at("dryRun").is_null())
    unsupported("A dry run of this action");
  if (body.contains("plan") && !body.at("plan").is_null()) unsupported("A plan for this action");
  if (body.contains("query") && !body.at("query").is_null()) unsupported("An action on a whole query");
  if (body.contains("ids")) into.ids = texts_of(body.at("ids"), "ids");
  // The named objects live as long as the loops over them.
  const json params = body.value("params", json::object());
  const json expect = body.value("expect", json::object());
  for (const auto& [name, value] : params.items()) into.flags[name] = flag_of(value, name);
  for (const auto& [name, value] : expect.items()) {
    if (name != "state") unsupported("Expecting \"" + name + "\"");
    into.expect[name] = text_of(value, name);
  }
}

Request parsed(const json& body) {
  static const std::set<std::string> known{
      "schema", "kind",   "source", "params", "engines", "filters", "sort", "page",   "locale",      "zone",
      "trace",  "action", "run",    "ids",    "query",   "dryRun",  "plan", "expect", "sourceParams"};
  if (!body.is_object()) invalid("The request is no JSON object.");
  for (const auto& [member, value] : body.items())
    if (known.count(member) == 0) unsupported("\"" + member + "\"");
  Request request;
  if (const auto schema = text_of(body.value("schema", json{}), "schema"); schema != "cockpit.view/1")
    unsupported("The schema \"" + schema + "\"");
  request.kind = text_of(body.value("kind", json{}), "kind");
  if (body.contains("locale")) request.locale = text_of(body.at("locale"), "locale");
  if (body.contains("engines")) request.engines = texts_of(body.at("engines"), "engines");
  if (request.kind == "action") return take_action(body, request), request;
  if (body.contains("source")) request.source = text_of(body.at("source"), "source");
  const json params = body.value("params", json::object());
  const json filters = body.value("filters", json::object());
  for (const auto& [name, value] : params.items()) request.params[name] = text_of(value, name);
  for (const auto& [key, value] : filters.items()) take_filter(key, value, request.filter);
  if (const auto sort = body.find("sort"); sort != body.end() && sort->is_object()) {
    request.sort = text_of(sort->value("key", json{}), "key");
    request.page.descending = sort->value("order", "asc") == "desc";
  }
  if (const auto page = body.find("page"); page != body.end() && page->is_object()) {
    request.page.first = page->value("first", std::uint64_t{0});
    request.page.size = page->value("size", std::uint64_t{20});
    if (request.page.size == 0 || request.page.size > 1000) invalid("A page has 1 to 1,000 rows.");
  }
  return request;
}

}  // namespace

std::variant<Request, Problem> parse_request(std::string_view body) {
  try {
    return parsed(json::parse(body));
  } catch (const Refused& refused) {
    return refused.problem;
  } catch (const json::exception& error) {
    return Problem{COCKPIT_INVALID, "Malformed request", error.what()};
  }
}

std::string problem_body(const Problem& problem) {
  return cockpit::problem(problem.title, problem.detail);
}

}  // namespace batch_view
