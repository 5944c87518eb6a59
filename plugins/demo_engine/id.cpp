#include "id.hpp"

namespace demo_engine {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::size_t kTextLength = 36;

bool is_dash_position(std::size_t i) {
  return i == 8 || i == 13 || i == 18 || i == 23;
}

}  // namespace

std::string to_text(const Id& id) {
  std::string text;
  text.reserve(kTextLength);
  for (std::size_t nibble = 0; nibble < 32; ++nibble) {
    if (is_dash_position(text.size())) text += '-';
    const std::uint64_t half = nibble < 16 ? id.high : id.low;
    text += kHex[(half >> (60 - 4 * (nibble % 16))) & 0xF];
  }
  return text;
}

std::optional<Id> parse_id(std::string_view text) {
  if (text.size() != kTextLength) return std::nullopt;
  Id id;
  std::size_t nibble = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_dash_position(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const auto value = kHex.find(text[i]);
    if (value == std::string_view::npos) return std::nullopt;
    std::uint64_t& half = nibble < 16 ? id.high : id.low;
    half = half << 4 | value;
    ++nibble;
  }
  return id;
}

IdSource::IdSource(std::uint64_t seed) : node_(seed & 0xFFFFFFFFULL) {}

Id IdSource::next(Instant at) {
  constexpr std::uint64_t kMillisecondsFrom1582To1970 = 12219292800000ULL;
  constexpr std::uint64_t kTicksPerMillisecond = 10000;
  const auto milliseconds =
      static_cast<std::uint64_t>(at.time_since_epoch().count()) + kMillisecondsFrom1582To1970;
  std::uint64_t ticks = milliseconds * kTicksPerMillisecond;
  if (ticks <= last_ticks_) ticks = last_ticks_ + 1;
  last_ticks_ = ticks;
  const std::uint64_t time_low = ticks & 0xFFFFFFFFULL;
  const std::uint64_t time_mid = ticks >> 32 & 0xFFFFULL;
  const std::uint64_t time_high = (ticks >> 48 & 0x0FFFULL) | 0x1000ULL;
  return {time_low << 32 | time_mid << 16 | time_high, 0x86F402FC00000000ULL | node_};
}

}  // namespace demo_engine
