#include "failing_memory.hpp"

#include <cstdlib>
#include <new>

namespace failing_memory {

thread_local std::size_t fails_at = 0;

}  // namespace failing_memory

// All of them that are used: memory of one kind is not to end up with another one's.
void* operator new(std::size_t size, const std::nothrow_t& /*nothing*/) noexcept {
  using failing_memory::fails_at;
  if (fails_at != 0 && --fails_at == 0) return nullptr;
  return std::malloc(size == 0 ? 1 : size);
}
void* operator new(std::size_t size) {
  if (void* bytes = operator new(size, std::nothrow)) return bytes;
  throw std::bad_alloc{};
}
void operator delete(void* bytes) noexcept {
  std::free(bytes);
}
void operator delete(void* bytes, std::size_t) noexcept {
  std::free(bytes);
}
