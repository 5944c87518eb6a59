// Rows as CSV (RFC 4180, UTF-8) that no spreadsheet takes for formulas. Pure functions.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace host::views {

// One cell: a text that begins with = + - @ tab or CR gets an apostrophe in front; numbers stay as they are.
std::string csv_cell(const nlohmann::json& value);

// The line of titles, and the line of a row, by the columns of a list; sensitive columns are left out.
std::string csv_titles(const nlohmann::json& columns);
std::string csv_row(const nlohmann::json& columns, const nlohmann::json& row);

// The columns of a list, ahead of them the engine of each row where rows of several are mixed.
nlohmann::json columns_of_rows(const nlohmann::json& columns, bool of_several_engines);

}  // namespace host::views
