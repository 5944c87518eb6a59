// The failed jobs of a batch as a list. Thread: the plugin's own.
#pragma once

#include <memory>
#include <string>

#include "model/reply.hpp"
#include "model/request.hpp"
#include "session/session.hpp"

namespace batch_view {

void list_failed_jobs(const std::shared_ptr<Session>& session, const Request& request,
                      const std::string& batch, const Replied& then);

}  // namespace batch_view
