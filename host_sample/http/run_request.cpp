#include "http/run_request.hpp"

#include <nlohmann/json.hpp>

#include "base/json_text.hpp"

namespace host::http {
namespace {

using nlohmann::json;

constexpr std::size_t most_ids = 1000;
constexpr std::size_t longest_id = 1024;

std::string take(const json& body, const char* member, bool (*good)(const json&), const char* wanted,
                 std::string& into) {
  const auto at = body.find(member);
  if (at == body.end() || at->is_null()) return {};
  if (!good(*at)) return "\"" + std::string{member} + "\" has to be " + wanted;
  into = at->is_string() ? at->get<std::string>() : json_text(*at);
  return {};
}

bool is_text(const json& value) {
  return value.is_string();
}
bool is_object(const json& value) {
  return value.is_object();
}

std::string take_ids(const json& body, std::vector<std::string>& into) {
  const auto at = body.find("ids");
  if (at == body.end()) return {};
  const std::string wrong = "\"ids\" has to be a list of at most " + std::to_string(most_ids) + " texts";
  if (!at->is_array() || at->size() > most_ids) return wrong;
  for (const auto& id : *at) {
    if (!id.is_string() || id.get_ref<const std::string&>().empty() ||
        id.get_ref<const std::string&>().size() > longest_id)
      return wrong;
    into.push_back(id.get<std::string>());
  }
  return {};
}

}  // namespace

Result<views::RunStart> parse_run(const json& body) {
  using Failed = Result<views::RunStart>;
  auto question = views::parse_question(
      body, {"key", "action", "engine", "ids", "query", "params", "dryRun", "plan", "expect"});
  if (!question) return Failed::failed(question.reason);
  views::RunStart start;
  start.question = std::move(*question);
  auto& action = start.action;
  std::string engine;
  for (const auto& why :
       {take(body, "key", is_text, "a text", action.run),
        take(body, "action", is_text, "the id of an action", action.action),
        take(body, "engine", is_text, "the id of an engine", engine), take_ids(body, action.ids),
        take(body, "query", is_object, "an object", action.query),
        take(body, "params", is_object, "an object", action.params),
        take(body, "plan", is_object, "an object", action.plan),
        take(body, "expect", is_object, "an object", action.expect)})
    if (!why.empty()) return Failed::failed(why);
  if (const auto dry = body.find("dryRun"); dry != body.end()) {
    if (!dry->is_boolean()) return Failed::failed("\"dryRun\" has to be true or false");
    action.dry_run = dry->get<bool>();
  }
  if (!engine.empty()) start.question.engines = {engine};
  if (!action.ids.empty() && !action.query.empty()) return Failed::failed("\"ids\" or \"query\", not both");
  return Failed::of(std::move(start));
}

views::RunStart attempted(const json& body) {
  views::RunStart start;
  std::string engine;
  for (const auto& [member, into] :
       {std::pair{"plugin", &start.question.plugin}, std::pair{"at", &start.question.at},
        std::pair{"action", &start.action.action}, std::pair{"key", &start.action.run},
        std::pair{"engine", &engine}})
    if (body.contains(member) && body.at(member).is_string()) *into = body.at(member).get<std::string>();
  if (!engine.empty()) start.question.engines = {engine};
  return start;
}

}  // namespace host::http
