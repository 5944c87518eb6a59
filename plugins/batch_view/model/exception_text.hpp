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

// The class named by the innermost "Caused by:" of a Java stack trace, or by its first line; empty if it
// names none.
std::string innermost_exception(std::string_view stack_trace);

// What failed, without the expression that called it, which engines up to 7.18 put before it: "Error while
// evaluating expression: ${…}. Cause: " and then the message, maybe of another expression.
std::string_view without_expression(std::string_view message);

// "java.lang.IllegalStateException: …" without its package, as people say it, and without_expression().
std::string without_package(const std::string& message);

// The first UUID in a text that is none of `known`; empty if there is none.
std::string first_uuid(std::string_view text, std::string_view known, std::string_view also_known);

}  // namespace batch_view
