// How a batch went: completed, remaining and failed jobs over time. The past comes from a few entries of the
// job log, the present from the running snapshots while a page watches.
//
// Owner: Session, and a question that has no answer yet. Thread: the plugin's own. Bounded: those of a
// few batches, a few hundred points each.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "model/bounds.hpp"

namespace batch_view {

struct ProgressPoint {
  std::int64_t at_ms = 0;  // by the engine's clock
  std::int64_t completed = 0;
  std::int64_t failed = -1;  // -1: not known, as of the past
};

class ProgressHistory : public std::enable_shared_from_this<ProgressHistory> {
 public:
  static constexpr std::size_t most_batches = 50;
  static constexpr std::size_t most_points = 400;  // then every second observed one is dropped
  static constexpr std::int64_t samples = 14;  // entries of the job log that are asked for, and two counts

  explicit ProgressHistory(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}

  // All points, with what `batch` says now as the last. The past is asked for once a batch.
  void points(const Batch& batch, std::int64_t engine_now_ms, const Then<std::vector<ProgressPoint>>& then);

  Bounds bounds() const { return {{"progress histories", batches_.size(), most_batches}}; }
  // Whether the job log says nothing of what ran before the batch was first watched.
  bool lacks_past(const std::string& batch) const {
    const auto at = batches_.find(batch);
    return at != batches_.end() && at->second.lacks_past;
  }

 private:
  struct Progress {
    std::vector<ProgressPoint> past, seen;
    bool has_past = false, lacks_past = false;
  };
  void ask_past(const Batch& batch, Then<std::vector<ProgressPoint>> then);
  std::vector<ProgressPoint> with_now(Progress& progress, const Batch& batch, std::int64_t now) const;

  std::shared_ptr<Engine> engine_;
  std::map<std::string, Progress> batches_;
};

// Of the times at which the n-th success and the n-th deletion happened: how many were gone at each of them.
// Between two samples it is read off a straight line. Pure.
struct Sampled {
  std::int64_t at_ms = 0;
  std::int64_t count = 0;  // that many by then
};
std::vector<ProgressPoint> merged(const std::vector<Sampled>& successes,
                                  const std::vector<Sampled>& deletions);

}  // namespace batch_view
