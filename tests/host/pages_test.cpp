// From one page of a list to the next, also while the list changes.
#include "views/pages.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "catch.hpp"

using host::views::failed_engines;
using host::views::next_page;
using host::views::PageWalk;
using nlohmann::json;

namespace {

json rows(std::size_t count, const json& more = json::object()) {
  json answer{{"rows", std::vector<json>(count, json::object())}};
  answer.update(more);
  return answer;
}

// A list of numbered rows that can be asked for by pages.
struct Numbers {
  std::vector<int> left;

  explicit Numbers(int count) {
    for (int i = 0; i < count; ++i) left.push_back(i);
  }
  json page(std::uint64_t first, std::uint64_t size) const {
    auto page = json::array();
    for (auto i = first; i < std::min<std::uint64_t>(first + size, left.size()); ++i)
      page.push_back({{"id", left[i]}});
    return {{"rows", std::move(page)}, {"total", left.size()}};
  }
  void lose(int from, int to) {
    std::erase_if(left, [=](int one) { return one >= from && one < to; });
  }
};

// Walks to the end and does something before each page; gives what it met, in that order.
template <class Before>
std::vector<int> walked(Numbers& list, std::uint64_t size, Before before) {
  PageWalk walk{"id", 0, size};
  std::vector<int> met;
  for (int page = 0; walk.next(); ++page) {
    REQUIRE(page < 1000);
    before(page);
    for (const auto& row : walk.take(list.page(*walk.next(), size))) met.push_back(row.at("id").get<int>());
  }
  return met;
}

std::vector<int> sorted(std::vector<int> numbers) {
  std::sort(numbers.begin(), numbers.end());
  return numbers;
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

TEST_CASE("of several engines the ones without rows are reported with their reason, as text or by a key") {
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

TEST_CASE("a walk over a list that stays gives every row once") {
  Numbers list{95};
  CHECK(walked(list, 10, [](int) {}) == list.left);
}

TEST_CASE("rows that leave the list while it is walked hide none of those that stay") {
  Numbers list{95};
  const auto met = walked(list, 10, [&list](int page) {
    if (page == 3) list.lose(0, 25);   // of what was read
    if (page == 6) list.lose(80, 85);  // of what was not
    if (page == 8) list.lose(90, 92);
  });
  for (const auto stays : list.left) CHECK(std::count(met.begin(), met.end(), stays) == 1);
  CHECK(met.size() <= 95);

  Numbers emptied{40};
  const auto of_it = walked(emptied, 10, [&emptied](int page) {
    if (page == 2) emptied.lose(0, 30);  // what is left is on the first page now
  });
  CHECK(sorted(of_it).back() == 39);
  for (const auto stays : emptied.left) CHECK(std::count(of_it.begin(), of_it.end(), stays) == 1);
}

TEST_CASE("rows that come in front give none twice") {
  Numbers list{30};
  const auto met = walked(list, 10, [&list](int page) {
    if (page == 1) list.left.insert(list.left.begin(), {100, 101, 102});
  });
  CHECK(sorted(met).size() == 30);
  CHECK(std::adjacent_find(met.begin(), met.end()) == met.end());
  CHECK(walked(list, 7, [](int) {}) == list.left);
}

TEST_CASE("a row without an id is given as it comes, and the same id of another engine is another row") {
  PageWalk walk{"id", 0, 10};
  CHECK(walk.take(json{{"rows", {{{"text", "a"}}, {{"text", "a"}}, {{"id", 1}}, {{"id", 1}}}}}).size() == 3);
  CHECK(walk.next() == std::nullopt);

  PageWalk two{"id", 0, 10};
  CHECK(two.take(json{{"rows", {{{"id", 1}, {"engine", "east"}}, {{"id", 1}, {"engine", "west"}}}}}).size() ==
        2);
}

TEST_CASE("a walk over a list that changes for ever ends at its limit") {
  PageWalk walk{"id", 0, 5000};
  std::uint64_t pages = 0;
  for (; walk.next(); ++pages) {
    auto page = rows(5000, {{"total", 900'000u - pages % 2}});
    for (std::size_t i = 0; i < 5000; ++i) page["rows"][i]["id"] = *walk.next() + i;
    walk.take(page);
  }
  CHECK(pages <= host::views::most_walked_rows / 5000);
}
