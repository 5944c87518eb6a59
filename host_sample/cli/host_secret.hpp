// What only this host knows: it makes its sessions good here and nowhere else, over restarts. I/O before the
// serving begins; any thread.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace host::cli {

// The secret in the state folder, made there the first time, readable by its owner only. Fails with the cause
// when the folder cannot be used: then sessions can only be kept for as long as the process lives.
Result<std::string> host_secret(const std::filesystem::path& state);

}  // namespace host::cli
