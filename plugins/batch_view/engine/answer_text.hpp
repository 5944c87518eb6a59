// What engines answer, as JSON that can be read. Some of it is not: an engine cuts messages at 666 UTF-16
// units, which may leave half of a pair ("\uD83D"), and what it passes on may hold bytes that are no UTF-8. A
// strict reader would refuse the whole answer for it. Pure functions, any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace batch_view {

// Puts U+FFFD in the place of each half of a surrogate pair, of bytes that are no UTF-8, and of control
// characters inside texts; all else stays as it is. One pass; what it returns is at most three times as long.
std::string readable_json(std::string text);

// Nothing: it is no JSON.
std::optional<nlohmann::json> read_json(std::string text);

}  // namespace batch_view
