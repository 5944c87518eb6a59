// Sorts, cuts and writes the rows of a list, by the engine's rules: by id without a key, stable with one.
#pragma once

#include <algorithm>
#include <compare>
#include <nlohmann/json.hpp>
#include <vector>

#include "body.hpp"
#include "call.hpp"

namespace demo_engine {

/// `rows` come in the order of their ids. `compare(key, a, b)` orders two rows by one key, `write(row)` makes
/// its JSON. `paged`: whether this list of the engine knows firstResult and maxResults.
template <class Row, class Compare, class Write>
Answer list_answer(const Call& call, std::vector<Row> rows, const std::vector<SortKey>& keys, Compare compare,
                   Write write, bool paged = true) {
  const Page page = paged ? read_page(call.target) : Page{};
  if (call.max_results && page.most > *call.max_results)
    throw refusal(400, "BadUserRequestException",
                  page.most == Page{}.most
                      ? "An unbound number of results is forbidden!"
                      : "Max results limit of " + std::to_string(*call.max_results) + " exceeded!",
                  0);
  const auto before = [&](const Row& a, const Row& b) {
    for (const SortKey& key : keys) {
      const std::weak_ordering order = compare(key.by, a, b);
      if (order != 0) return key.descending ? order > 0 : order < 0;
    }
    return false;
  };
  // By id they come already, and 100,000 of them are asked for page by page.
  if (!std::is_sorted(rows.begin(), rows.end(), before)) std::stable_sort(rows.begin(), rows.end(), before);
  const std::size_t begin = std::min(page.first, rows.size());
  const std::size_t count = std::min(page.most, rows.size() - begin);
  if (count > kMaxRowsOfAnswer)
    throw refusal(400, "BadUserRequestException",
                  "Max results limit of " + std::to_string(kMaxRowsOfAnswer) + " exceeded!", 0);
  nlohmann::ordered_json body = nlohmann::ordered_json::array();
  for (std::size_t i = begin; i < begin + count; ++i) body.push_back(write(rows[i]));
  return json_answer(body);
}

/// The same answer for filters of the query string, and for those of a body.
template <Answer (*answer)(const Call&, const Filters&)>
Answer by_query(const Call& call) {
  return answer(call, QueryFilters(call.target));
}
template <Answer (*answer)(const Call&, const Filters&)>
Answer by_body(const Call& call) {
  const auto body = read_object(call.request);
  return answer(call, BodyFilters(body));
}

/// tenantIdIn and withoutTenantId, which most lists know.
class TenantFilter {
 public:
  explicit TenantFilter(const Filters& filters)
      : without_(filters.is_set("withoutTenantId")), among_(filters.list("tenantIdIn")) {}

  bool matches(const std::optional<std::string>& tenant) const {
    if (without_) return !tenant;
    return !among_ || (tenant && std::find(among_->begin(), among_->end(), *tenant) != among_->end());
  }

 private:
  bool without_;
  std::optional<std::vector<std::string>> among_;
};

/// A filter by exact text; an absent one matches everything.
inline bool matches_text(const std::optional<std::string>& wanted, const std::optional<std::string>& actual) {
  return !wanted || (actual && *wanted == *actual);
}

/// A filter by id: a text that is no id matches nothing.
inline bool matches_id(const std::optional<std::string>& wanted, const Id& actual) {
  return !wanted || parse_id(*wanted) == actual;
}

}  // namespace demo_engine
