// From one page of a list to the next, for whoever walks all of them. Pure functions.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace host::views {

inline constexpr std::uint64_t rows_a_walked_page = 200;
inline constexpr std::uint64_t most_walked_rows = 1'000'000;

// `first` of the page after this answer, which was asked for with `first` and `size`; nothing when there is
// none. `next` decides where the plugin says it, else the total, else a page that was not full.
std::optional<std::uint64_t> next_page(const nlohmann::json& answer, std::uint64_t first, std::uint64_t size);

// Which of several engines an answer lacks the rows of, and why, in one line each; empty: of none.
std::string failed_engines(const nlohmann::json& answer);

}  // namespace host::views
