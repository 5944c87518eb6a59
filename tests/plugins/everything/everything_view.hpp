// view.json, built in.
#pragma once

#include <string_view>

namespace lighthouses {

std::string_view view_json();

}  // namespace lighthouses
