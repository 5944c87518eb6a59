// Checks what a plugin hands over as JSON before anything else of the host sees it. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace host::plugins {

// `body` as it came, on one line: every line break in it stood between tokens and has become a space, so that
// it can be a `data:` line of an event stream. Fails, with the place, on anything that is not one JSON value
// in UTF-8 of at most `depth` levels. Builds no tree; needs memory for the longest string only.
Result<std::string> on_one_line(std::string_view body, std::size_t depth);

}  // namespace host::plugins
