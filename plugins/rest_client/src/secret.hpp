// Text that must not stay in memory: its bytes are overwritten when it goes. Any thread; moves leave nothing
// behind.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace rest_client {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text) { append(text); }
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { wipe(); }

  // The bytes move to larger memory where needed; the former memory is wiped.
  void append(std::string_view text);
  std::string_view view() const { return {bytes_.get(), size_}; }
  bool empty() const { return size_ == 0; }

  // Overwrites the bytes; the text is empty afterwards.
  void wipe() noexcept;

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// Overwrites all memory of the string, and empties it.
void wipe(std::string& text) noexcept;

}  // namespace rest_client
