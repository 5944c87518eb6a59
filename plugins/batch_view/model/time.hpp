// The times of engines (2026-11-23T16:08:03.430+0000, and the other forms that an operator can have them
// write). Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace batch_view {

// As ISO 8601 with a colon in the offset; anything else as it is.
std::string iso(const std::string& engine_time);
// Ms since 1970, if it is a time.
std::optional<std::int64_t> ms_of(const std::string& engine_time);
// The way back: an ISO 8601 time as engines take it; none if it is no time.
std::optional<std::string> engine_time(const std::string& iso);

}  // namespace batch_view
