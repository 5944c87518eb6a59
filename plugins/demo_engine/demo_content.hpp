// What the demo engine has to show: a past of completed batches, one batch in each state worth seeing, and a
// present that keeps moving. Everything comes about by the model's own rules, from requests at scripted
// times.
#pragma once

#include <cstdint>
#include <optional>

#include "engine_model.hpp"
#include "people.hpp"

namespace demo_engine {

struct ContentOptions {
  bool empty = false;
  bool with_people = false;             ///< mary has rights on some batches.
  std::uint32_t extra_failed_jobs = 0;  ///< One more blocked batch with so many failed jobs of three causes.
  std::uint64_t seed = 1;
};

inline constexpr std::uint32_t kCompletedAtStart = 212;

/// How long before the present the scripted past begins.
inline constexpr std::chrono::hours kPast{9 * 24};

/// Starts new batches as long as the program runs. Same thread and lifetime as the model and people it is
/// given.
class DemoContent {
 public:
  /// Fills a model whose clock stands kPast before `present` and moves it to `present`.
  DemoContent(EngineModel& model, People& people, Instant present, const ContentOptions& options);

  /// Moves the model on to `now`; starts the next long batch some time after the last one ended, and every
  /// few minutes a short one.
  void advance(Instant now);

 private:
  void start_long_batch();
  void start_short_batch();
  void mary_may_work_on(const Id& batch);

  EngineModel& model_;
  People& people_;
  ContentOptions options_;
  std::uint32_t short_batches_ = 0;
  std::optional<Id> long_batch_;
  std::optional<Instant> next_long_;
  std::optional<Instant> next_short_;
};

}  // namespace demo_engine
