// What an engine of some version can. Pure, any thread.
#pragma once

#include <string>

namespace batch_view {

// Whether an engine of that version can what Camunda can since 7.`minor`. Operaton and CIB seven, which count
// from 1, are younger than all of what is asked for here. A version that cannot be read counts as a new one.
bool is_at_least(const std::string& version, int minor);

}  // namespace batch_view
