// Where a library is tried: a process of its own below the probe's, from which nothing leads out and of which
// nothing stays. It is given no descriptor but standard input, output and error (all /dev/null), writes its
// report into memory that the probe reads, and whatever it started ends with it.
//
// Runs in the probe's process, which has one thread and no code of a library. Linux.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace host::loader {

// Lines that the tried process leaves for the probe, also when it ends in the middle of something.
class CageReport {
 public:
  static constexpr std::size_t longest = 64u << 10;
  // What goes beyond the bound is left out.
  void add(std::string_view line);
  std::string text() const;

 private:
  std::atomic<std::size_t> size_{0};
  char bytes_[longest] = {};
};

// Runs `inside` in the cage until it ends or SIGTERM comes, ends everything that it started, writes its
// report to the descriptor `out`, and ends this process as it ended: with its exit code or by its signal.
[[noreturn]] void run_caged(int out, const std::function<int(CageReport&)>& inside);

}  // namespace host::loader
