// Jobs of a batch that failed and still have retries: what the list of failed jobs does not show.
//
// Thread: the plugin's own.
#pragma once

#include <memory>
#include <string>

#include "model/reply.hpp"
#include "model/request.hpp"
#include "session/session.hpp"

namespace batch_view {

void list_retrying(const std::shared_ptr<Session>& session, const Request& request, const std::string& batch,
                   const Replied& then);

}  // namespace batch_view
