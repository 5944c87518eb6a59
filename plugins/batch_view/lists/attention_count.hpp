// How many running batches need attention: of all of them, up to a stated bound, where there are more than
// the running snapshot holds. What failed the engine counts itself; what stands still without a failure is
// found by reading the statistics now and then.
//
// Owner: Session, and a question that has no answer yet. Thread: the plugin's own.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "session/session.hpp"

namespace batch_view {

struct AttentionCount {
  std::int64_t need = 0;
  std::int64_t read = 0, of = 0;  // so many of so many running ones were looked at
  bool whole() const { return read >= of; }
};

class AttentionCounter : public SessionState, public std::enable_shared_from_this<AttentionCounter> {
 public:
  static constexpr std::uint64_t most_read = 10'000;  // batches; that there are more is said
  static constexpr std::chrono::seconds read_every{30};
  static constexpr std::chrono::seconds counted_every{5};
  static constexpr std::size_t checks_a_poll = 8;

  Bounds bounds() const override {
    return {{"batches that may be stalled", stall_candidates_.size(), most_read}};
  }

  // `session`: the one that owns this.
  void count(const std::shared_ptr<Session>& session, const SnapshotPointer& snapshot,
             Then<AttentionCount> then);

 private:
  void read(const std::shared_ptr<Session>& session, std::function<void(std::optional<Problem>)> then);
  void count_failing(const std::shared_ptr<Session>& session,
                     std::function<void(std::optional<Problem>)> then);
  AttentionCount add_up(const Session& session, std::int64_t of) const;
  void answer(const Got<AttentionCount>& got);

  Clock::time_point read_at_{}, counted_at_{};

  std::vector<Batch> stall_candidates_;  // those whose seed or monitor job has to be looked at
  std::int64_t failing_ = 0, read_ = 0;
  Got<AttentionCount> latest_{Problem{}};
  bool asking_ = false;
  std::vector<Then<AttentionCount>> waiting_;
};

}  // namespace batch_view
