// What a page or a terminal asks, taken member by member: an unknown name or a wrong type is said, never
// guessed at.
#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "views/description.hpp"

namespace host::views {
namespace {

using nlohmann::json;

constexpr std::size_t longest_name = 256;
constexpr std::size_t most_engines = 64;

std::string wrong(std::string_view member, std::string_view wanted) {
  return "\"" + std::string{member} + "\" has to be " + std::string{wanted};
}

std::string take_text(const json& from, const char* member, std::string& into) {
  const auto at = from.find(member);
  if (at == from.end()) return {};
  if (!at->is_string() || at->get_ref<const std::string&>().size() > longest_name)
    return wrong(member, "a text of at most 256 bytes");
  into = at->get<std::string>();
  return {};
}

std::string take_object(const json& from, const char* member, std::string& into) {
  const auto at = from.find(member);
  if (at == from.end()) return {};
  if (!at->is_object()) return wrong(member, "an object");
  into = json_text(*at);
  return {};
}

std::string take_number(const json& from, const char* member, std::uint64_t most, std::uint64_t& into) {
  const auto at = from.find(member);
  if (at == from.end()) return {};
  if (!at->is_number_unsigned() || at->get<std::uint64_t>() > most)
    return wrong(member, "a number from 0 to " + std::to_string(most));
  into = at->get<std::uint64_t>();
  return {};
}

std::string take_engines(const json& from, std::vector<std::string>& into) {
  const auto at = from.find("engines");
  if (at == from.end()) return {};
  if (!at->is_array() || at->size() > most_engines) return wrong("engines", "a list of engine ids");
  for (const auto& engine : *at) {
    if (!engine.is_string() || engine.get_ref<const std::string&>().size() > longest_name)
      return wrong("engines", "a list of engine ids");
    into.push_back(engine.get<std::string>());
  }
  return {};
}

// What is in an object besides the members it may have; empty: nothing.
std::string surplus(const json& object, std::string_view of, std::initializer_list<std::string_view> known) {
  for (const auto& [member, value] : object.items())
    if (std::find(known.begin(), known.end(), member) == known.end())
      return "\"" + member + "\" is unknown in \"" + std::string{of} + "\"";
  return {};
}

std::string take_sort(const json& from, Question& into) {
  const auto at = from.find("sort");
  if (at == from.end() || at->is_null()) return {};
  if (!at->is_object()) return wrong("sort", R"(an object {"key", "order"})");
  if (auto why = surplus(*at, "sort", {"key", "order"}); !why.empty()) return why;
  into.sort_order = "asc";
  if (auto why = take_text(*at, "key", into.sort_key); !why.empty()) return why;
  if (auto why = take_text(*at, "order", into.sort_order); !why.empty()) return why;
  if (into.sort_key.empty()) return wrong("key", "the key of a column, in \"sort\"");
  if (into.sort_order != "asc" && into.sort_order != "desc") return wrong("order", R"("asc" or "desc")");
  return {};
}

std::string take_page(const json& from, Question& into) {
  const auto at = from.find("page");
  if (at == from.end()) return {};
  if (!at->is_object()) return wrong("page", R"(an object {"first", "size"})");
  if (auto why = surplus(*at, "page", {"first", "size"}); !why.empty()) return why;
  if (auto why = take_number(*at, "first", 1'000'000'000, into.first); !why.empty()) return why;
  return take_number(*at, "size", largest_page, into.size);
}

}  // namespace

Result<Question> parse_question(const json& from, const std::vector<std::string_view>& extra) {
  using Failed = Result<Question>;
  if (!from.is_object()) return Failed::failed("a JSON object is expected");
  static constexpr std::string_view known[] = {"plugin", "at",   "row",    "parent", "engines", "filters",
                                               "sort",   "page", "locale", "zone",   "again"};
  for (const auto& [member, value] : from.items())
    if (std::find(std::begin(known), std::end(known), member) == std::end(known) &&
        std::find(extra.begin(), extra.end(), member) == extra.end())
      return Failed::failed("\"" + member + "\" is unknown here");
  Question question;
  for (const auto& why :
       {take_text(from, "plugin", question.plugin), take_text(from, "at", question.at),
        take_object(from, "row", question.row), take_object(from, "parent", question.parent),
        take_engines(from, question.engines), take_object(from, "filters", question.filters),
        take_sort(from, question), take_page(from, question), take_text(from, "locale", question.locale),
        take_text(from, "zone", question.zone)})
    if (!why.empty()) return Failed::failed(why);
  if (const auto again = from.find("again"); again != from.end()) {
    if (!again->is_boolean()) return Failed::failed(wrong("again", "true or false"));
    question.again = again->get<bool>();
  }
  if (question.plugin.empty()) return Failed::failed(wrong("plugin", "the id of a plugin"));
  return Failed::of(std::move(question));
}

}  // namespace host::views
