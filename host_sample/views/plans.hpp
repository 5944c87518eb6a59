// The plans of dry runs, kept whole until they are confirmed.
//
// Owner: Runs; I/O thread. A plan belongs to what it was made for, ends after a while, and is good for once.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace host::views {

class Plans {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr auto kept_for = std::chrono::minutes{15};
  static constexpr std::size_t most_kept = 64;          // the oldest goes
  static constexpr std::size_t most_bytes = 32u << 20;  // of all ids together; the oldest goes
  static constexpr std::size_t most_shown = 1000;       // ids of the plan that a page gets
  static constexpr std::size_t longest_id = 1024;

  // What is wrong with a plan as the plugin answered it; empty: it names each of its ids once, and their
  // count.
  static std::string why_bad(const nlohmann::json& plan);

  // Keeps a good plan under `id`, for what `of` says (see Runs). Gives the plan as it is shown: with its id,
  // and without the ids over `most_shown`.
  nlohmann::json keep(const std::string& id, nlohmann::json of, nlohmann::json plan, Clock::time_point now);

  // The whole plan that `shown` is the confirmation of. Fails when it is not known, or not any more, was
  // changed, or is for something else than `of`.
  Result<nlohmann::json> find(const nlohmann::json& shown, const nlohmann::json& of,
                              Clock::time_point now) const;
  // Every id of a plan that is kept; none when it is not.
  std::vector<std::string> ids_of(const std::string& id) const;
  // It was confirmed.
  void spend(const std::string& id) { kept_.erase(id); }

 private:
  struct Kept {
    nlohmann::json of, plan;
    std::size_t bytes = 0;
    Clock::time_point made;
  };
  void make_room(std::size_t bytes, Clock::time_point now);

  std::map<std::string, Kept> kept_;
};

}  // namespace host::views
