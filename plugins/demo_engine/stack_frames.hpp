// Builds Java stack traces of the shape and length the engine's job executor produces. Plain functions, any
// thread.
#pragma once

#include <string>
#include <string_view>

namespace demo_engine {

/// A process's own code threw: the engine's wrapper with the message, its frames, the cause with the code's
/// frames, and the root cause below them.
std::string delegate_trace(const std::string& message, const std::string& cause, std::string_view thrower,
                           std::string_view root_cause);

/// A command of the engine itself threw: one exception over the frames of the job executor.
std::string command_trace(const std::string& first_line, std::string_view thrower);

}  // namespace demo_engine
