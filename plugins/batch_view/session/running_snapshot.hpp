// The running batches of one engine as one answer that everything shares: lists, the badge, details and the
// rates. So one call a poll interval serves whatever is open, however many watch.
//
// Owner: Session, and a question that has no answer yet. Thread: the plugin's own.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "session/rate_estimator.hpp"

namespace batch_view {

struct Snapshot {
  std::vector<Batch> batches;    // newest first
  std::int64_t total = 0;        // all that run, also those not here
  std::int64_t as_of_ms = 0;     // when the engine was asked
  std::uint64_t departures = 0;  // grows when a batch was seen to be no longer there
  int unchanged = 0;             // how many snapshots before this one had the same numbers
  bool whole() const { return total <= static_cast<std::int64_t>(batches.size()); }
  const Batch* find(const std::string& id) const;
};
using SnapshotPointer = std::shared_ptr<const Snapshot>;

class RunningSnapshot : public std::enable_shared_from_this<RunningSnapshot> {
 public:
  static constexpr std::uint64_t most_batches =
      200;  // the newest; with more running, lists ask the engine themselves
  static constexpr std::chrono::milliseconds max_age{500};  // of an answer for another asker
  // For the first answer that a person gets, whose age is shown.
  static constexpr std::chrono::milliseconds first_max_age{1300};
  static constexpr std::chrono::milliseconds problem_max_age{50};
  static constexpr std::chrono::seconds count_max_age{10};  // of all, where there are more

  explicit RunningSnapshot(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}

  // Everything that asks while the engine is being asked gets the same answer.
  void get(Then<SnapshotPointer> then, std::chrono::milliseconds oldest = first_max_age);
  // Something was done: what was seen before, and what is being answered now, is no longer true.
  void forget();

  std::optional<double> rate(const Batch& batch) const;

 private:
  void begin();
  void ask(std::uint64_t question);
  void count(std::uint64_t question, std::shared_ptr<Snapshot> snapshot);
  void counted(std::uint64_t question, std::shared_ptr<Snapshot> snapshot, std::int64_t total);
  void answer(std::uint64_t question, const Got<SnapshotPointer>& got);

  Clock::time_point now() const { return engine_->environment().now(); }

  std::shared_ptr<Engine> engine_;
  RateEstimator rate_;
  SnapshotPointer latest_snapshot_;
  Got<SnapshotPointer> last_answer_{Problem{}};  // of the last question, were it a problem
  Clock::time_point asked_at_{}, answered_at_{}, counted_at_{};
  bool asking_ = false;
  std::uint64_t question_ = 0;  // the latest
  std::uint64_t departures_ = 0;
  std::vector<Then<SnapshotPointer>> waiting_;       // for the answer on its way
  std::vector<Then<SnapshotPointer>> waiting_anew_;  // for one that is asked after it
};

}  // namespace batch_view
