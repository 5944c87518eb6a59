// Which part of the plugin answers a request for rows or details. Thread: the plugin's own.
#pragma once

#include "model/reply.hpp"
#include "model/request.hpp"
#include "session/session.hpp"

namespace batch_view {

// `sessions`: on the engines asked, at least one. Calls `then` once; holds the sessions as long as it needs
// them.
void answer(const Sessions& sessions, const Request& request, Replied then);

}  // namespace batch_view
