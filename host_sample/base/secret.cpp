#include "base/secret.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace host {

std::string random_name() {
  constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error{"the system has no randomness to give"};
  std::string name;
  for (const auto byte : bytes) name += digits[byte & 63];
  return name;
}

bool same_secret(const std::string& one, const std::string& other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

void wipe(std::string& secret) noexcept {
  secret.resize(secret.capacity());  // within the capacity: allocates nothing
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

}  // namespace host
