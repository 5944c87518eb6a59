// key=value of the command line as the JSON that filters and params are. Pure functions.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace host::cli {

// Both add the pair as a member of `object` (JSON, or empty) and say what is wrong, or nothing.

// By the filter's type: true or false; FROM..TO with either end left out for numbers and times; a,b for tags;
// else the text. What the place does not have is passed on, and refused by name.
std::string add_filter(const nlohmann::json& place, const std::string& pair, std::string& object);
// By the type that the action's form gives the key; else true, false, numbers and objects as such, all else
// as text.
std::string add_param(const nlohmann::json& action, const std::string& pair, std::string& object);

}  // namespace host::cli
