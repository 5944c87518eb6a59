// From one page of a list to the next, for whoever walks all of them, and what is said of engines that did
// not answer. Any thread; a walk belongs to whoever walks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace host::views {

inline constexpr std::uint64_t rows_a_walked_page = 200;
inline constexpr std::uint64_t most_walked_rows = 1'000'000;

// `first` of the page after this answer, which was asked for with `first` and `size`; nothing when there is
// none. `next` decides where the plugin says it, else the total, else a page that was not full.
std::optional<std::uint64_t> next_page(const nlohmann::json& answer, std::uint64_t first, std::uint64_t size);

// A walk over all pages of a list that changes meanwhile. Rows that leave the list move those behind them
// onto pages that were already read, and new ones move rows onto the next page: so the walk goes back by as
// many rows as are missing from the total, and gives each row once. It remembers the last `most_remembered`
// rows and goes back no further than that.
class PageWalk {
 public:
  static constexpr std::size_t most_remembered = 10'000;

  PageWalk() = default;
  PageWalk(std::string id_field, std::uint64_t first, std::uint64_t size);

  // Where the page to ask for begins; nothing when the walk is over.
  std::optional<std::uint64_t> next() const { return next_; }
  // Takes the answer for the page at next(): its rows that were not given before. A row without an id is
  // always given.
  nlohmann::json take(const nlohmann::json& answer);

 private:
  bool is_new(const nlohmann::json& row);
  std::uint64_t missing(const nlohmann::json& answer);

  std::string id_field_;
  std::uint64_t size_ = 0;
  std::optional<std::uint64_t> next_ = 0;
  std::optional<std::uint64_t> total_;  // of the answer before
  std::uint64_t came_ = 0;              // rows of all answers
  std::vector<std::size_t> ring_;       // hashes of the rows given last
  std::size_t oldest_ = 0;
  std::unordered_set<std::size_t> remembered_;  // the same, to find them
};

// Which of several engines an answer lacks the rows of, and why, in one line each; empty: of none.
std::string failed_engines(const nlohmann::json& answer);

}  // namespace host::views
