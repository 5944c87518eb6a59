// The details of one job and its stack trace. Thread: the plugin's own.
#pragma once

#include <memory>
#include <string>

#include "model/reply.hpp"
#include "session/session.hpp"

namespace batch_view {

void job_details(const std::shared_ptr<Session>& session, const std::string& job, const Replied& then);
void job_stack_trace(const std::shared_ptr<Session>& session, const std::string& job, const Replied& then);

}  // namespace batch_view
