// What breaks the schema of view descriptions, in words: where, what it has to be, and what it is. Any
// thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace host::views {

// `context`: the place as the validator names it; `otherwise`: its own words, for what is not known here.
std::string schema_words(const nlohmann::json& description, const std::vector<std::string>& context,
                         const std::string& otherwise);

}  // namespace host::views
