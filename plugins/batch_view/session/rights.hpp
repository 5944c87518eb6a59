// What one authority may do to batches: asked of the engine, remembered for seconds.
//
// Owner: Session, and a question that has no answer yet. Thread: the plugin's own.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.hpp"
#include "model/bounds.hpp"

namespace batch_view {

struct Rights {
  bool update = true, remove = true, remove_history = true;
};

class RightsCache : public std::enable_shared_from_this<RightsCache> {
 public:
  static constexpr std::size_t most_remembered = 5000;  // batches; then it begins anew
  static constexpr auto remembered_for = std::chrono::seconds{30};
  static constexpr auto of_all_remembered_for = std::chrono::minutes{5};

  // `signed_in`: whether there is a person; without, the engine guards nothing.
  RightsCache(std::shared_ptr<Engine> engine, bool signed_in)
      : engine_(std::move(engine)), signed_in_(signed_in) {}

  void of(const std::string& batch, Then<Rights> then);
  // Asked anew, before something is done.
  void ask(const std::string& batch, Then<Rights> then);
  // For the rows of a list, where a few calls have to do: learns what holds for every batch, and then of at
  // most so many of these what is not known yet. Not knowing it, rows offer nothing.
  void learn(const std::vector<Batch>& batches, std::size_t most, std::function<void()> then);
  std::optional<Rights> known(const std::string& batch) const;

  Bounds bounds() const;

 private:
  void ask_engine(const std::string& batch, Then<Rights> then);

  std::shared_ptr<Engine> engine_;
  bool signed_in_;
  std::map<std::string, std::pair<Clock::time_point, Rights>> rights_;
};

}  // namespace batch_view
