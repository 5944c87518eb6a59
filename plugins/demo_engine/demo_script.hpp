// The scripted past of the demo content. Used once, at the start, on the program's thread.
#pragma once

#include "demo_content.hpp"

namespace demo_engine {

/// The batch that keeps the page moving: 2,400 jobs at about two a second.
NewBatch long_batch();
/// A batch of half a minute; `number` varies its type.
NewBatch short_batch(std::uint32_t number);

/// Plays the past up to `present`: kCompletedAtStart completed batches, some of them deleted early, and those
/// in progress (suspended, blocked, failing, stuck, finishing, and with `extra_failed_jobs` one more
/// blocked).
void play_past(EngineModel& model, People& people, Instant present, const ContentOptions& options);

}  // namespace demo_engine
