// What stands at the other end of stdout and stderr.
#pragma once

#include <cstddef>

namespace host::cli {

// Whether a descriptor is a terminal.
bool is_terminal(int descriptor);
// Whether it is one that is to be given colour: NO_COLOR and TERM=dumb say no.
bool takes_colour(int descriptor);
// How many characters stand on a line of it; 0 when that is not known.
std::size_t line_width(int descriptor);

}  // namespace host::cli
