// What came of the targets of an action, counted, and its result in words.
//
// Thread: the plugin's own. Owner: the run it belongs to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "model/reply.hpp"

namespace batch_view {

// How an action reports that it is done.
struct SuccessText {
  const char* outcome;           // of complete success
  const char *one, *many;        // keys of the description's strings
  const char *one_en, *many_en;  // the same for who knows no strings; {count}
};

class ActionSummary {
 public:
  static constexpr std::size_t most_listed = 1000;  // failures, and skipped ones; the rest is counted only

  explicit ActionSummary(std::size_t all) : all_(all) {}

  void done(std::size_t count = 1) { done_ += count; }
  void failed(const std::string& id, const Problem& problem);
  // So many at once, whose ids say nothing more.
  void failed_all(std::size_t count, const Problem& problem);
  // Every id, for who writes down what was done where the request named none.
  void acted_on(std::vector<std::string> ids) { ids_ = std::move(ids); }
  // So many more than the person saw.
  void on_top(std::int64_t count) { on_top_ = count; }
  void skipped(const std::string& id, const Problem& why);
  // The rest is not begun, since the engine stopped answering; or, without a problem, since it was
  // cancelled.
  void stopped(std::optional<Problem> why) { stopped_ = true, stopped_by_ = std::move(why); }
  void not_begun(const std::string& id);

  std::size_t settled() const { return done_ + failed_ + skipped_; }
  std::size_t failures() const { return failed_; }
  std::string progress(const std::string& current) const;
  // Of one thing alone the status says it all.
  Reply reply(const SuccessText& said) const;
  // What would be done, and to which, as the answer of a dry run.
  Reply plan(const std::vector<std::string>& ids, const nlohmann::json& samples,
             const std::string& key) const;

 private:
  struct Target {
    std::string id;
    Problem why;
  };
  static nlohmann::json rows_of(const std::vector<Target>& targets);
  nlohmann::json first_reason() const;
  nlohmann::json message(const SuccessText& said) const;

  std::size_t all_, done_ = 0, failed_ = 0, skipped_ = 0, unknown_ = 0, not_begun_ = 0;
  std::vector<Target> failures_, skips_;
  std::optional<Problem> first_;
  bool stopped_ = false;
  std::vector<std::string> ids_;
  std::int64_t on_top_ = 0;
  std::optional<Problem> stopped_by_;
};

}  // namespace batch_view
