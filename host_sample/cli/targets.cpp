#include "cli/targets.hpp"

#include <algorithm>

#include "base/json_text.hpp"
#include "cli/cells.hpp"
#include "cli/pairs.hpp"
#include "views/pages.hpp"

namespace host::cli {

using nlohmann::json;

Targets::Targets(Session& session, const DoRequest& request, ActionName action)
    : session_(session),
      request_(request),
      action_(std::move(action)),
      description_(session.service.description(action_.plugin)) {}

void Targets::find(std::function<void(views::RunStart, std::string)> found) {
  found_ = std::move(found);
  const bool many = request_.all || !request_.group.empty();
  if (many && !request_.ids.empty()) return session_.refuse("ids, or --all or --group, not both", usage);
  if (!many && !request_.filters.empty())
    return session_.refuse("--filter goes with --all or --group", usage);
  const auto& engines = session_.service.options().engines;
  start_.question.plugin = action_.plugin;
  if (!request_.engine.empty()) start_.question.engines = {request_.engine};
  if (request_.engine.empty() && engines.size() == 1) start_.question.engines = {engines.front().id};
  if (start_.question.engines.empty() && !engines.empty())
    return session_.refuse(why_no_engine(engines.size()), usage);
  start_.action.action = action_.action;
  start_.action.ids = request_.ids;
  const auto& action = *description_->action(action_.action);
  for (const auto& pair : request_.params)
    if (auto why = add_param(action, pair, start_.action.params); !why.empty())
      return session_.refuse(why, usage);
  if (!request_.place.empty()) return find_place(request_.place);
  if (!many) return found_(std::move(start_), {});
  const auto places = places_of(*description_, action_, !request_.group.empty());
  if (places.size() == 1) return find_place(places.front());
  std::string known;
  for (const auto& place : places) known += " " + place;
  session_.refuse(places.empty() ? "no list offers \"" + request_.name + "\"; say --in LIST"
                                 : "several lists offer it; say --in one of" + known,
                  usage);
}

void Targets::find_place(const std::string& name) {
  const auto place = resolve(session_.service, name);
  if (!place) return session_.refuse(place.reason, usage);
  if (place->plugin != action_.plugin)
    return session_.refuse("\"" + name + "\" is of another plugin than the action", usage);
  if (place->needs_id && request_.of.empty())
    return session_.refuse("\"" + name + "\" is about one thing: say --of ID", usage);
  session_.ask_at(*place, request_.of, request_.engine, [this](views::Question question) {
    if (question.engines.empty()) question.engines = start_.question.engines;
    start_.question = std::move(question);
    const auto& node = *description_->node(start_.question.at);
    for (const auto& pair : request_.filters)
      if (auto why = add_filter(node, pair, start_.question.filters); !why.empty())
        return session_.refuse(why, usage);
    if (!request_.group.empty()) return count_group();
    if (!request_.all) return found_(std::move(start_), {});
    const auto scope = description_->action(action_.action)->value("scope", "one");
    if (scope == "query") return count_all();
    if (scope == "many") {
      walk_ = {node.value("idField", "id"), 0, views::rows_a_walked_page};
      return collect();
    }
    session_.refuse("\"" + request_.name + "\" is done to one thing at a time: --all is not for it", usage);
  });
}

// An action on a query carries the number that the person saw.
void Targets::count_all() {
  auto question = start_.question;
  question.size = 1;
  session_.service.read(question, [this](cockpit_status status, const std::string& body) {
    if (status != COCKPIT_OK) return session_.failed(status, body);
    const auto answer = json::parse(body);
    if (!answer.contains("total") || answer.value("totalKind", "exact") != "exact")
      return session_.refuse("the list does not say how many there are: narrow it by --filter", failure);
    if (answer.at("total") == 0) return session_.refuse("Nothing matches; nothing was done.", done);
    found(answer.at("total"), answer.at("total").dump() + " match");
  });
}

void Targets::count_group() {
  session_.service.read(start_.question, [this](cockpit_status status, const std::string& body) {
    if (status != COCKPIT_OK) return session_.failed(status, body);
    std::string known;
    for (const auto& group : json::parse(body).value("rows", json::array())) {
      if (group.value("key", "") == request_.group)
        return found(group.value("count", json{}), group.value("count", json{}).dump() + " of \"" +
                                                       plain(group.value("label", json{})) + "\"");
      known += " " + group.value("key", "");
    }
    session_.refuse("There is no group \"" + request_.group + "\"; there is:" + known, usage);
  });
}

// An action that takes no query is given every id.
void Targets::collect() {
  start_.question.first = walk_.next().value_or(0);
  start_.question.size = views::rows_a_walked_page;
  session_.service.read(start_.question, [this](cockpit_status status, const std::string& body) {
    if (status != COCKPIT_OK) return session_.failed(status, body);
    const auto answer = json::parse(body);
    auto& question = start_.question;
    const auto key = description_->node(question.at)->value("idField", "id");
    for (const auto& row : walk_.take(answer)) start_.action.ids.push_back(plain(row.value(key, json{})));
    if (start_.action.ids.size() > most_ids)
      return session_.refuse("more than " + std::to_string(most_ids) + " match: narrow them by --filter",
                             usage);
    if (walk_.next()) return collect();
    const auto count = start_.action.ids.size();
    if (count == 0) return session_.refuse("Nothing matches; nothing was done.", done);
    question.first = question.size = 0;
    found_(std::move(start_), std::to_string(count) + " match");
  });
}

void Targets::found(const json& count, const std::string& words) {
  auto& query = start_.action.query;
  json made{
      {"filters", start_.question.filters.empty() ? json::object() : json::parse(start_.question.filters)}};
  if (!request_.group.empty()) made["group"] = request_.group;
  if (count.is_number()) made["count"] = count;
  query = json_text(made);
  found_(std::move(start_), words);
}

}  // namespace host::cli
