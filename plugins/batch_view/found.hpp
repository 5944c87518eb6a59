// Where the batches of a list come from: the shared board, one page of the engine, or a bounded scan of it.
//
// Thread: the plugin's own. `then` is called once.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "reads.hpp"

namespace batch_view {

inline constexpr std::uint64_t most_scanned =
    10'000;  // batches, where the engine cannot filter or sort by itself; that there are more is said

struct Found {
  std::vector<Batch> batches;  // in order, from `request.page.first` on unless `from_start`
  bool from_start = false;     // the whole result (or its first part): the page is still to be cut out
  std::int64_t total = 0;
  std::optional<std::int64_t> scanned, of;   // so many of so many were looked at, if not all were
  nlohmann::json warning;                    // what the person should know of this engine
  std::chrono::milliseconds again_after{0};  // 0: it cost nothing beyond the board
};

// Whether lists can be sorted by that column of the description.
bool is_sortable(const std::string& column, bool running);

struct Placed {
  std::shared_ptr<Session> session;
  Batch batch;
};
// What a batch is sorted by, in a column; null before everything.
nlohmann::json sort_value(const Placed& placed, const std::string& column);

void find_running(const std::shared_ptr<Session>& session, const Request& request, Then<Found> then);
void find_ended(const std::shared_ptr<Session>& session, const Request& request, Then<Found> then);

}  // namespace batch_view
