// What a request for an action has to say, and may say: everything is checked against the description before
// the plugin is asked.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/json_text.hpp"
#include "base/utf8.hpp"
#include "views/description.hpp"
#include "views/params.hpp"

namespace host::views {
namespace {

using nlohmann::json;
using Action = Description::ActionRequest;

std::string named(const std::string& member) {
  return "\"" + std::string{first_bytes(member, 60)} + "\"";
}

// What it is done to.
std::string why_bad_target(const json& described, const Action& action) {
  const auto scope = described.value("scope", "one");
  const auto who = "the action " + named(action.action);
  if (scope == "none" && !(action.ids.empty() && action.query.empty()))
    return who + " is about no single thing";
  if (scope != "none" && action.ids.empty() && action.query.empty())
    return who + " needs the id of what it acts on";
  if (scope == "one" && action.ids.size() > 1) return who + " takes one id";
  if (scope != "query" && !action.query.empty()) return who + " takes ids, and no query";
  std::set<std::string_view> seen;
  for (const auto& id : action.ids)
    if (!seen.insert(id).second) return named(id) + " is named twice";
  return {};
}

std::string why_bad_plan(const json& described, const Action& action) {
  const auto plan = described.value("dryRun", json(false));
  const bool plans = plan == json(true) || plan == json("offered");
  if (action.dry_run && !plans) return "the action " + named(action.action) + " has no dry run";
  if (!action.plan.empty() && !plans)
    return "the action " + named(action.action) + " has no dry run, and so no plan";
  if (!action.plan.empty() && action.dry_run) return "a dry run makes a plan, and takes none";
  const auto expected = json_object(action.expect);
  const auto may = described.value("expect", json::array());
  for (const auto& [name, value] : expected.items())
    if (std::find(may.begin(), may.end(), json(name)) == may.end())
      return "the action " + named(action.action) + " expects nothing of " + named(name);
  return {};
}

// All that match; how many there were tells whether they are those that were meant.
std::string why_bad_query(const json* place, const Action& action) {
  if (action.query.empty()) return {};
  const auto query = json_object(action.query);
  for (const auto& [member, value] : query.items())
    if (member != "filters" && member != "group" && member != "count")
      return named(member) + " is unknown in \"query\"";
  const auto filters = query.value("filters", json::object());
  if (!filters.is_object()) return R"("filters" has to be an object, in "query")";
  const auto known = place == nullptr ? json::array() : place->value("filters", json::array());
  for (const auto& [key, value] : filters.items())
    if (std::none_of(known.begin(), known.end(),
                     [&key](const json& one) { return one.value("key", "") == key; }))
      return "the list has no filter " + named(key);
  if (query.contains("group") && !query.at("group").is_string())
    return R"("group" has to be the key of a group, in "query")";
  const auto count = query.find("count");
  if (count != query.end() && !count->is_number_unsigned())
    return R"("count" has to be the number of things that were seen, in "query")";
  if (action.dry_run || !action.plan.empty()) return {};
  if (count == query.end() || *count == json(0))
    return R"("query" needs the "count" that was seen, 1 or more, or a "plan" that is confirmed)";
  return {};
}

}  // namespace

Result<json> Description::action_request(const Question& question, const ActionRequest& action,
                                         const json& settings) const {
  using Failed = Result<json>;
  const auto* described = this->action(action.action);
  if (described == nullptr) return Failed::failed("the plugin has no action \"" + action.action + "\"");
  json body;
  put_common(body, question);
  body["kind"] = "action";
  body["action"] = action.action;
  body["run"] = action.run;
  if (!question.at.empty()) {
    if (node(question.at) == nullptr)
      return Failed::failed("the description has nothing at " + named(question.at));
    std::string kind;
    auto source = source_at(question, settings, kind);
    if (source) {
      body["source"] = source->at("source");
      body["sourceParams"] = source->at("params");
    }
  }
  for (const auto& why : {why_bad_target(*described, action), why_bad_plan(*described, action),
                          why_bad_query(question.at.empty() ? nullptr : node(question.at), action)})
    if (!why.empty()) return Failed::failed(why);
  auto params = params_of(*described, json_object(action.params));
  if (!params) return Failed::failed(params.reason);
  if (!action.ids.empty()) body["ids"] = action.ids;
  if (!action.query.empty()) body["query"] = known_json(action.query);
  body["params"] = std::move(*params);
  if (action.dry_run) body["dryRun"] = true;
  if (!action.plan.empty()) body["plan"] = known_json(action.plan);
  if (!action.expect.empty()) body["expect"] = known_json(action.expect);
  return Failed::of(std::move(body));
}

}  // namespace host::views
