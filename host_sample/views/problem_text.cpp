#include "views/problem_text.hpp"

#include <nlohmann/json.hpp>

namespace host::views {
namespace {

using nlohmann::json;

std::string words_of(const json& problem, const char* member) {
  const auto at = problem.find(member);
  if (at == problem.end()) return {};
  if (at->is_string()) return at->get<std::string>();
  if (!at->is_object()) return {};
  const auto fallback = at->find("fallback");
  return fallback != at->end() && fallback->is_string() ? fallback->get<std::string>() : std::string{};
}

}  // namespace

std::string problem_text(const json& problem) {
  if (!problem.is_object()) return "Failed";
  const auto title = words_of(problem, "title");
  const auto detail = words_of(problem, "detail");
  return (title.empty() ? "Failed" : title) + (detail.empty() ? "" : ": " + detail);
}

}  // namespace host::views
