// The badge: how many running batches need attention. Thread: the plugin's own.
#pragma once

#include "model/reply.hpp"
#include "session/session.hpp"

namespace batch_view {

void count_attention(const Sessions& sessions, bool watched, Replied then);

}  // namespace batch_view
