// The plugin's view description, built into it from view.json.
#pragma once

#include <string_view>

namespace batch_view {

std::string_view description();

}  // namespace batch_view
