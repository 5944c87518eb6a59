#include "views/csv.hpp"

#include <nlohmann/json.hpp>

#include "base/json_text.hpp"

namespace host::views {
namespace {

using nlohmann::json;

std::string as_text(const json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return value.get<std::string>();
  if (value.is_object())
    for (const auto* member : {"text", "id", "fallback"})
      if (value.contains(member) && value.at(member).is_string()) return value.at(member).get<std::string>();
  return json_text(value);
}

template <class Cell>
std::string line(const json& columns, Cell cell) {
  std::string text;
  bool first = true;
  for (const auto& column : columns) {
    if (column.value("sensitive", false)) continue;
    if (!std::exchange(first, false)) text += ',';
    text += cell(column.value("key", ""));
  }
  return text + "\r\n";
}

}  // namespace

std::string csv_cell(const json& value) {
  if (value.is_number() || value.is_boolean()) return json_text(value);
  auto text = as_text(value);
  if (text.empty()) return text;
  constexpr std::string_view formula = "=+-@\t\r";
  if (formula.find(text.front()) != std::string_view::npos) text.insert(0, 1, '\'');
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

json columns_of_rows(const json& columns, bool of_several_engines) {
  auto all = columns;
  if (of_several_engines) all.insert(all.begin(), json{{"key", "engine"}, {"label", "Engine"}});
  return all;
}

std::string csv_titles(const json& columns) {
  return line(columns, [](const std::string& key) { return csv_cell(key); });
}

std::string csv_row(const json& columns, const json& row) {
  return line(columns, [&row](const std::string& key) {
    return row.contains(key) ? csv_cell(row.at(key)) : std::string{};
  });
}

}  // namespace host::views
