// JSON of others that is read as one thing or not at all: bounded in depth, no name twice in one object.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "base/result.hpp"

namespace host {

// The value, or in words what is wrong with the text. Any thread.
Result<nlohmann::json> parse_strict(std::string_view text, std::size_t deepest);

}  // namespace host
