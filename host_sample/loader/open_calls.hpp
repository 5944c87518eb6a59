// The calls a host has open with one plugin: which handles are alive, who waits for them, and what they may
// carry.
//
// complete, progress and update come from any thread of the plugin, are checked and copied there, and reach
// their events on the host's I/O thread. Everything else belongs to the I/O thread.
#pragma once

#include <cockpit/plugin.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/io.hpp"
#include "loader/body_scan.hpp"
#include "loader/violations.hpp"

namespace host::loader {

// What whoever asked gets of a call, all on the I/O thread.
struct CallEvents {
  std::function<void(cockpit_status, std::string body)> done;  // exactly once
  std::function<void(std::string body)> progress;
  std::function<void(cockpit_status, std::uint64_t as_of_ms, std::string body)> update;
  std::function<void(cockpit_status, std::string body)>
      late;  // the plugin's completion, after `done` was called with TIMEOUT
};

struct CallCounts {
  std::uint64_t late = 0;     // completions after their deadline
  std::uint64_t stale = 0;    // anything sent for a call that was over: a double completion, a made-up handle
  std::uint64_t refused = 0;  // updates and progress over a limit
  std::uint64_t malformed = 0;  // bodies that are not JSON
};

class OpenCalls : public std::enable_shared_from_this<OpenCalls> {
 public:
  // `faults`: what a plugin may do wrong is counted there; lives as long as this.
  OpenCalls(IoContext& io, const cockpit_limits& limits, std::shared_ptr<Violations> faults);

  // A new handle; 0 when open_calls are owed already. `shape`: what its answer owes.
  cockpit_call open(CallEvents events, BodyShape shape = {});
  // The host ends the call for the one who asked. The plugin still owes its completion; when it comes, it is
  // `late`.
  void expire(cockpit_call call, cockpit_status status, const std::string& body);
  // The plugin did not take the call: nothing is owed.
  void refuse(cockpit_call call, cockpit_status status, const std::string& body);
  // Every open call ends so; nothing is owed afterwards.
  void end_all(cockpit_status status, const std::string& body);
  // Every open call ends so for the ones who asked; the completions are still owed.
  void expire_all(cockpit_status status, const std::string& body);
  std::size_t owed() const;
  CallCounts counts() const;
  // Ends those whose completion came while there was no memory to pass it on. To be called now and then.
  void end_broken();

  // Any thread. Nothing is thrown: a completion that cannot be taken ends its call INTERNAL, in end_broken()
  // at the latest; a progress or an update that cannot be taken is dropped.
  cockpit_status complete(cockpit_call call, cockpit_status status, cockpit_text body) noexcept;
  cockpit_status progress(cockpit_call call, cockpit_text body) noexcept;
  cockpit_status update(cockpit_call call, cockpit_status status, std::uint64_t as_of_ms,
                        cockpit_text body) noexcept;

 private:
  struct Record;
  struct Slot {
    std::uint32_t generation = 1;
    std::shared_ptr<Record> record;
  };

  std::shared_ptr<Record> find(cockpit_call call) const;
  std::shared_ptr<Record> take(cockpit_call call);
  bool was_given(cockpit_call call) const;
  void post_pending(const std::shared_ptr<Record>& record);
  std::string checked(cockpit_status& status, cockpit_text body, const BodyShape& shape, bool late);
  cockpit_status taken(std::shared_ptr<Record>& record, cockpit_status status, cockpit_text body);
  cockpit_status progressed(cockpit_call call, cockpit_text body);
  cockpit_status updated(cockpit_call call, cockpit_status status, std::uint64_t as_of_ms, cockpit_text body);
  cockpit_status refused(cockpit_call call, cockpit_status why);

  IoContext& io_;
  cockpit_limits limits_;
  mutable std::mutex mutex_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::vector<std::shared_ptr<Record>> broken_;  // has room for all there may be
  std::size_t owed_ = 0;
  CallCounts counts_;
  std::atomic<std::uint64_t> open_bytes_{0};
  std::shared_ptr<Violations> violations_;
};

}  // namespace host::loader
