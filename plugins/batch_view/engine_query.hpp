// How the engine's calls are written and their answers read: query strings, and values out of JSON. Inline,
// any thread; for the sources of Engine only.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "engine_json.hpp"
#include "rest_client/url.hpp"

namespace batch_view {

// A query string, of the filters that the endpoint is known to take.
class Query {
 public:
  Query& add(const char* name, const std::string& value) {
    text_ += text_.empty() ? '?' : '&';
    text_ += name;
    text_ += '=';
    text_ += rest_client::encode(value);
    return *this;
  }
  Query& add_if(const char* name, const std::string& value) {
    return value.empty() ? *this : add(name, value);
  }
  Query& add_if(const char* name, const std::optional<std::string>& value) {
    return value ? add(name, *value) : *this;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

inline void paged(Query& query, const Page& page) {
  if (!page.sort.empty()) query.add("sortBy", page.sort).add("sortOrder", page.descending ? "desc" : "asc");
  query.add("firstResult", std::to_string(page.first)).add("maxResults", std::to_string(page.size));
}

inline Problem not_understood(const std::string& why) {
  return {COCKPIT_UNAVAILABLE, "The engine's answer was not understood", why};
}

inline Problem no_json(const std::string& content_type) {
  return not_understood(content_type.rfind("text/html", 0) == 0
                            ? "The answer is a web page, not JSON. Is the address that of the engine's REST "
                              "API (…/engine-rest)?"
                            : "It was not JSON.");
}

inline Problem unexpected_json() {
  return not_understood(
      "It is JSON, but not what was expected. Does another service answer at this address?");
}

// Turns an answer into a value; what the engine should not have said becomes a problem.
template <class Value, class Make>
Then<nlohmann::json> made(Then<Value> then, Make make) {
  return [then = std::move(then), make = std::move(make)](Got<nlohmann::json> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
    std::optional<Value> value;
    try {
      value = make(std::get<nlohmann::json>(got));
    } catch (const nlohmann::json::exception&) {
      // The library's words about it would tell the person nothing.
    }
    if (value)
      then(std::move(*value));
    else
      then(unexpected_json());
  };
}

// One thing that must be readable, be it in part.
template <class Row>
auto only_row(ReadRow<Row> (*read)(const nlohmann::json&)) {
  return [read](const nlohmann::json& from) {
    auto made = read(from);
    if (!made.row) throw nlohmann::json::type_error::create(302, "no id", &from);
    return std::move(*made.row);
  };
}

// "Not there" is an answer, not a problem.
template <class Value, class Make>
Then<nlohmann::json> made_if_there(Then<std::optional<Value>> then, Make make) {
  auto wanted = made<std::optional<Value>>(
      then, [make](const nlohmann::json& from) { return std::optional<Value>{make(from)}; });
  return [then = std::move(then), wanted = std::move(wanted)](Got<nlohmann::json> got) {
    const auto* problem = std::get_if<Problem>(&got);
    if (problem != nullptr && problem->status == COCKPIT_NOT_FOUND) return then(std::optional<Value>{});
    wanted(std::move(got));
  };
}

}  // namespace batch_view
