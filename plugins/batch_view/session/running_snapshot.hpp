// The running batches of one engine as one answer that everything shares: lists, the badge, details and the
// clock of the pace. So one call a beat serves whatever is open, however many look.
//
// Owner: Session, and a question that has no answer yet. Thread: the plugin's own.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "session/rate_estimator.hpp"

namespace batch_view {

class RunningSnapshot : public std::enable_shared_from_this<RunningSnapshot> {
 public:
  static constexpr std::uint64_t most_batches =
      200;  // the newest; with more running, lists ask the engine themselves
  static constexpr std::chrono::milliseconds shared_for{500};  // how old an answer may be for another asker
  static constexpr std::chrono::milliseconds glance{
      1300};  // and for who only begins to look: its age is said
  static constexpr std::chrono::milliseconds problem_shared_for{50};
  static constexpr std::chrono::seconds counted_for{10};  // the count of all, where there are more

  struct Look {
    std::vector<Batch> batches;    // newest first
    std::int64_t total = 0;        // all that run, also those not here
    std::int64_t as_of_ms = 0;     // when the engine was asked
    std::uint64_t departures = 0;  // grows when a batch was seen to be no longer there
    int quiet = 0;                 // how many looks before this one saw the same numbers
    bool whole() const { return total <= static_cast<std::int64_t>(batches.size()); }
    const Batch* find(const std::string& id) const;
  };
  using Seen = std::shared_ptr<const Look>;

  explicit RunningSnapshot(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}

  // Everybody who asks while the engine is being asked gets
  // the same answer.
  void look(Then<Seen> then, std::chrono::milliseconds at_most = glance);
  // Something was done: what was seen before, and what is being answered now, is no longer true.
  void forget();

  std::optional<double> rate(const Batch& batch) const;

 private:
  void begin();
  void ask(std::uint64_t question);
  void count(std::uint64_t question, std::shared_ptr<Look> look);
  void counted(std::uint64_t question, std::shared_ptr<Look> look, std::int64_t total);
  void tell(std::uint64_t question, const Got<Seen>& got);

  Clock::time_point now() const { return engine_->environment().now(); }

  std::shared_ptr<Engine> engine_;
  RateEstimator pace_;
  Seen seen_;                    // the last that came
  Got<Seen> latest_{Problem{}};  // what the last question brought, were it a problem
  Clock::time_point asked_at_{}, answered_at_{}, counted_at_{};
  bool asking_ = false;
  std::uint64_t question_ = 0;  // the latest
  std::uint64_t departures_ = 0;
  std::vector<Then<Seen>> waiting_;       // for the answer on its way
  std::vector<Then<Seen>> waiting_anew_;  // for one that is asked after it
};

}  // namespace batch_view
