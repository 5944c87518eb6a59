#include "engine/version.hpp"

#include <cstdio>

namespace batch_view {

bool is_at_least(const std::string& version, int minor) {
  int major = 0;
  int found = 0;
  if (std::sscanf(version.c_str(), "%d.%d", &major, &found) != 2) return true;
  return major != 7 || found >= minor;
}

}  // namespace batch_view
