#include "loader/violations.hpp"

namespace host::loader {
namespace {

constexpr std::size_t longest_detail = 300;

const char* words_of(Violation fault) {
  switch (fault) {
    case Violation::completed_twice:
      return "it completed a call that was over already; that answer was dropped";
    case Violation::unknown_call:
      return "it named a call that it was never given; that was dropped";
    case Violation::unknown_status:
      return "it answered with a status that this version of the plugin ABI does not have";
    case Violation::garbage:
      return "its answer was refused";
    case Violation::late_garbage:
      return "its late answer was refused";
    case Violation::threw:
      return "an exception left one of its functions; that call was ended";
    case Violation::host_failed:
      return "the host could not take its answer; that call was ended";
    case Violation::asked_late:
      return "it asked for an extension outside of create; it was not given";
    case Violation::stopped_twice:
      return "it said twice that it has stopped";
    case Violation::stopped_unasked:
      return "it said that it has stopped without being asked to";
    case Violation::calls_left:
      return "it said that it has stopped while it owed answers";
    case Violation::count:
      break;
  }
  return "it broke a rule of the plugin ABI";
}

bool is_power_of_ten(std::uint64_t count) {
  while (count >= 10 && count % 10 == 0) count /= 10;
  return count == 1;
}

}  // namespace

void Violations::add(Violation fault, const std::string& detail) noexcept {
  const auto count = ++counts_[static_cast<std::size_t>(fault)];
  if (!is_power_of_ten(count)) return;
  try {
    std::string line = words_of(fault);
    if (!detail.empty()) line += ": " + detail.substr(0, longest_detail);
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
