// Points in time as the demo engine keeps and writes them: milliseconds since 1970 in UTC. Plain functions,
// any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace demo_engine {

using Milliseconds = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Milliseconds>;

/// The engine's only date format, always written in UTC: `2026-11-23T16:08:03.430+0000`.
std::string to_engine_date(Instant at);

/// Reads that format with any numeric offset; nothing for every other form (no milliseconds, `Z`, `+01:00`
/// …).
std::optional<Instant> parse_engine_date(std::string_view text);

/// The form of HTTP's Date header: `Mon, 23 Nov 2026 16:09:06 GMT`.
std::string to_http_date(Instant at);

}  // namespace demo_engine
