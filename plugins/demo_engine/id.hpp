// Identifiers as engines make them: time-based UUIDs whose text order is not the order of creation.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "instant.hpp"

namespace demo_engine {

/// A UUID in 16 bytes. Ids compare as their texts do, which is the engine's order of a list without sortBy.
struct Id {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const Id&) const = default;
};

struct IdHash {
  std::size_t operator()(const Id& id) const noexcept {
    return static_cast<std::size_t>(id.high * 0x9E3779B97F4A7C15ULL ^ id.low);
  }
};

/// `112c24f6-e758-11f1-86f4-02fc00000001`
std::string to_text(const Id& id);

/// Nothing unless the text is exactly such an id in lower case.
std::optional<Id> parse_id(std::string_view text);

/// Makes ids that never repeat. Owned by one model, used on its thread.
class IdSource {
 public:
  explicit IdSource(std::uint64_t seed);
  Id next(Instant at);

 private:
  std::uint64_t node_;
  std::uint64_t last_ticks_ = 0;
};

}  // namespace demo_engine
