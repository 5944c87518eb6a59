// What a problem says, in one line, for whoever reads without the plugin's strings. Pure functions.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace host::views {

// "Not there: There is no …". Title and detail are plain, or {key, args, fallback}, of which the fallback is
// taken; what has neither is "Failed". The words are the plugin's as they came: not yet safe for a terminal.
std::string problem_text(const nlohmann::json& problem);

}  // namespace host::views
