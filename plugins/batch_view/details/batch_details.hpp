// The details of one batch, and how its progress went over time. Thread: the plugin's own.
#pragma once

#include <memory>
#include <string>

#include "model/reply.hpp"
#include "session/session.hpp"

namespace batch_view {

void batch_details(const std::shared_ptr<Session>& session, const std::string& batch, const Replied& then);
// For the chart, which has its remaining jobs from the total.
void batch_progress(const std::shared_ptr<Session>& session, const std::string& batch, const Replied& then);

}  // namespace batch_view
