// The failed jobs of a batch by their causes: read once in pages, then remembered until their number changes.
//
// Owner: Session. Thread: the plugin's own.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "failures/failure_scan.hpp"
#include "session/session.hpp"

namespace batch_view {

// The readings of one session, and when to read again.
class FailureCache : public SessionState {
 public:
  using Scan = std::shared_ptr<FailureScan>;
  static constexpr std::size_t most_scans = 8;  // batches; the one asked for longest ago goes
  static constexpr auto oldest = std::chrono::minutes{5};
  static constexpr auto pause = std::chrono::seconds{2};  // between two readings, or ten times what one took

  explicit FailureCache(Environment& environment) : environment_(environment) {}

  // What is there to show now, begun or begun again if need be; none when nothing failed.
  // `failed_driving_job`: the seed or monitor definition whose job has no retries left.
  Scan get(const std::shared_ptr<Session>& session, const Batch& batch,
           const std::optional<std::string>& failed_driving_job);
  // The reading that goes on, or a new one whatever is remembered: at most one a batch at once.
  Scan read_again(const std::shared_ptr<Session>& session, const Batch& batch,
                  const std::optional<std::string>& failed_driving_job);
  void remove_jobs(const std::string& batch, const std::unordered_set<std::string>& jobs);

  // Of every cache here.
  Bounds bounds() const override;

  // How many rows of jobs the engine allows in one answer, as far as it said.
  std::size_t most_rows(std::size_t wanted) const { return std::min(wanted, allowed_); }
  void allow(std::size_t rows) { allowed_ = rows; }

 private:
  struct Kept {
    Scan shown, running;
    Clock::time_point asked;
  };
  Kept& kept(const std::string& batch);
  static void take_over(Kept& kept);
  bool is_old(const FailureScan& scan, const Batch& batch) const;

  Environment& environment_;
  std::map<std::string, Kept> scans_;  // by batch
  std::size_t allowed_ = 1'000'000;
};

}  // namespace batch_view
