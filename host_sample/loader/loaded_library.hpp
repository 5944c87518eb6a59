// A plugin library in this process. Once loaded it stays mapped until the process ends.
#pragma once

#include <cockpit/plugin.h>

#include <filesystem>

#include "base/result.hpp"

namespace host::loader {

// Whether the symbol table names the entry, read from the file without running any code of it. Empty: it
// does; else why not. Malformed files can make this slow or crash: only for a process that may (the probe).
std::string why_no_entry(const std::filesystem::path& library);

// Maps the library for good and gives its entry. Runs its constructors. [any thread, one at a time]
Result<cockpit_plugin_entry> load_for_good(const std::filesystem::path& library);

}  // namespace host::loader
