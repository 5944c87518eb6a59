// The form of an action against the values it is sent with. Pure functions.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "base/result.hpp"

namespace host::views {

// The values as the plugin gets them: defaults filled in. Fails, naming the parameter, for one that the
// action does not declare, a required one that is missing or empty, and a value that its form does not allow.
Result<nlohmann::json> params_of(const nlohmann::json& action, const nlohmann::json& given);

}  // namespace host::views
