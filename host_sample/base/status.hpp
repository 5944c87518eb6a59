// The status codes of the plugin ABI as the host's own words, for pages, terminals and logs.
#pragma once

#include <cockpit/base.h>

#include <string>
#include <string_view>

namespace host {

// "ok", "not_found" …; "internal" for a number the ABI does not know.
std::string_view status_name(cockpit_status status);

// The HTTP status that says the same.
unsigned http_status(cockpit_status status);

// A problem JSON of that status. `detail` names the cause for the person who looks.
std::string problem_json(cockpit_status status, std::string_view title, std::string_view detail);

// "Title: detail" of a problem JSON, for a line of a log; texts that are translated by their fallback.
std::string problem_words(const std::string& problem);

}  // namespace host
