#include "loader/violations.hpp"

#include <array>

#include "base/utf8.hpp"

namespace host::loader {
namespace {

constexpr std::size_t longest_detail = 300;

constexpr auto violation_kinds = static_cast<std::size_t>(Violation::count);

// In the order of Violation.
constexpr std::array<const char*, violation_kinds> violation_words{
    "it completed a call that was over already; that answer was dropped",
    "it named a call that it was never given; that was dropped",
    "it answered with a status that this version of the plugin ABI does not have",
    "its answer was refused",
    "its late answer was refused",
    "an exception left one of its functions; that call was ended",
    "the host could not take its answer; that call was ended",
    "it asked for an extension outside of create; it was not given",
    "it said twice that it has stopped",
    "it said that it has stopped without being asked to",
    "it said that it has stopped while it owed answers"};
static_assert(violation_words.back() != nullptr, "a violation without words");

bool is_power_of_ten(std::uint64_t count) {
  while (count >= 10 && count % 10 == 0) count /= 10;
  return count == 1;
}

}  // namespace

void Violations::add(Violation fault, const std::string& detail) noexcept {
  const auto count = ++counts_[static_cast<std::size_t>(fault)];
  if (!is_power_of_ten(count)) return;
  try {
    std::string line = violation_words.at(static_cast<std::size_t>(fault));
    if (!detail.empty()) line += ": " + std::string{first_bytes(detail, longest_detail)};
    if (count > 1) line += " (" + std::to_string(count) + " times by now)";
    if (on_line) on_line(std::move(line));
  } catch (...) {
    // Without memory for a line there is the count.
  }
}

std::uint64_t Violations::all() const {
  std::uint64_t sum = 0;
  for (const auto& count : counts_) sum += count;
  return sum;
}

}  // namespace host::loader
