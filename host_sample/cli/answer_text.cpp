#include "cli/answer_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "views/csv.hpp"

namespace host::cli {
namespace {

using nlohmann::json;

// The figures below read as they do on the page.

std::string with_one_digit(double value) {
  char text[48];
  std::snprintf(text, sizeof text, "%.1f", value);
  std::string shown{text};
  if (shown.size() > 2 && shown.compare(shown.size() - 2, 2, ".0") == 0) shown.resize(shown.size() - 2);
  return shown;
}

// In its two largest units: 12 min, 1 h 5 min, 3 d 2 h.
std::string duration(double ms) {
  if (ms < 0) return "−" + duration(-ms);
  if (ms < 1000) return std::to_string(std::llround(ms)) + " ms";
  const auto seconds = std::llround(ms / 1000);
  constexpr std::array<std::pair<long long, const char*>, 4> units{
      {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}}};
  for (std::size_t i = 0; i < units.size(); ++i) {
    const auto [size, unit] = units[i];
    if (seconds < size) continue;
    const auto first = seconds / size;
    auto text = std::to_string(first) + " " + unit;
    const auto rest = i + 1 < units.size() && first < 10 ? seconds % size / units[i + 1].first : 0;
    if (rest > 0) text += " " + std::to_string(rest) + " " + units[i + 1].second;
    return text;
  }
  return "0 s";
}

std::string percent(double share) {
  return std::to_string(static_cast<long long>(std::floor(share * 100 + 1e-9))) + "%";
}

std::string bytes(double value) {
  constexpr std::array units{"B", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  for (; std::abs(value) >= 1000 && unit + 1 < units.size(); ++unit) value /= 1000;
  const auto text = value < 10 && unit > 0 ? with_one_digit(value) : std::to_string(std::llround(value));
  return text + " " + units[unit];
}

std::string tone_of(const json& column, const json& value) {
  std::string tone;
  if (column.contains("map") && value.is_string() && column.at("map").contains(value.get<std::string>()))
    tone = column.at("map").at(value.get<std::string>()).value("tone", "");
  if (value.is_number())
    for (const auto& threshold : column.value("thresholds", json::array()))
      if (value >= threshold.at("from")) tone = threshold.value("tone", "");
  return tone;
}

std::string text_of(const views::Description& description, const json& column, const json& row) {
  const auto key = column.value("key", "");
  const auto type = column.value("type", "text");
  const auto value = row.contains(key) ? row.at(key) : json{};
  if (value.is_null()) return description.words(column.value("noValue", "–"), "en");
  if (column.contains("map")) {
    const auto text = plain(value);
    if (!column.at("map").contains(text)) return text;
    return description.words(column.at("map").at(text).value("label", text), "en");
  }
  if (type == "duration" && value.is_number()) return duration(value.get<double>());
  if (type == "percent" && value.is_number()) return percent(value.get<double>());
  if (type == "bytes" && value.is_number()) return bytes(value.get<double>());
  if (type == "progress" && column.contains("of")) {
    const auto of = row.value(column.at("of").get<std::string>(), json{});
    return plain(value) + " of " + plain(of);
  }
  if (type == "boolean" && value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  return plain(value);
}

Cell cell(const views::Description& description, const json& column, const json& row) {
  return {text_of(description, column, row), tone_of(column, row.value(column.value("key", ""), json{}))};
}

std::string title_of(const views::Description& description, const json& column) {
  return description.words(column.value("label", column.value("key", "")), "en");
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

// The fields as lines, their values one below the other.
std::string fields_text(const views::Description& description, const json& fields_described,
                        const json& answer, const Style& style) {
  const auto fields = answer.value("fields", json::object());
  std::vector<std::pair<std::string, Cell>> lines;
  std::size_t widest = 0;
  for (const auto& field : fields_described) {
    if (!applies(field, answer)) continue;
    auto shown = cell(description, field, fields);
    shown.text = harmless(shown.text);
    lines.emplace_back(harmless(title_of(description, field)), std::move(shown));
    widest = std::max(widest, width_of(lines.back().first));
  }
  std::string text;
  for (const auto& [title, value] : lines)
    text += toned(title + ":", "title", style) + std::string(widest - width_of(title) + 1, ' ') +
            toned(value.text, value.tone, style) + "\n";
  return text;
}

}  // namespace

std::string plain(const json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_object()) {
    for (const auto* member : {"name", "text", "label", "fallback", "id"})
      if (value.contains(member) && value.at(member).is_string()) return value.at(member);
  }
  return json_text(value);
}

json columns_of(const json& place) {
  if (place.contains("columns")) return place.at("columns");
  const auto type = place.value("type", "");
  if (type == "groups")
    return known_json(
        R"([{"key":"label","label":"Cause","type":"text"},{"key":"count","label":"Count","type":"integer"},
      {"key":"key","label":"Key","type":"id"}])");
  if (type == "timeline")
    return known_json(
        R"([{"key":"at","label":"At","type":"datetime"},{"key":"label","label":"What","type":"text"},
      {"key":"text","label":"Text","type":"text"},{"key":"by","label":"By","type":"user"}])");
  return json::array();
}

Table table_for(const views::Description& description, const json& columns) {
  std::vector<TableColumn> titles;
  for (const auto& column : columns) {
    const auto type = column.value("type", "text");
    const bool number =
        type == "integer" || type == "number" || type == "percent" || type == "duration" || type == "bytes";
    titles.push_back({title_of(description, column), number, column.value("priority", 0)});
  }
  return Table{std::move(titles)};
}

void add_rows(Table& table, const views::Description& description, const json& columns, const json& answer) {
  for (const auto& row : answer.value("rows", json::array())) {
    std::vector<Cell> cells;
    for (const auto& column : columns) cells.push_back(cell(description, column, row));
    table.add(std::move(cells));
  }
}

bool is_incomplete(const json& answer) {
  const auto scanned = answer.value("scanned", json{});
  const auto of = answer.value("of", json{});
  return scanned.is_number() && of.is_number() && scanned < of;
}

std::string warnings_text(const json& answer, const Style& style) {
  std::string text;
  if (is_incomplete(answer))
    text += toned("! Incomplete: " + json_text(answer.at("scanned")) + " of " + json_text(answer.at("of")) +
                      " were checked; what matches among the others is not in it.",
                  "warning", style) +
            "\n";
  for (const auto& warning : answer.value("warnings", json::array()))
    text += toned("! " + harmless(plain(warning)), "warning", style) + "\n";
  return text;
}

std::string count_text(std::size_t shown, const json& answer) {
  if (!answer.contains("total") || !answer.at("total").is_number()) return {};
  const auto kind = answer.value("totalKind", "exact");
  const auto* about = kind == "estimate" ? "about " : kind == "atLeast" ? "at least " : "";
  return std::to_string(shown) + " of " + about + json_text(answer.at("total")) + "\n";
}

std::string as_text(const views::Description& description, const std::string& at, bool mixed,
                    const json& answer, const Style& style) {
  const auto& place = *description.node(at);
  auto text = warnings_text(answer, style);
  const auto columns = views::columns_of_rows(columns_of(place), mixed);
  if (answer.contains("rows") && !columns_of(place).empty()) {
    auto table = table_for(description, columns);
    add_rows(table, description, columns, answer);
    return text + table.text(style) + count_text(table.size(), answer);
  }
  const auto fields = answer.value("fields", json::object());
  if (place.contains("sections")) {
    for (const auto& section : place.at("sections"))
      if (!section.contains("source") && section.contains("fields") && applies(section, answer))
        text += fields_text(description, section.at("fields"), answer, style);
    return text;
  }
  if (place.value("type", "") == "code") {
    for (const auto& [key, value] : fields.items()) text += plain(value) + "\n";
    return text;
  }
  return text + indented_json(answer) + "\n";
}

}  // namespace host::cli
