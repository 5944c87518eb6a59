#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace host::cli {

bool is_terminal(int descriptor) {
  return ::isatty(descriptor) == 1;
}

bool takes_colour(int descriptor) {
  const char* no = std::getenv("NO_COLOR");
  const char* kind = std::getenv("TERM");
  return is_terminal(descriptor) && (no == nullptr || *no == '\0') &&
         (kind == nullptr || std::string_view{kind} != "dumb");
}

std::size_t line_width(int descriptor) {
  winsize size{};
  return is_terminal(descriptor) && ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace host::cli
