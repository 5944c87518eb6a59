// The names of the users of an engine, and whose name is which: remembered for a while, asked in few calls.
//
// Owner: Session, and a question that has no answer yet. Thread: the plugin's own.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "engine/engine.hpp"
#include "model/bounds.hpp"

namespace batch_view {

class UserNames : public std::enable_shared_from_this<UserNames> {
 public:
  static constexpr std::size_t most_remembered =
      5000;  // then it begins anew, which costs calls and no memory
  static constexpr auto remembered_for = std::chrono::minutes{5};
  static constexpr std::size_t most_at_once = 100;  // ids in one query

  explicit UserNames(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}

  // The name once it is known, else the id.
  std::string name(const std::string& id) const;
  // Learns the names that are not known yet, in one call; a failure is no problem: ids are shown.
  void learn(const std::set<std::string>& ids, std::function<void()> then);
  // Whose shown name is that: by the names that are known, and by asking for it once in a while. Not who has
  // it for an id.
  void ids_of(const std::string& name, std::function<void(std::set<std::string>)> then);

  Bounds bounds() const;

 private:
  std::shared_ptr<Engine> engine_;
  std::map<std::string, std::pair<Clock::time_point, std::string>> names_;
  std::map<std::string, std::pair<Clock::time_point, std::set<std::string>>> ids_;  // by a name asked for
};

}  // namespace batch_view
