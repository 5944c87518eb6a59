// Whether batches that have ended were deleted: engines do not record it, but deleting a batch deletes its
// seed and its monitor job, which the job log shows. Remembered, since it cannot change.
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
#include "model/bounds.hpp"

namespace batch_view {

class DeletionLookup : public std::enable_shared_from_this<DeletionLookup> {
 public:
  static constexpr std::size_t most_remembered = 20'000;  // then it begins anew
  static constexpr auto just_ended = std::chrono::minutes{2};
  static constexpr std::size_t lookups_a_poll = 4;  // of a list, two calls each

  explicit DeletionLookup(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}

  void was_deleted(const Batch& ended, Then<bool> then);
  // The same for all that a scan has found, by two questions: deleting a batch leaves at most one entry of
  // each kind, so as many of the newest entries as there are batches show it of the newest batches.
  void learn(const std::vector<Batch>& ended, std::function<void(std::optional<Problem>)> then);
  // And for those that ended just now, at most so many.
  void learn_latest(const std::vector<Batch>& ended, std::size_t most, std::function<void()> then);
  bool known(const std::string& batch) const;

  Bounds bounds() const { return {{"deleted batches", deleted_.size(), most_remembered}}; }

 private:
  std::shared_ptr<Engine> engine_;
  std::map<std::string, bool> deleted_;
};

}  // namespace batch_view
