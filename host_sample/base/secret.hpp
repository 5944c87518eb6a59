// Secrets: made, compared and overwritten. Any thread.
#pragma once

#include <string>

namespace host {

// A name that cannot be guessed: 192 bits of the system's randomness, in a form that fits a path, a header
// and a file name. Throws std::runtime_error when the system has none.
std::string random_name();

// Compares without telling by its time how much was right.
bool same_secret(const std::string& one, const std::string& other);

// Overwrites the whole memory of a text, and empties it.
void wipe(std::string& secret) noexcept;

}  // namespace host
