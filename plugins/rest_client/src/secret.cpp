#include "secret.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

namespace rest_client {

Secret::Secret(Secret&& other) noexcept
    : bytes_(std::move(other.bytes_)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
  }
  return *this;
}

void Secret::append(std::string_view text) {
  const std::size_t needed = size_ + text.size();
  if (needed > capacity_) {
    const std::size_t room = std::max(needed, 2 * capacity_);
    auto larger = std::make_unique<char[]>(room);
    std::copy_n(bytes_.get(), size_, larger.get());
    if (bytes_) OPENSSL_cleanse(bytes_.get(), capacity_);
    bytes_ = std::move(larger);
    capacity_ = room;
  }
  std::copy(text.begin(), text.end(), bytes_.get() + size_);
  size_ = needed;
}

void Secret::wipe() noexcept {
  if (bytes_) OPENSSL_cleanse(bytes_.get(), capacity_);
  size_ = 0;
}

void wipe(std::string& text) noexcept {
  text.resize(text.capacity());  // within the capacity: allocates nothing
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace rest_client
