#include "cli/table.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace host::cli {
namespace {

std::string cut(const std::string& text, std::size_t most) {
  if (characters_in(text) <= most) return text;
  return std::string{first_characters(text, most - 1)} + "…";
}

}  // namespace

std::string harmless(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    const auto third = i + 2 < text.size() ? static_cast<unsigned char>(text[i + 2]) : 0;
    const bool direction =
        byte == 0xe2 &&
        ((next == 0x80 && ((third >= 0x8e && third <= 0x8f) || (third >= 0xaa && third <= 0xae))) ||
         (next == 0x81 && third >= 0xa6 && third <= 0xa9));
    if (direction) {
      out += "\ufffd";
      i += 2;
    } else if (byte == 0xc2 && next >= 0x80 && next <= 0x9f) {
      out += "\ufffd";
      ++i;
    } else if (byte == '\n' || byte == '\t' || byte == '\r') {
      out += ' ';
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\ufffd";
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string toned(const std::string& text, const std::string& tone, const Style& style) {
  const char* colour = tone == "danger"    ? "31"
                       : tone == "warning" ? "33"
                       : tone == "success" ? "32"
                       : tone == "info"    ? "36"
                       : tone == "title"   ? "1"
                                           : nullptr;
  if (!style.colour || colour == nullptr) return text;
  return "\033[" + std::string{colour} + "m" + text + "\033[0m";
}

std::size_t width_of(const std::string& text) {
  return characters_in(text);
}

Table::Table(std::vector<TableColumn> columns) : columns_(std::move(columns)) {}

void Table::add(std::vector<Cell> cells) {
  cells.resize(columns_.size());
  for (auto& cell : cells) cell.text = cut(harmless(cell.text), widest_cell);
  rows_.push_back(std::move(cells));
}

std::string Table::text(const Style& style) const {
  std::vector<std::size_t> widths;
  std::vector<Cell> titles;
  for (const auto& column : columns_) {
    titles.push_back({harmless(column.title), "title"});
    widths.push_back(characters_in(titles.back().text));
  }
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], characters_in(row[i].text));

  // What has no room goes, the least important and rightmost first.
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < columns_.size(); ++i) shown.push_back(i);
  const auto too_wide = [&] {
    std::size_t sum = 0;
    for (const auto i : shown) sum += widths[i] + 2;
    return style.width != 0 && sum > style.width + 2;
  };
  for (int priority = 3; priority > 0; --priority)
    for (auto at = shown.size(); at-- > 0 && too_wide();)
      if (columns_[shown[at]].priority == priority)
        shown.erase(shown.begin() + static_cast<std::ptrdiff_t>(at));

  const auto line = [&](const std::vector<Cell>& cells) {
    std::string out;
    std::string space;  // what would stand at the end of a line is left out
    for (const auto i : shown) {
      const std::string fill(widths[i] - characters_in(cells[i].text), ' ');
      if (i != shown.front()) space += "  ";
      if (columns_[i].right) space += fill;
      if (!cells[i].text.empty()) {
        out += space + toned(cells[i].text, cells[i].tone, style);
        space.clear();
      }
      if (!columns_[i].right) space += fill;
    }
    return out + "\n";
  };
  auto text = line(titles);
  for (const auto& row : rows_) text += line(row);
  return text;
}

}  // namespace host::cli
