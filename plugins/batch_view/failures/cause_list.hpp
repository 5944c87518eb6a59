// The section "Causes" of a batch: its failed jobs by what they have in common.
//
// Thread: the plugin's own.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "failures/failure_scan.hpp"
#include "model/reply.hpp"

namespace batch_view {

// Who watches gets what is read so far; who asks once waits for the whole.
void list_causes(const std::shared_ptr<Session>& session, const std::string& batch, bool watched,
                 const Replied& then);

// A cause in words: the message, the innermost exception where the message does not say it, the activity.
nlohmann::json cause_label(const Cause& cause);

}  // namespace batch_view
