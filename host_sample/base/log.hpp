// The host's log: lines to stderr, from any thread. Data goes to stdout and never here; secrets never
// anywhere.
#pragma once

#include <string_view>

namespace host::log {

enum class Level { debug, info, warning, error };

// To be called once, at the start; before it nothing below `warning` is written.
void set_up(Level lowest);

void debug(std::string_view line);
void info(std::string_view line);
void warning(std::string_view line);
void error(std::string_view line);

}  // namespace host::log
