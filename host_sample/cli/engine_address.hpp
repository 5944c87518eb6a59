// The base address of an engine, as a flag or the configuration gives it. Pure functions.
#pragma once

#include <string>

namespace host::cli {

// Why it is not one, for a person; empty: it is. What may hold a password is not repeated.
std::string why_bad_address(const std::string& url);

}  // namespace host::cli
