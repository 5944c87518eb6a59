// The Retry-After field (RFC 9110, 10.2.3): a number of seconds or a date. Pure; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace rest_client {

// Longer waits than this are reported as this.
inline constexpr std::chrono::seconds longest_retry_after{24 * 3600};

// Nothing if the text is neither. A date is measured from the answer's own Date field where it has a valid
// one, so that a clock that is wrong here does no harm; else from `now`. A date that has passed is 0 seconds.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view text, std::string_view date_field,
                                                      std::chrono::sys_seconds now);

// The three date forms of RFC 9110, 5.6.7.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

}  // namespace rest_client
