#include "views/run_lines.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/json_text.hpp"
#include "base/utf8.hpp"

namespace host::views {
namespace {

using nlohmann::json;

constexpr std::size_t most_bytes = 4096;      // of one member
constexpr std::size_t kept_bytes = 1024;      // of one that is longer
constexpr std::size_t most_id_bytes = 16384;  // of the ids in one line

json parsed(const std::string& text) {
  return text.empty() ? json::object() : parse_json(text);
}

void put(json& line, const char* member, const std::string& object) {
  if (const auto value = parsed(object); !value.empty()) line[member] = bounded(value);
}

}  // namespace

json bounded(const json& value) {
  const auto text = value.is_string() ? value.get<std::string>() : json_text(value);
  if (text.size() <= most_bytes) return value;
  return {{"text", first_bytes(text, kept_bytes)}, {"cut", text.size()}};
}

json line_of(const std::string& event, const std::string& principal, const RunStart& start) {
  const auto& [question, action] = start;
  json line{{"event", event},
            {"key", bounded(action.run)},
            {"principal", principal},
            {"plugin", bounded(question.plugin)},
            {"action", bounded(action.action)},
            {"engine", question.engines.empty() ? json{} : json(question.engines.front())}};
  if (!question.at.empty()) line["at"] = bounded(question.at);
  put(line, "row", question.row);
  put(line, "parent", question.parent);
  put(line, "query", action.query);
  put(line, "params", action.params);
  put(line, "expect", action.expect);
  if (action.dry_run) line["dryRun"] = true;
  if (const auto plan = parsed(action.plan); plan.is_object() && plan.contains("id"))
    line["plan"] = bounded(plan.at("id"));
  return line;
}

void add_ids(std::vector<json>& lines, const std::string& run, const std::vector<std::string>& ids) {
  lines.back()["ids"] = json::array();
  lines.back()["count"] = ids.size();
  std::size_t bytes = 0;
  std::size_t part = 1;
  for (const auto& id : ids) {
    if (bytes + id.size() > most_id_bytes) {
      lines.push_back({{"event", "ids"}, {"run", run}, {"part", ++part}, {"ids", json::array()}});
      bytes = 0;
    }
    bytes += id.size() + 3;
    lines.back()["ids"].push_back(id);
  }
}

}  // namespace host::views
