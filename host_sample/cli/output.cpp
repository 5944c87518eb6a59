#include "cli/output.hpp"

#include <cerrno>
#include <iostream>
#include <system_error>

namespace host::cli {

bool written() {
  const bool before = std::cout.good();
  errno = 0;
  std::cout.flush();
  if (std::cout.good()) return true;
  const int why = errno;
  if (before && why != EPIPE)
    std::cerr << "The output could not be written: "
              << (why == 0 ? "the device takes no more" : std::generic_category().message(why)) << ".\n";
  return false;
}

}  // namespace host::cli
