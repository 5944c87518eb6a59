// Answers of plugins as text for the terminal: rows as a table, details as lines. Pure functions.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cli/table.hpp"
#include "views/description.hpp"

namespace host::cli {

// The answer to a read at a place of the description.
// `mixed`: its rows are of several engines.
std::string as_text(const views::Description& description, const std::string& at, bool mixed,
                    const nlohmann::json& answer, const Style& style);

// The same in parts, for a list that comes page by page.
// The columns of a list; those of groups and timelines, which describe none; else empty.
nlohmann::json columns_of(const nlohmann::json& place);
Table table_for(const views::Description& description, const nlohmann::json& columns);
void add_rows(Table& table, const views::Description& description, const nlohmann::json& columns,
              const nlohmann::json& answer);
// Whether the rows are of a part only, as the plugin had to filter or sort by itself.
bool is_incomplete(const nlohmann::json& answer);
// What has to be known before the rows.
std::string warnings_text(const nlohmann::json& answer, const Style& style);
// "20 of 212"; empty where the answer gives no total.
std::string count_text(std::size_t shown, const nlohmann::json& answer);

// A value in few words: the name of a person, the text of what is more than a text.
std::string plain(const nlohmann::json& value);

}  // namespace host::cli
