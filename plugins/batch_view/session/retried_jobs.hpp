// Jobs that this authority retried: until they ran they wait for the engine, and one that is without retries
// again has failed again. Plain values.
//
// Owner: Session. Thread: the plugin's own.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/environment.hpp"
#include "model/bounds.hpp"

namespace batch_view {

class RetriedJobs {
 public:
  static constexpr auto remembered_for = std::chrono::minutes{10};
  static constexpr std::size_t most_batches = 8;     // the one retried longest ago goes
  static constexpr std::size_t most_jobs = 100'000;  // of a batch; what is more is not known
  static constexpr std::size_t most_followed = 20;   // of a batch at once

  explicit RetriedJobs(Environment& environment) : environment_(environment) {}

  // `follow`: it stays in sight until it ran; many would fill the first page.
  void remember(const std::string& batch, const std::string& job, bool follow);
  void forget(const std::string& batch, const std::string& job);
  bool contains(const std::string& batch, const std::string& job) const;
  std::vector<std::string> followed(const std::string& batch) const;

  Bounds bounds() const;

 private:
  struct Retried {
    Clock::time_point at;  // the latest
    std::unordered_map<std::string, Clock::time_point> jobs;
    std::vector<std::string> followed;  // the newest last
  };
  Environment& environment_;
  std::map<std::string, Retried> batches_;
};

}  // namespace batch_view
