// The linker leads each use of operator new in what it links to failing_new (see CMakeLists.txt), and that
// goes on to the real one: a sanitizer's lets nobody take its place.
#include "failing_memory.hpp"

#include <new>

namespace failing_memory {

thread_local std::size_t fails_at = 0;

void* real_new(std::size_t size) __asm__("__real__Znwm");
void* failing_new(std::size_t size) __asm__("__wrap__Znwm");

void* failing_new(std::size_t size) {
  if (fails_at != 0 && --fails_at == 0) throw std::bad_alloc{};
  return real_new(size);
}

}  // namespace failing_memory
