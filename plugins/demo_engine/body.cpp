#include "body.hpp"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

namespace demo_engine {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSource =
    "\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)";

Refusal plain_text_refusal(const std::string& text) {
  Answer answer;
  answer.status = 400;
  answer.content_type = kTextType;
  answer.body = text;
  return {std::move(answer)};
}

Refusal no_object() {
  return refusal(500, "NullPointerException",
                 "Cannot read a property because the request has no JSON object");
}

Refusal not_json(const std::string& body, std::size_t byte) {
  const std::string at = kSource + std::string("; line: 1, column: ") + std::to_string(byte) + "]";
  if (byte == 0 || byte > body.size())
    return plain_text_refusal("Unexpected end-of-input within the JSON" + at);
  const char c = body[byte - 1];
  return plain_text_refusal("Unexpected character ('" + std::string(1, c) + "' (code " +
                            std::to_string(static_cast<int>(static_cast<unsigned char>(c))) +
                            ")): was expecting valid JSON" + at);
}

/// Absent and null values read alike.
const Json* find(const Json& object, const std::string& name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

}  // namespace

Refusal unreadable_value(const std::string& java_type, const std::string& name, const Json& value) {
  const std::string shown = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  return plain_text_refusal("Cannot deserialize value of type `" + java_type + "` from " + shown + kSource +
                            "] (through reference chain: [\"" + name + "\"])");
}

Json read_object(const Request& request) {
  const bool is_json = request.content_type.starts_with(kJsonType);
  if (request.content_type.empty() && request.body.empty()) throw no_object();
  if (!is_json) throw refusal(415, "NotSupportedException", "HTTP 415 Unsupported Media Type");
  if (request.body.empty()) return Json::object();
  Json body;
  try {
    body = Json::parse(request.body);
  } catch (const Json::parse_error& error) {
    throw not_json(request.body, error.byte);
  }
  if (body.is_null()) throw no_object();
  if (!body.is_object()) throw unreadable_value("a JSON object", "", body);
  return body;
}

std::optional<int> read_int(const Json& object, const std::string& name) {
  const Json* value = find(object, name);
  if (value == nullptr) return std::nullopt;
  const char* type = "java.lang.Integer";
  if (value->is_number()) {
    const double whole = std::trunc(value->get<double>());
    if (std::abs(whole) > 2147483647.0) throw unreadable_value(type, name, *value);
    return static_cast<int>(whole);
  }
  if (!value->is_string()) throw unreadable_value(type, name, *value);
  const auto& text = value->get_ref<const std::string&>();
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) throw unreadable_value(type, name, *value);
  return number;
}

std::optional<bool> read_bool(const Json& object, const std::string& name) {
  const Json* value = find(object, name);
  if (value == nullptr) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  if (*value == "true") return true;
  if (*value == "false") return false;
  throw unreadable_value("java.lang.Boolean", name, *value);
}

std::optional<std::string> read_text(const Json& object, const std::string& name) {
  const Json* value = find(object, name);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return value->get<std::string>();
  if (value->is_primitive()) return value->dump();
  throw unreadable_value("java.lang.String", name, *value);
}

std::optional<Instant> read_instant(const Json& object, const std::string& name) {
  const auto text = read_text(object, name);
  if (!text) return std::nullopt;
  const auto at = parse_engine_date(*text);
  if (!at) throw unreadable_value("java.util.Date", name, *find(object, name));
  return at;
}

std::vector<std::string> read_texts(const Json& object, const std::string& name) {
  const Json* value = find(object, name);
  if (value == nullptr) return {};
  if (!value->is_array()) throw unreadable_value("java.util.List", name, *value);
  std::vector<std::string> texts;
  texts.reserve(value->size());
  for (const Json& element : *value) {
    if (!element.is_string()) throw unreadable_value("java.lang.String", name, element);
    texts.push_back(element.get<std::string>());
  }
  return texts;
}

}  // namespace demo_engine
