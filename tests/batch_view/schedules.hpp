// Simulated schedules: what people and programs do around the plugin, in an order that a seed decides, and
// what has to be so whatever the order is. For tests and the fuzzing program; one thread a schedule.
#pragma once

#include <cstdint>
#include <string>

namespace batch_view_tests {

// A fault that is planted outside of the plugin, in what stands for its surroundings: each breaks one of the
// invariants, and has to be found.
enum class Planted {
  nothing,
  lost_callback,       // an answer that never comes, not even at its deadline: a call stays open
  second_completion,   // the host is notified of a call's end twice
  deaf_to_cancel,      // cancels of reads and runs do not arrive: effects go on
  restless,            // cancels of watches do not arrive, and the host takes them for ended: polls go on
  repeated_changes,    // each change is sent twice
  shared_credentials,  // all persons' questions go out as one person's
  tight_bounds,        // the caches are measured by bounds that are too small for them
};

// What was broken, in words; empty: nothing. The same seed does the same.
std::string run_schedule(std::uint64_t seed, Planted planted = Planted::nothing);

}  // namespace batch_view_tests
