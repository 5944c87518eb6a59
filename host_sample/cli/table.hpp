// A table for the terminal: aligned columns, one line a row, nothing that could steer the terminal.
#pragma once

#include <string>
#include <vector>

namespace host::cli {

struct TableColumn {
  std::string title;
  bool right = false;  // numbers stand at the right
  int priority = 0;    // from 3 down to 1 they go where there is no room; 0 always stays
};

struct Cell {
  std::string text;
  std::string tone;  // of the description: "danger" …; empty: none
};

// How a text is drawn.
struct Style {
  bool colour = false;
  std::size_t width = 0;  // of a line; 0: any
};

class Table {
 public:
  static constexpr std::size_t widest_cell = 80;

  explicit Table(std::vector<TableColumn> columns);
  void add(std::vector<Cell> cells);
  std::size_t size() const { return rows_.size(); }
  std::string text(const Style& style = {}) const;

 private:
  std::vector<TableColumn> columns_;
  std::vector<std::vector<Cell>> rows_;
};

// Text with every control character, and every one that changes the writing direction, shown as a mark.
std::string harmless(const std::string& text);
// Harmless text in the colour of a tone.
std::string toned(const std::string& text, const std::string& tone, const Style& style);
// How many places a text takes.
std::size_t width_of(const std::string& text);

}  // namespace host::cli
