// Whether a plugin's description is one, by the JSON Schema that ships with the plugin API. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace host::views {

inline constexpr std::size_t largest_description = 256u << 10;
inline constexpr std::size_t longest_text = 4000;  // of any string in a description, in bytes
inline constexpr std::size_t most_columns = 64;
inline constexpr std::size_t most_actions = 32;

// Nothing, or what is wrong and where. Checks size and lengths first, so that no pattern meets a long string;
// then the schema; then what a schema cannot say: that every view, action and handler named is there.
std::string why_bad_description(std::string_view description);

}  // namespace host::views
