// Names that nobody can guess: 192 bits of the system's randomness, in a form that fits a path, a header and
// a file name.
#pragma once

#include <string>

namespace host {

std::string random_name();

// Compares without telling by its time how much was right.
bool same_secret(const std::string& one, const std::string& other);

}  // namespace host
