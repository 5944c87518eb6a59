#include "views/pages.hpp"

#include <nlohmann/json.hpp>

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
