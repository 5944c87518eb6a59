// A command in a process of its own, so that whatever ends that process (a plugin that calls exit, or
// crashes) is never taken for success.
#pragma once

#include <filesystem>
#include <functional>

namespace host::cli {

// What the command says last, with its exit code.
using Said = std::function<void(int code)>;

// Runs the command in a child and gives its exit code; one that ended without a word of the command is a
// failure, and said on stderr, with the plugin whose call it was. Signals that this process is sent reach the
// child. To be called while there is one thread.
int run_watched(const std::filesystem::path& state_folder, const std::function<int(const Said&)>& command);

}  // namespace host::cli
