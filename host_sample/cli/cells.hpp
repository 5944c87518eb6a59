// Answers of plugins as text for the terminal: rows as a table, details as lines.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cli/table.hpp"
#include "views/description.hpp"

namespace host::cli {

// The answer to a read at a place of the description.
std::string as_text(const views::Description& description, const std::string& at,
                    const nlohmann::json& answer);

}  // namespace host::cli
