// Several probes at the same time, so that a plugin that hangs in its own holds nobody up.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "loader/probe.hpp"

namespace host::loader {

// begin() and next() belong to the one thread of its owner, the FolderWatcher; the probes run on own threads.
class ProbePool {
 public:
  static constexpr std::size_t most_at_once = 4;  // the others wait in the order they were asked for

  struct Ended {
    std::string hash;
    Result<Probed> result;
  };

  ProbePool(std::filesystem::path program, bool allow_drafts, const StopSignal& stop);
  // Waits for the probes that run: raise `stop` before, unless next() has given all of them.
  ~ProbePool();
  ProbePool(const ProbePool&) = delete;
  ProbePool& operator=(const ProbePool&) = delete;

  void begin(std::string hash, std::filesystem::path library);
  // The next probe that ended, if one did. With `wait` only nothing when none is left.
  std::optional<Ended> next(bool wait);

 private:
  struct Asked {
    std::string hash;
    std::filesystem::path library;
  };
  void work();

  const std::filesystem::path program_;
  const bool allow_drafts_;
  const StopSignal& stop_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable ended_one_;
  std::deque<Asked> asked_;
  std::deque<Ended> ended_;
  std::size_t working_ = 0;
  std::size_t open_ = 0;  // begun and not yet given by next()
  std::vector<std::thread> threads_;
};

}  // namespace host::loader
