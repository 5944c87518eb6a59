// Asks nodes that were taken out whether they are back, every 10 seconds. Thread: the client's.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "work.hpp"

namespace rest_client {

inline constexpr std::chrono::seconds probe_interval{10};
inline constexpr std::chrono::seconds probe_limit{5};  // for one answer

class Prober {
 public:
  explicit Prober(Core& core);
  void node_failed();  // begins probing if a node is out
  void stop();

 private:
  struct Probe {
    std::size_t node = 0;
    std::unique_ptr<Work> work;
    std::unique_ptr<Timer> limit;
  };

  void probe_all();
  void probe(std::size_t node);
  void end(std::size_t node);

  Core& core_;
  std::unique_ptr<Timer> timer_;
  std::vector<Probe> probes_;  // at most one a node
};

}  // namespace rest_client
