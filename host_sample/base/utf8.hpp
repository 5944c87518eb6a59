// Texts in UTF-8, counted and cut by characters. Pure functions.
#pragma once

#include <cstddef>
#include <string_view>

namespace host {

// How many characters a text has.
std::size_t characters_in(std::string_view text);

// The beginning of a text that has at most so many characters, or bytes; no character of it is broken.
std::string_view first_characters(std::string_view text, std::size_t most);
std::string_view first_bytes(std::string_view text, std::size_t most);

}  // namespace host
