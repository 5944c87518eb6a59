// Reads the JSON body of a change, with the refusals engines give: 415, 400 in plain text, or 500 for no body
// at all. Plain functions, the program's thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "instant.hpp"
#include "message.hpp"

namespace demo_engine {

/// The body as an object. An empty one with the JSON content type counts as `{}`.
nlohmann::ordered_json read_object(const Request& request);

/// Absent and null give nothing; another type than the named one throws Refusal.
std::optional<int> read_int(const nlohmann::ordered_json& object, const std::string& name);
std::optional<bool> read_bool(const nlohmann::ordered_json& object, const std::string& name);
std::optional<std::string> read_text(const nlohmann::ordered_json& object, const std::string& name);
std::optional<Instant> read_instant(const nlohmann::ordered_json& object, const std::string& name);
std::vector<std::string> read_texts(const nlohmann::ordered_json& object, const std::string& name);

/// The plain-text refusal of a value that does not fit.
Refusal unreadable_value(const std::string& java_type, const std::string& name,
                         const nlohmann::ordered_json& value);

}  // namespace demo_engine
