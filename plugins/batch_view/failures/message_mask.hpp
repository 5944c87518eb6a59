// What a failure's message has in common with the others of its cause. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace batch_view {

// Engines cut messages at 666 characters, wherever that falls: only so much of a masked one is compared.
inline constexpr std::size_t compared_characters = 400;

// The message with all that differs from job to job replaced: ‹id› for UUIDs and hexadecimal ids, ‹time› for
// timestamps, ‹…› for what is quoted, ‹path› for files, ‹n› for numbers. Names of classes and codes of the
// engine (ENGINE-03005) stay. At most `compared_characters` characters, never a torn one.
std::string masked(std::string_view message);

// A short name for a masked message, the same in every run of every plugin.
std::string key_of_cause(std::string_view masked);

}  // namespace batch_view
