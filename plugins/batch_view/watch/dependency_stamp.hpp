// What an answer depends on, as a text that changes only when that does: while it stays the same, a watch
// spares the engine the question. Pure, any thread.
#pragma once

#include <string>
#include <vector>

#include "model/request.hpp"
#include "session/running_snapshot.hpp"

namespace batch_view {

// `snapshots`: of the engines asked; null where the engine did not answer.
std::string dependency_stamp(const Request& request, const std::vector<SnapshotPointer>& snapshots);

}  // namespace batch_view
