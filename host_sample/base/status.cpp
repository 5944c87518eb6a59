#include "base/status.hpp"

#include <nlohmann/json.hpp>

#include "base/json_text.hpp"

namespace host {
namespace {

struct Row {
  cockpit_status status;
  std::string_view name;
  unsigned http;
};

constexpr Row rows[] = {
    {COCKPIT_OK, "ok", 200},
    {COCKPIT_INVALID, "invalid", 400},
    {COCKPIT_UNSUPPORTED, "unsupported", 501},
    {COCKPIT_NOT_FOUND, "not_found", 404},
    {COCKPIT_DENIED, "denied", 403},
    {COCKPIT_SIGN_IN_REQUIRED, "sign_in_required", 403},
    {COCKPIT_UNAVAILABLE, "unavailable", 503},
    {COCKPIT_TIMEOUT, "timeout", 504},
    {COCKPIT_CANCELLED, "cancelled", 499},
    {COCKPIT_CONFLICT, "conflict", 409},
    {COCKPIT_GONE, "gone", 410},
    {COCKPIT_UNKNOWN_OUTCOME, "unknown_outcome", 502},
    {COCKPIT_TOO_LARGE, "too_large", 502},
    {COCKPIT_BUSY, "busy", 503},
    {COCKPIT_STOPPING, "stopping", 503},
    {COCKPIT_STALE, "stale", 409},
    {COCKPIT_INTERNAL, "internal", 502},
};

const Row& row_of(cockpit_status status) {
  for (const auto& row : rows)
    if (row.status == status) return row;
  return rows[std::size(rows) - 1];
}

}  // namespace

std::string_view status_name(cockpit_status status) {
  return row_of(status).name;
}

unsigned http_status(cockpit_status status) {
  return row_of(status).http;
}

// As text, and not by way of a tree, which asks for memory even when it goes: this is said when there is
// none, too.
std::string problem_json(cockpit_status status, std::string_view title, std::string_view detail) {
  const auto quoted = [](std::string_view text) { return json_text(nlohmann::json(text)); };
  return R"({"detail":)" + quoted(detail) + R"(,"status":)" + std::to_string(http_status(status)) +
         R"(,"title":)" + quoted(title) + R"(,"type":"about:blank"})";
}

std::string problem_words(const std::string& problem) {
  const auto parsed = parse_json(problem);
  const auto words_of = [&parsed](const char* member) -> std::string {
    if (!parsed.is_object() || !parsed.contains(member)) return {};
    const auto& value = parsed.at(member);
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_object() || !value.contains("fallback") || !value.at("fallback").is_string()) return {};
    return value.at("fallback").get<std::string>();
  };
  const auto title = words_of("title");
  const auto detail = words_of("detail");
  if (title.empty() && detail.empty()) return "no reason was given";
  return title + (title.empty() || detail.empty() ? "" : ": ") + detail;
}

}  // namespace host
