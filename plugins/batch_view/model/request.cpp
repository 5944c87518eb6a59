#include "model/request.hpp"

#include <cockpit/sdk.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "model/time.hpp"

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

// It becomes the name of an engine's filter, so only its own words are taken.
std::string log_state_of(const json& value) {
  auto state = text_of(value, "log-state");
  if (state != "creation" && state != "failure" && state != "success" && state != "deletion")
    invalid("\"" + state + "\" is no state of the job log: creation, failure, success or deletion.");
  return state;
}

void take_filter(const std::string& key, const json& value, BatchFilter& filter) {
  static const std::map<std::string, std::string BatchFilter::*> texts{
      {"id", &BatchFilter::id},       {"type", &BatchFilter::type},     {"user", &BatchFilter::user},
      {"state", &BatchFilter::state}, {"tenant", &BatchFilter::tenant}, {"instance", &BatchFilter::instance}};
  static const std::map<std::string, std::optional<bool> BatchFilter::*> flags{
      {"suspended", &BatchFilter::suspended}, {"failures", &BatchFilter::failures}};
  if (const auto text = texts.find(key); text != texts.end()) {
    filter.*text->second = text_of(value, key);
  } else if (const auto flag = flags.find(key); flag != flags.end()) {
    filter.*flag->second = flag_of(value, key);
  } else if (key == "without-tenant") {
    filter.without_tenant = flag_of(value, key);
  } else if (key == "log-state") {
    filter.log_state = log_state_of(value);
  } else if (key == "started") {
    if (!value.is_object()) invalid("\"started\" has to be {\"from\", \"to\"}.");
    filter.started_after = time_of(value, "from");
    filter.started_before = time_of(value, "to");
  } else {
    unsupported("The filter \"" + key + "\"");
  }
}

bool present(const json& body, const char* member) {
  return body.contains(member) && !body.at(member).is_null();
}

JobQuery query_of(const json& body) {
  if (!body.is_object()) invalid("\"query\" has to be an object.");
  JobQuery query;
  for (const auto& [name, value] : body.items()) {
    if (name == "group") {
      query.group = text_of(value, name);
    } else if (name == "count") {
      if (!value.is_number_integer()) invalid("\"count\" has to be a number.");
      query.count = value.get<std::int64_t>();
    } else if (name != "filters" || !value.empty()) {
      unsupported("Acting on what matches \"" + name + "\"");
    }
  }
  return query;
}

// Its words are the person's; only what is to be done matters.
ConfirmedPlan plan_of(const json& body) {
  if (!body.is_object()) invalid("\"plan\" has to be an object.");
  ConfirmedPlan plan;
  if (present(body, "key")) plan.key = text_of(body.at("key"), "key");
  if (present(body, "ids")) plan.ids = texts_of(body.at("ids"), "ids");
  return plan;
}

void take_form_value(const std::string& name, const json& value, Request& into) {
  if (value.is_boolean())
    into.flags[name] = value.get<bool>();
  else if (value.is_number_integer())
    into.numbers[name] = value.get<std::int64_t>();
  else if (value.is_string())
    into.texts[name] = value.get<std::string>();
  else if (!value.is_null())
    invalid("\"" + name + "\" has to be true, false, a whole number or a text.");
}

void take_action(const json& body, Request& into) {
  into.action = text_of(body.value("action", json{}), "action");
  into.run = text_of(body.value("run", json("")), "run");
  if (present(body, "source")) into.source = text_of(body.at("source"), "source");
  if (present(body, "dryRun")) into.dry_run = flag_of(body.at("dryRun"), "dryRun");
  if (present(body, "plan")) into.plan = plan_of(body.at("plan"));
  if (present(body, "query")) into.query = query_of(body.at("query"));
  if (present(body, "ids")) into.ids = texts_of(body.at("ids"), "ids");
  if (into.query && !into.ids.empty()) invalid("Either ids or a query, not both.");
  // The named objects live as long as the loops over them.
  const json params = body.value("params", json::object());
  const json expect = body.value("expect", json::object());
  const json source_params = body.value("sourceParams", json::object());
  for (const auto& [name, value] : params.items()) take_form_value(name, value, into);
  for (const auto& [name, value] : source_params.items())
    if (value.is_string()) into.source_params[name] = value.get<std::string>();
  for (const auto& [name, value] : expect.items()) {
    if (name != "state") unsupported("Expecting \"" + name + "\"");
    into.expect[name] = text_of(value, name);
  }
}

Request parsed(const json& body) {
  static const std::set<std::string> known{"schema",  "again",   "kind",   "source", "params",
                                           "engines", "filters", "sort",   "page",   "locale",
                                           "zone",    "trace",   "action", "run",    "ids",
                                           "query",   "dryRun",  "plan",   "expect", "sourceParams"};
  if (!body.is_object()) invalid("The request is no JSON object.");
  for (const auto& [member, value] : body.items())
    if (known.count(member) == 0) unsupported("\"" + member + "\"");
  Request request;
  if (const auto schema = text_of(body.value("schema", json{}), "schema"); schema != "cockpit.view/1")
    unsupported("The schema \"" + schema + "\"");
  request.kind = text_of(body.value("kind", json{}), "kind");
  if (present(body, "again")) request.again = flag_of(body.at("again"), "again");
  if (body.contains("locale")) request.locale = text_of(body.at("locale"), "locale");
  if (body.contains("engines")) request.engines = texts_of(body.at("engines"), "engines");
  if (request.kind == "action") return take_action(body, request), request;
  if (body.contains("source")) request.source = text_of(body.at("source"), "source");
  const json params = body.value("params", json::object());
  const json filters = body.value("filters", json::object());
  for (const auto& [name, value] : params.items()) request.params[name] = text_of(value, name);
  for (const auto& [key, value] : filters.items()) take_filter(key, value, request.filter);
  request.narrowed_by = filters.dump();
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

}  // namespace batch_view
