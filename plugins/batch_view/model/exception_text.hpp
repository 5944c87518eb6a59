// Messages and stack traces of Java exceptions, as people read them. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

namespace batch_view {

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
