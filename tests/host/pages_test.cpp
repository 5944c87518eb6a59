// From one page of a list to the next.
#include "views/pages.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"

using host::views::failed_engines;
using host::views::next_page;
using nlohmann::json;

namespace {

json rows(std::size_t count, const json& more = json::object()) {
  json answer{{"rows", std::vector<json>(count, json::object())}};
  answer.update(more);
  return answer;
}

}  // namespace

TEST_CASE("the next page is where the plugin says, and else after the rows that came") {
  CHECK(next_page(rows(10, {{"total", 30u}}), 0, 10) == 10u);
  CHECK(next_page(rows(10, {{"total", 30u}}), 20, 10) == std::nullopt);
  CHECK(next_page(rows(5, {{"total", 30u}}), 0, 10) == 5u);  // it gives smaller pages than it was asked for
  CHECK(next_page(rows(10, {{"totalKind", "unknown"}, {"next", 12u}}), 0, 10) == 12u);
  CHECK(next_page(rows(10, {{"total", 11u}, {"totalKind", "atLeast"}}), 10, 10) == 20u);
}

TEST_CASE("a walk ends: with no rows, a page that is not full, a next that does not move, or at its limit") {
  CHECK(next_page(rows(0, {{"total", 30u}}), 10, 10) == std::nullopt);
  CHECK(next_page(rows(0, {{"next", 20u}}), 10, 10) == std::nullopt);
  CHECK(next_page(rows(9), 10, 10) == std::nullopt);
  CHECK(next_page(rows(10, {{"totalKind", "unknown"}, {"next", 10u}}), 10, 10) == 20u);
  CHECK(next_page(rows(10), host::views::most_walked_rows - 10, 10) == std::nullopt);
}

TEST_CASE("of several engines the ones without rows are told with their reason, plain or by a key") {
  const json answer{
      {"engines",
       {{"east", json::object()},
        {"north", {{"error", {{"title", "Not allowed"}, {"detail", "Ask somebody."}}}}},
        {"south", {{"error", "of no known shape"}}},
        {"west",
         {{"error",
           {{"title", {{"key", "away"}, {"fallback", "It cannot be reached"}}},
            {"detail", {{"key", "why"}, {"args", json::object()}, {"fallback", "It refused."}}}}}}}}}};
  CHECK(failed_engines(answer) ==
        "north: Not allowed: Ask somebody.\nsouth: Failed\nwest: It cannot be reached: It refused.\n");
}
