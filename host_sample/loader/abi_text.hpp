// The texts of the ABI as views, both ways.
#pragma once

#include <cockpit/base.h>

#include <string_view>

namespace host::loader {

inline std::string_view view(cockpit_text text) {
  return text.size == 0 || text.data == nullptr
             ? std::string_view{}
             : std::string_view{text.data, static_cast<std::size_t>(text.size)};
}

inline cockpit_text text(std::string_view view) {
  return {view.data(), view.size()};
}

}  // namespace host::loader
