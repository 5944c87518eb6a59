#include "views/pages.hpp"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json_text.hpp"
#include "views/problem_text.hpp"

namespace host::views {

using nlohmann::json;

std::optional<std::uint64_t> next_page(const json& answer, std::uint64_t first, std::uint64_t size) {
  const auto rows = answer.value("rows", json::array()).size();
  const auto after = first + rows;
  if (rows == 0 || after >= most_walked_rows) return std::nullopt;
  const auto next = answer.find("next");
  if (next != answer.end() && next->is_number_unsigned() && next->get<std::uint64_t>() > first)
    return next->get<std::uint64_t>();
  const auto total = answer.find("total");
  if (answer.value("totalKind", "exact") == "exact" && total != answer.end() && total->is_number_unsigned())
    return after < total->get<std::uint64_t>() ? std::optional{after} : std::nullopt;
  return rows < size ? std::nullopt : std::optional{after};
}

PageWalk::PageWalk(std::string id_field, std::uint64_t first, std::uint64_t size)
    : id_field_(std::move(id_field)), size_(size), next_(first) {}

bool PageWalk::is_new(const json& row) {
  const auto id = row.find(id_field_);
  if (id == row.end()) return true;
  const auto hash = std::hash<std::string>{}(json_text(row.value("engine", json{})) + json_text(*id));
  if (!remembered_.insert(hash).second) return false;
  if (ring_.size() < most_remembered) {
    ring_.push_back(hash);
  } else {
    remembered_.erase(ring_[oldest_]);
    ring_[oldest_] = hash;
    oldest_ = (oldest_ + 1) % most_remembered;
  }
  return true;
}

// By how many rows the list is shorter than at the answer before, where both say it exactly.
std::uint64_t PageWalk::missing(const json& answer) {
  const auto total = answer.find("total");
  const bool exact = answer.value("totalKind", "exact") == "exact" && !answer.contains("next");
  if (!exact || total == answer.end() || !total->is_number_unsigned()) {
    total_.reset();
    return 0;
  }
  const auto now = total->get<std::uint64_t>();
  const auto before = std::exchange(total_, now).value_or(now);
  return before > now ? before - now : 0;
}

json PageWalk::take(const json& answer) {
  const auto at = next_.value_or(0);
  auto given = json::array();
  const auto rows = answer.value("rows", json::array());
  for (const auto& row : rows)
    if (is_new(row)) given.push_back(row);
  came_ += rows.size();
  const auto back = std::min({missing(answer), at, std::uint64_t{ring_.size()}});
  if (came_ >= most_walked_rows)
    next_.reset();
  else if (back > 0)
    next_ = at - back;
  else
    next_ = next_page(answer, at, size_);
  return given;
}

std::string failed_engines(const json& answer) {
  std::string lines;
  const auto engines = answer.value("engines", json::object());  // lives as long as the loop over it
  for (const auto& [engine, state] : engines.items()) {
    if (!state.is_object() || !state.contains("error")) continue;
    lines += engine + ": " + problem_text(state.at("error")) + "\n";
  }
  return lines;
}

}  // namespace host::views
