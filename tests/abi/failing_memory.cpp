#include "failing_memory.hpp"

#include <cstdlib>
#include <new>

namespace failing_memory {

thread_local std::size_t fails_at = 0;

}  // namespace failing_memory

void* operator new(std::size_t size) {
  using failing_memory::fails_at;
  if (fails_at != 0 && --fails_at == 0) throw std::bad_alloc{};
  if (void* bytes = std::malloc(size == 0 ? 1 : size)) return bytes;
  throw std::bad_alloc{};
}
void operator delete(void* bytes) noexcept {
  std::free(bytes);
}
void operator delete(void* bytes, std::size_t) noexcept {
  std::free(bytes);
}
