// A command in a process of its own, so that whatever ends that process (a plugin that calls exit, or
// crashes) is never taken for success.
#pragma once

#include <filesystem>
#include <functional>

namespace host::cli {

// To be called last by the command, with its exit code.
using ReportExit = std::function<void(int code)>;

// Runs the command in a child and gives its exit code; one that ended without a word of the command is a
// failure, and reported on stderr, with the plugin whose call it was. Signals that this process is sent reach
// the child. To be called while there is one thread.
int run_supervised(const std::filesystem::path& state_folder,
                   const std::function<int(const ReportExit&)>& command);

}  // namespace host::cli
