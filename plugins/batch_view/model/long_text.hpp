// Texts that may be too long for where they are shown. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace batch_view {

// At most so many bytes of it, none of a torn character.
std::string beginning_of(const std::string& text, std::size_t longest);

// The text, or where it is too long its beginning with the size of the whole, as exchange.md has it.
nlohmann::json cut(const std::string& text, std::size_t longest);

// A stack trace, or its beginning where an answer to a watch could not hold it: the first lines say what
// failed.
nlohmann::json trace_of(const std::string& text);

}  // namespace batch_view
