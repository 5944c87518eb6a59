// A run as text: how far it is, what it would do, what became of it.
#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace host::cli {

// The progress of a run on stderr: a bar on a terminal, elsewhere a line, at most one a second. I/O thread.
class ProgressLine {
 public:
  ProgressLine();
  void show(const nlohmann::json& progress);
  // Before anything else is written: the bar goes.
  void clear();

 private:
  bool bar_;
  bool shown_ = false;
  std::string last_;
  std::chrono::steady_clock::time_point next_;
};

// "[#####.....] 120 of 400, 2 failed: job 4711"; without a bar where `of` is not known or `width` is 0.
std::string progress_text(const nlohmann::json& progress, std::size_t width);

// A plan for a person: what it says, how many of which kind, and every id, with its label where the plan has
// one.
std::string plan_text(const nlohmann::json& plan);

// Of one action that was done in several runs, one after another: what became of it until now. Counts are
// added up, lists joined.
nlohmann::json joined(const nlohmann::json& before, const nlohmann::json& run);

// The outcome on stdout, every failure and what was skipped on stderr.
void say_outcome(const nlohmann::json& run, bool as_json);

}  // namespace host::cli
