// How full a cache is, and how full it may be. Plain values.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace batch_view {

struct Bound {
  std::string what;
  std::size_t size = 0, most = 0;
};
using Bounds = std::vector<Bound>;

// Room for an entry of that key in a map of at most so many: the one whose `used` lies furthest back goes.
template <class Map, class Key, class Value, class Time>
void make_room(Map& map, const Key& key, std::size_t most, Time Value::*used) {
  if (map.count(key) != 0 || map.size() < most) return;
  map.erase(std::min_element(map.begin(), map.end(), [used](const auto& one, const auto& other) {
    return one.second.*used < other.second.*used;
  }));
}

}  // namespace batch_view
