#include "filters.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "body.hpp"
#include "message.hpp"

namespace demo_engine {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kOneOfTwo = "Only a single sorting parameter specified. sortBy and sortOrder required";

Refusal bad_parameter(const std::string& name, const std::string& value, const std::string& why = {}) {
  return refusal(400, kInvalidRequest,
                 "Cannot set query parameter '" + name + "' to value '" + value + "'" + why);
}

bool is_known(const std::vector<std::string>& known, const std::string& key) {
  return std::find(known.begin(), known.end(), key) != known.end();
}

template <class Number>
std::optional<Number> whole_number(const std::string& text) {
  Number number = 0;
  const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(begin, end, number);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return number;
}

}  // namespace

bool names_any(const Filters& filters, std::initializer_list<const char*> names) {
  return std::any_of(names.begin(), names.end(), [&](const char* name) { return filters.text(name); });
}

std::optional<std::string> QueryFilters::text(const std::string& name) const {
  for (const auto& [key, value] : target_.query)
    if (key == name) return value;  // The first of several counts.
  return std::nullopt;
}

std::optional<bool> QueryFilters::flag(const std::string& name) const {
  const auto value = text(name);
  if (!value) return std::nullopt;
  if (*value == "true") return true;
  if (*value == "false") return false;
  throw bad_parameter(name, *value, ": Cannot convert value " + *value + " to java type java.lang.Boolean");
}

std::optional<long> QueryFilters::number(const std::string& name) const {
  const auto value = text(name);
  if (!value) return std::nullopt;
  const auto number = whole_number<long>(*value);
  if (!number)
    throw bad_parameter(name, *value, ": Cannot convert value " + *value + " to java type java.lang.Long");
  return number;
}

std::optional<Instant> QueryFilters::instant(const std::string& name) const {
  const auto value = text(name);
  if (!value || value->empty()) return std::nullopt;
  const auto at = parse_engine_date(*value);
  if (!at)
    throw bad_parameter(name, *value,
                        ": Cannot convert value \"" + *value + "\" to java type java.util.Date");
  return at;
}

std::optional<std::vector<std::string>> QueryFilters::list(const std::string& name) const {
  const auto value = text(name);
  if (!value) return std::nullopt;
  auto parts = split_list(*value);
  if (parts.empty()) return std::nullopt;
  return parts;
}

std::vector<SortKey> QueryFilters::sorting(const std::vector<std::string>& known) const {
  const auto by = text("sortBy");
  const auto order = text("sortOrder");
  if (!by && !order) return {};
  if (order && *order != "asc" && *order != "desc") throw bad_parameter("sortOrder", *order);
  if (by && !is_known(known, *by)) throw bad_parameter("sortBy", *by);
  if (!by || !order) throw refusal(400, kInvalidRequest, kOneOfTwo);
  return {{*by, *order == "desc"}};
}

std::optional<std::string> BodyFilters::text(const std::string& name) const {
  return read_text(body_, name);
}

std::optional<bool> BodyFilters::flag(const std::string& name) const {
  return read_bool(body_, name);
}

std::optional<long> BodyFilters::number(const std::string& name) const {
  return read_int(body_, name);
}

std::optional<Instant> BodyFilters::instant(const std::string& name) const {
  return read_instant(body_, name);
}

std::optional<std::vector<std::string>> BodyFilters::list(const std::string& name) const {
  auto texts = read_texts(body_, name);
  if (texts.empty()) return std::nullopt;
  return texts;
}

std::vector<SortKey> BodyFilters::sorting(const std::vector<std::string>& known) const {
  const auto found = body_.find("sorting");
  if (found == body_.end() || found->is_null()) return single_sorting(known);
  if (!found->is_array()) throw unreadable_value("java.util.List", "sorting", *found);
  std::vector<SortKey> keys;
  for (const Json& element : *found) {
    if (!element.is_object()) throw unreadable_value("a sorting", "sorting", element);
    const std::string by = read_text(element, "sortBy").value_or("");
    const std::string order = read_text(element, "sortOrder").value_or("");
    if (!is_known(known, by))
      throw refusal(400, "NotValidException",
                    "You should call any of the orderBy methods first before specifying a direction: "
                    "currentOrderingProperty is null",
                    0);
    if (order != "asc" && order != "desc")
      throw refusal(400, "NotValidException",
                    "Invalid query: call asc() or desc() after using orderByXX(): direction is null", 0);
    keys.push_back({by, order == "desc"});
  }
  return keys;
}

/// sortBy and sortOrder beside the filters. A value they cannot have is refused without a word.
std::vector<SortKey> BodyFilters::single_sorting(const std::vector<std::string>& known) const {
  const auto by = text("sortBy");
  const auto order = text("sortOrder");
  if (!by && !order) return {};
  const bool bad_order = order && *order != "asc" && *order != "desc";
  if (bad_order || (by && !is_known(known, *by))) throw refusal(400, kInvalidRequest, "");
  if (!by || !order) throw refusal(400, kInvalidRequest, kOneOfTwo);
  return {{*by, *order == "desc"}};
}

Page read_page(const Target& target) {
  const QueryFilters query(target);
  const auto read = [&](const char* name) -> std::optional<int> {
    const auto value = query.text(name);
    if (!value || value->empty()) return std::nullopt;
    const auto number = whole_number<int>(*value);
    if (!number) throw refusal(404, "QueryParamException", "HTTP 404 Not Found");
    return number;
  };
  const auto first = read("firstResult");
  const auto most = read("maxResults");
  Page page;
  if (most) page.most = *most > 0 ? static_cast<std::size_t>(*most) : 0;
  if (first && *first < 0) page.most = 0;
  if (first && *first > 0) page.first = static_cast<std::size_t>(*first);
  return page;
}

}  // namespace demo_engine
