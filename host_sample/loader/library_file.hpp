// A plugin file before any of its code runs: may it be trusted, and which bytes exactly are we talking about?
// Any thread.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace host::loader {

// A copy of a plugin library that only this host can write, named after its content. What is checked, probed
// and loaded is this copy: between a check and a load of the original somebody could put another file there.
struct PrivateCopy {
  std::filesystem::path path;
  std::string hash;  // SHA-256, hex
};

inline constexpr std::uintmax_t largest_library = 512u << 20;

// Nothing, or why plugins of this folder must not be loaded: the folder and all above it have to belong to
// root or to the user of this process and be writable by nobody else (a group of which the owner is the only
// member is nobody else; so is everybody in a folder with the sticky bit, for what is not theirs).
std::string why_untrusted(const std::filesystem::path& folder);

// Copies a library into `store` (a folder of mode 0700). Fails for what is no regular file, leads out of its
// folder, belongs to or can be written by somebody else, is too large, or cannot be read.
Result<PrivateCopy> copy_library(const std::filesystem::path& library, const std::filesystem::path& store);

}  // namespace host::loader
