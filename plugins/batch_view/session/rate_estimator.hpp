// How fast batches move, from what was seen of them. Plain values, no clock of its own.
//
// Owner: RunningSnapshot. Thread: the plugin's own.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/batch.hpp"

namespace batch_view {

class RateEstimator {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds remembered{60};    // older sightings say little about now
  static constexpr std::chrono::seconds enough{8};         // less has been seen by chance
  static constexpr std::chrono::milliseconds apart{1000};  // sightings that are nearer are not kept
  static constexpr std::int64_t enough_jobs = 10;          // for the average of a whole batch

  // All batches that were seen at once; what is no longer among them is forgotten.
  void add(const std::vector<Batch>& batches, Clock::time_point now);

  // Jobs a second. None: nothing is known, or the batch is suspended. 0: it was watched and stood still.
  // Watched for too short a time, its average since the first job counts: `engine_now_ms` is the engine's
  // clock.
  std::optional<double> rate(const Batch& batch, std::int64_t engine_now_ms) const;

 private:
  struct Sighting {
    Clock::time_point at;
    std::int64_t completed;
  };
  std::map<std::string, std::deque<Sighting>> seen_;
};

// Ms until the jobs that still can run are done, at that rate. None where it would be a guess: it does not
// move, or nothing is left that runs by itself.
std::optional<std::int64_t> time_left(const Batch& batch, std::optional<double> rate);

}  // namespace batch_view
