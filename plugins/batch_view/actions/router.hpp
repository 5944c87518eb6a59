// Which part of the plugin carries out an action.
//
// Thread: the plugin's own. Calls `then` once.
#pragma once

#include <memory>

#include "actions/context.hpp"
#include "model/reply.hpp"
#include "model/request.hpp"
#include "session/session.hpp"

namespace batch_view {

void act(const std::shared_ptr<Session>& session, const Request& request, ActionContext context,
         Replied then);

}  // namespace batch_view
