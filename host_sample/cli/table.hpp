// A table for the terminal: aligned columns, one line a row, nothing that could steer the terminal.
#pragma once

#include <string>
#include <vector>

namespace host::cli {

struct TableColumn {
  std::string title;
  bool right = false;  // numbers stand at the right
};

class Table {
 public:
  static constexpr std::size_t widest_cell = 80;

  explicit Table(std::vector<TableColumn> columns);
  void add(std::vector<std::string> cells);
  std::string text() const;

 private:
  std::vector<TableColumn> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// Text with every control character, and every one that changes the writing direction, shown as a mark.
std::string harmless(const std::string& text);

}  // namespace host::cli
