// How full a cache is, and how full it may be. Plain values.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace batch_view {

struct Bound {
  std::string what;
  std::size_t size = 0, most = 0;
};
using Bounds = std::vector<Bound>;

}  // namespace batch_view
