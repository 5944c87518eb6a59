// Batches whose numbers stand still though they have jobs that could run: asked once whether these are
// suspended. Plain values, no clock of its own.
//
// Owner: Session. Thread: the plugin's own. Bounded: what nobody asked about goes; with more than that the
// rest is not followed.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "engine/environment.hpp"
#include "model/batch.hpp"

namespace batch_view {

class Standstill {
 public:
  static constexpr std::size_t most = 5000;
  static constexpr std::chrono::minutes kept_for{2};      // that nobody asked about
  static constexpr std::chrono::seconds still_for{15};    // seen without a change
  static constexpr std::chrono::seconds old_enough{45};   // or begun so long ago, when it is first seen
  static constexpr std::chrono::seconds asked_again{60};  // when it was, since somebody may have resumed them

  // Notes what its numbers are. Whether to ask now if its execution jobs are suspended; of its seed and
  // monitor jobs the look at these tells it.
  bool has_to_be_checked(const Batch& batch, Clock::time_point now, std::int64_t engine_now_ms);
  void answered(const std::string& batch, bool suspended);
  bool is_suspended(const std::string& batch) const;
  // Somebody did something: what was found is no longer known.
  void forget() { seen_.clear(); }
  std::size_t size() const { return seen_.size(); }

 private:
  struct Seen {
    std::tuple<std::int64_t, std::int64_t, std::int64_t, bool> numbers;
    Clock::time_point since, asked, last;
    bool was_asked = false, suspended = false;
  };
  std::map<std::string, Seen> seen_;
};

}  // namespace batch_view
