#include "cli/cells.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace host::cli {
namespace {

using nlohmann::json;

std::string duration(double ms) {
  const auto seconds = static_cast<long long>(std::llround(ms / 1000));
  if (seconds < 60) return std::to_string(seconds) + " s";
  if (seconds < 3600) return std::to_string(seconds / 60) + " min";
  if (seconds < 86400)
    return std::to_string(seconds / 3600) + " h " + std::to_string(seconds % 3600 / 60) + " min";
  return std::to_string(seconds / 86400) + " d";
}

std::string plain(const json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_object()) {
    for (const auto* member : {"name", "text", "label", "fallback", "id"})
      if (value.contains(member) && value.at(member).is_string()) return value.at(member);
  }
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string cell(const views::Description& description, const json& column, const json& row) {
  const auto key = column.value("key", "");
  const auto type = column.value("type", "text");
  const auto value = row.contains(key) ? row.at(key) : json{};
  if (value.is_null()) return description.words(column.value("noValue", "–"), "en");
  if (type == "status" && column.contains("map")) {
    const auto text = plain(value);
    if (!column.at("map").contains(text)) return text;
    return description.words(column.at("map").at(text).value("label", text), "en");
  }
  if (type == "duration" && value.is_number()) return duration(value.get<double>());
  if (type == "percent" && value.is_number())
    return std::to_string(std::llround(value.get<double>() * 100)) + " %";
  if (type == "progress" && column.contains("of")) {
    const auto of = row.value(column.at("of").get<std::string>(), json{});
    return plain(value) + " of " + plain(of);
  }
  if (type == "boolean" && value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  return plain(value);
}

std::string title_of(const views::Description& description, const json& column) {
  return description.words(column.value("label", column.value("key", "")), "en");
}

std::string rows_text(const views::Description& description, const json& place, const json& answer) {
  std::vector<TableColumn> titles;
  const auto columns = place.value("columns", json::array());
  for (const auto& column : columns) {
    const auto type = column.value("type", "text");
    titles.push_back({title_of(description, column), type == "integer" || type == "number" ||
                                                         type == "percent" || type == "duration" ||
                                                         type == "bytes"});
  }
  Table table{titles};
  const auto rows = answer.value("rows", json::array());
  for (const auto& row : rows) {
    std::vector<std::string> cells;
    for (const auto& column : columns) cells.push_back(cell(description, column, row));
    table.add(std::move(cells));
  }
  auto text = table.text();
  if (answer.contains("total") && answer.at("total").is_number())
    text += std::to_string(rows.size()) + " of " + answer.at("total").dump() + "\n";
  return text;
}

// Whether a part of the description is about what was answered: `when` on a capability; other roots are the
// page's.
bool applies(const json& part, const json& answer) {
  if (!part.contains("when")) return true;
  const auto& when = part.at("when");
  const auto field = when.value("field", "");
  if (field.rfind("caps.", 0) != 0 || when.value("op", "") != "eq") return true;
  const auto caps = answer.value("caps", json::object());
  return caps.value(field.substr(5), json{}) == when.value("value", json{});
}

std::string fields_text(const views::Description& description, const json& fields_described,
                        const json& answer) {
  const auto fields = answer.value("fields", json::object());
  std::string text;
  for (const auto& field : fields_described) {
    if (!applies(field, answer)) continue;
    const auto words = title_of(description, field);
    text += harmless(words) + ": " + harmless(cell(description, field, fields)) + "\n";
  }
  return text;
}

}  // namespace

std::string as_text(const views::Description& description, const std::string& at, const json& answer) {
  const auto& place = *description.node(at);
  std::string text;
  for (const auto& warning : answer.value("warnings", json::array()))
    text += "! " + harmless(plain(warning)) + "\n";
  if (answer.contains("rows") && place.contains("columns"))
    return text + rows_text(description, place, answer);
  const auto fields = answer.value("fields", json::object());
  if (place.contains("sections")) {
    for (const auto& section : place.at("sections"))
      if (!section.contains("source") && section.contains("fields") && applies(section, answer))
        text += fields_text(description, section.at("fields"), answer);
    return text;
  }
  if (place.value("type", "") == "code") {
    for (const auto& [key, value] : fields.items()) text += plain(value) + "\n";
    return text;
  }
  return text + answer.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace host::cli
