#include "base/hash.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace host {

std::string hex_text(std::span<const unsigned char> bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const auto byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error{"no SHA-256 from OpenSSL"};
  return hex_text(std::span{hash}.first(size));
}

}  // namespace host
