// Digests as text. Any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace host {

// Two lower-case digits a byte.
std::string hex_text(std::span<const unsigned char> bytes);

// SHA-256 of a text, in hex.
std::string sha256_hex(std::string_view text);

}  // namespace host
