// The JSON Schema of view descriptions, built into the host.
#pragma once

#include <string_view>

namespace host::views {

std::string_view view_schema();

}  // namespace host::views
