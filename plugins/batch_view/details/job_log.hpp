// The job log: what happened to the jobs of a batch, or to one of them. It is history: shown to who may see
// the batch's record.
//
// Thread: the plugin's own.
#pragma once

#include <memory>
#include <string>

#include "model/reply.hpp"
#include "model/request.hpp"
#include "session/session.hpp"

namespace batch_view {

void list_log_of_batch(const std::shared_ptr<Session>& session, const Request& request,
                       const std::string& batch, const Replied& then);
void list_log_of_job(const std::shared_ptr<Session>& session, const Request& request, const std::string& job,
                     const Replied& then);
void one_log_entry(const std::shared_ptr<Session>& session, const std::string& id, const Replied& then);
void trace_of_log_entry(const std::shared_ptr<Session>& session, const std::string& id, const Replied& then);

}  // namespace batch_view
