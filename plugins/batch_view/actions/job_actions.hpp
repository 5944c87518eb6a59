// Retrying and deleting jobs: some that are named, those of one cause, or every failed one of a batch.
//
// Thread: the plugin's own.
#pragma once

#include <memory>
#include <string>

#include "actions/context.hpp"
#include "model/reply.hpp"
#include "model/request.hpp"
#include "session/session.hpp"

namespace batch_view {

// Whether an action is one of these.
bool is_job_action(const std::string& action);

// Ids are acted on at once. A query is resolved to ids by reading the failed jobs, and each is looked at
// again before its turn; a dry run answers them as a plan, and confirming the plan acts on exactly these.
void act_on_jobs(const std::shared_ptr<Session>& session, const Request& request, ActionContext context,
                 Replied then);

}  // namespace batch_view
