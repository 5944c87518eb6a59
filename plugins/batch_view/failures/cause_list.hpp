// The section "Causes" of a batch: its failed jobs by what they have in common.
//
// Thread: the plugin's own.
#pragma once

#include "watch/read_router.hpp"

namespace batch_view {

// Who watches gets what is read so far; who asks once waits for the whole.
void list_causes(const std::shared_ptr<Session>& session, const std::string& batch, bool watched,
                 const Replied& then);

// The seed or monitor definition whose job has no retries left, when that is what holds the batch up.
void find_failed_driving_job(const std::shared_ptr<Session>& session, const Batch& batch,
                     std::function<void(std::optional<std::string>)> then);

// A cause in words: the message, the innermost exception where the message does not say it, the activity.
nlohmann::json cause_label(const Cause& cause);

}  // namespace batch_view
