// Allocation functions that can be made to fail, for the whole program that links them.
#pragma once

#include <cstddef>

namespace failing_memory {

// Which allocation of this thread fails, counted down; 0: none.
extern thread_local std::size_t fails_at;

}  // namespace failing_memory
