#include "base/json_text.hpp"

#include <nlohmann/json.hpp>

namespace host {

using nlohmann::json;

std::string json_text(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string indented_json(const json& value) {
  return value.dump(2, ' ', false, json::error_handler_t::replace);
}

json parse_json(std::string_view text) {
  return json::parse(text, nullptr, false);
}

json known_json(std::string_view text) {
  return json::parse(text);
}

json json_object(std::string_view text) {
  return text.empty() ? json::object() : known_json(text);
}

}  // namespace host
