// The completion for bash, built into the program.
#pragma once

#include <string_view>

namespace host::cli {

std::string_view completion_script();

}  // namespace host::cli
