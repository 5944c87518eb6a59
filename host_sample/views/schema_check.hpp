// Whether a plugin's description is one, by the JSON Schema that ships with the plugin API. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "loader/runtime.hpp"

namespace host::views {

inline constexpr std::size_t largest_description = loader::largest_description;
inline constexpr std::size_t longest_text = 4000;  // of any string in a description, in bytes
inline constexpr std::size_t most_columns = 64;
inline constexpr std::size_t most_actions = 32;

// Nothing, or what is wrong and where: with the value that is wrong and those that it may have. Checks size
// and lengths first, so that no pattern meets a long string; then the schema; then what a schema cannot say:
// that every view, action and handler named is there, that no two things of a kind have one name, that this
// host has what the page requires, and that the description is of the library with that id.
std::string why_bad_description(std::string_view description, std::string_view library_id);

}  // namespace host::views
