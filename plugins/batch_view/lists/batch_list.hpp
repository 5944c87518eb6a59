// The two lists of batches. Thread: the plugin's own.
#pragma once

#include "model/reply.hpp"
#include "model/request.hpp"
#include "session/session.hpp"

namespace batch_view {

// Rows of all engines asked, as one list; an engine that fails is named and does not hide the others.
void list_batches(const Sessions& sessions, const Request& request, bool running, Replied then);

}  // namespace batch_view
