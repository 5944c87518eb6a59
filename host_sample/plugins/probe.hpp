// Trying a plugin in a child process first: what crashes or hangs there never reaches the host.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace host::plugins {

struct Probed {
  std::string id, name, version;
};

// The hidden subcommand of the host's program that is the child: `PROGRAM probe-plugin LIBRARY`.
inline constexpr std::string_view probe_command = "probe-plugin";
inline constexpr auto probe_patience = std::chrono::seconds{15};

// Says why a description is not acceptable as that of the library with this id, or nothing.
using CheckDescription = std::function<std::string(std::string_view description, std::string_view id)>;

// Signalled once, from any thread, to all who poll its descriptor (readable from then on): the host is
// ending.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  void raise() const;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

// The parent's side: runs the child on a library and tells what it found, or why it is refused. Blocks up to
// `patience`, or until `stop`, which kills the child; not for the I/O thread.
Result<Probed> probe(const std::filesystem::path& program, const std::filesystem::path& library,
                     bool allow_drafts, const StopSignal& stop,
                     std::chrono::milliseconds patience = probe_patience);

// The child's side: in a cage (probe_cage.hpp), under limits of memory, time and descriptors: symbols, load,
// enter, create without credentials, describe, stop, destroy; each step and the result are written to the
// descriptor `out` at the end.
[[noreturn]] void run_probe_child(const std::filesystem::path& library, bool allow_drafts,
                                  const CheckDescription& check, int out);

}  // namespace host::plugins
