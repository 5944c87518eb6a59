// JSON as one line of text, and back.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace host {

// Bytes that are no UTF-8 become U+FFFD. Any thread.
std::string json_text(const nlohmann::json& value);

// What such a text says; an empty one says {}. Throws for one that is no JSON. Any thread.
nlohmann::json json_object(const std::string& text);

}  // namespace host
