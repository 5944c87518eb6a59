// A run in the lines of the audit log. Pure functions; every line is shorter than Audit::longest_line.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "views/run_start.hpp"

namespace host::views {

// Who asks for what: the beginning of a line. Long values are cut, and say so.
nlohmann::json line_of(const std::string& event, const std::string& principal, const RunStart& start);

// The values of a member as they may stand in a line: whole, or their beginning and their length in bytes.
nlohmann::json bounded(const nlohmann::json& value);

// Adds ids to the last of the lines, and what does not fit there in further lines of the same run:
// {"event": "ids", "run", "part": 2, "ids"}.
void add_ids(std::vector<nlohmann::json>& lines, const std::string& run, const std::vector<std::string>& ids);

}  // namespace host::views
