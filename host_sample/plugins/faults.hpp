// Rules of the ABI that a plugin broke: counted by kind, and said in one line each time the count of a kind
// is 1, 10, 100 …: a plugin that breaks one a million times fills no log.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

namespace host::plugins {

enum class Fault : std::size_t {
  completed_twice,  // or after it was stopped
  unknown_call,
  unknown_status,
  garbage,
  late_garbage,
  threw,
  host_failed,
  asked_late,
  stopped_twice,
  stopped_unasked,
  calls_left,
  count
};

class Faults {
 public:
  // Called on any thread, so it has to be thread-safe and quick; set before the plugin is entered.
  std::function<void(std::string line)> on_line;

  // Any thread. `detail`: what it was this time, in a few words. Throws nothing.
  void add(Fault fault, const std::string& detail = {}) noexcept;
  std::uint64_t of(Fault fault) const { return counts_[static_cast<std::size_t>(fault)]; }
  std::uint64_t all() const;

 private:
  std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(Fault::count)> counts_{};
};

}  // namespace host::plugins
