// JSON as text, and back: the one place of the host where nlohmann's parser and writer are compiled.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace host {

// All of them: any thread.

// On one line, or indented by two blanks. Bytes that are no UTF-8 become U+FFFD.
std::string json_text(const nlohmann::json& value);
std::string indented_json(const nlohmann::json& value);

// The value of a text that may be anything; "discarded" for one that is no JSON.
nlohmann::json parse_json(std::string_view text);

// The value of a text that is known to be JSON; throws for another. json_object() takes an empty one for {}.
nlohmann::json known_json(std::string_view text);
nlohmann::json json_object(std::string_view text);

}  // namespace host
