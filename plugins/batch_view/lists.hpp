// The two lists and the badge: see reads.hpp for threads and lifetimes.
#pragma once

#include "reads.hpp"

namespace batch_view {

// Rows of all engines asked, as one list; an engine that fails is named and does not hide the others.
void list_batches(const Sessions& sessions, const Request& request, bool running, Replied then);

// How many of the newest running batches need attention: failing, blocked or stuck.
void count_in_need(const Sessions& sessions, bool watched, Replied then);

}  // namespace batch_view
