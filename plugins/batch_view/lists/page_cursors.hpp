// Where a page of a list of several engines begins in each of them, so that the pages after the first do not
// begin at the first row again. Plain values.
//
// Owner: the first of the sessions. Thread: the plugin's own. Bounded: what was kept longest goes.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "session/session.hpp"

namespace batch_view {

class PageCursors : public SessionState {
 public:
  static constexpr std::size_t most = 64;
  using Places = std::vector<std::uint64_t>;  // rows passed, one an engine

  Bounds bounds() const override { return {{"places of pages", kept_.size(), most}}; }
  void keep(std::string list, std::uint64_t row, Places places) {
    std::erase_if(kept_, [&](const Kept& one) { return one.list == list && one.row == row; });
    if (kept_.size() >= most) kept_.pop_front();
    kept_.push_back({std::move(list), row, std::move(places)});
  }
  std::optional<Places> find(const std::string& list, std::uint64_t row) const {
    for (const auto& one : kept_)
      if (one.list == list && one.row == row) return one.places;
    return std::nullopt;
  }

 private:
  struct Kept {
    std::string list;
    std::uint64_t row;
    Places places;
  };
  std::deque<Kept> kept_;
};

}  // namespace batch_view
