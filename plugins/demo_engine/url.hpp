// Takes a request target apart. Plain functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace demo_engine {

struct Target {
  std::vector<std::string> path;  ///< Decoded segments; a trailing slash adds none.
  std::vector<std::pair<std::string, std::string>> query;
};

/// Nothing for what the server refuses before the engine sees it: bad escapes, `%2F` and `%00` in the path.
std::optional<Target> parse_target(std::string_view target);

/// Standard base64; nothing when malformed.
std::optional<std::string> decode_base64(std::string_view text);

/// Splits at commas; an empty text gives no parts.
std::vector<std::string> split_list(std::string_view text);

}  // namespace demo_engine
