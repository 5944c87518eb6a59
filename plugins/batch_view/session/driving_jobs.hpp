// Why a batch stands still whose numbers alone do not say it: its driving job has no retries left, was
// deleted or is suspended, or its execution jobs are suspended. Asked of the batches that may be stalled, a
// few at a time, less often while nothing changes.
//
// Owner: Session, and a question that has no answer yet. Thread: the plugin's own.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "model/batch_state.hpp"
#include "model/bounds.hpp"
#include "session/standstill.hpp"

namespace batch_view {

class DrivingJobs : public std::enable_shared_from_this<DrivingJobs> {
 public:
  static constexpr std::size_t most_remembered =
      5000;  // definitions; then those nobody waits for are forgotten
  static constexpr auto recheck_after = std::chrono::seconds{10};  // doubled while nothing changes, up to:
  static constexpr auto longest_recheck = std::chrono::seconds{40};
  static constexpr auto young =
      std::chrono::seconds{30};                    // a batch whose jobs are being created is not stalled
  static constexpr std::size_t checks_a_poll = 2;  // of a list; the next polls check the rest

  explicit DrivingJobs(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}

  // What is known.
  DrivingJobStatus status(const Batch& batch) const;
  // Checks up to `most` of the batches that may be stalled and were not checked lately.
  void check(const std::vector<Batch>& batches, std::size_t most, std::function<void()> then);
  // The definition whose job has no retries left, when that is what holds the batch up; checked if need be.
  void find_failed(const Batch& batch, std::function<void(std::optional<std::string>)> then);

  void forget(const std::string& definition);
  // Something was done to batches: which of them are suspended has to be seen anew.
  void forget_suspended();

  Bounds bounds() const;

 private:
  struct Remembered {
    Clock::time_point until;
    Clock::duration wait = recheck_after;
    DrivingJobStatus status;
    bool missing_once = false;
    std::int64_t created = -1;  // jobs of the batch at the last check
    bool asking = false;
    std::vector<std::function<void()>> waiting;  // for the answer on its way
  };
  bool is_due(const Batch& batch, const std::string& definition);
  void ask_job(const Batch& batch, std::function<void()> then);
  void ask_suspended(const Batch& batch, std::function<void()> then);
  void learn(Remembered& remembered, const std::optional<Job>& job, bool monitor) const;
  Clock::time_point now() const { return engine_->environment().now(); }

  std::shared_ptr<Engine> engine_;
  std::map<std::string, Remembered> jobs_;  // by definition
  Standstill standstill_;
};

}  // namespace batch_view
