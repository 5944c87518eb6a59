#include "found.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "batches.hpp"
#include "reply.hpp"

namespace batch_view {
namespace {

using nlohmann::json;
using SessionPtr = std::shared_ptr<Session>;

constexpr std::chrono::milliseconds page_again{2500}, scan_again{10000}, history_again{30000};
constexpr std::size_t most_suspects_of_a_filter = 20;  // looked at at once, when somebody asks for a state

// The engine's sort key of a column, or nothing.
std::string engine_key(const std::string& column, bool running) {
  if (column.empty() || column == "id") return "batchId";
  if (column == "tenant") return "tenantId";
  if (column == "start") return "startTime";
  if (column == "end" && !running) return "endTime";
  return {};
}

// The worst first, when sorted downwards.
int severity(State state) {
  switch (state) {
    case State::missing_seed:
    case State::missing_monitor:
    case State::stuck_seed:
    case State::stuck_monitor:
      return 6;
    case State::blocked:
    case State::jobs_suspended:
      return 5;
    case State::failing:
      return 4;
    case State::suspended:
      return 3;
    case State::running:
      return 2;
    case State::seeding:
      return 1;
    default:
      return 0;
  }
}

bool is_stuck(State state) {
  return severity(state) == 6;
}

State state_in(const Session& session, const Batch& batch) {
  return state_of(batch, session.mover(batch).mover, session.known_deleted(batch.id));
}

json time_key(const std::optional<std::string>& time) {
  const auto ms = time ? ms_of(*time) : std::nullopt;
  return ms ? json(*ms) : json{};
}

bool has_state(const Session& session, const Batch& batch, const std::string& wanted) {
  if (wanted.empty()) return true;
  const auto state = state_in(session, batch);
  if (wanted == "stuck") return is_stuck(state);
  if (wanted == "needs") return needs_someone(state);
  return wanted == name_of(state);
}

void sort_all(std::vector<Placed>& placed, const Request& request) {
  std::vector<std::pair<json, std::size_t>> keys;
  for (std::size_t i = 0; i < placed.size(); ++i) keys.emplace_back(sort_value(placed[i], request.sort), i);
  std::stable_sort(keys.begin(), keys.end(), [&request](const auto& one, const auto& other) {
    return request.page.descending ? other.first < one.first : one.first < other.first;
  });
  std::vector<Placed> sorted;
  sorted.reserve(placed.size());
  for (const auto& [key, i] : keys) sorted.push_back(std::move(placed[i]));
  placed = std::move(sorted);
}

// Filtered and ordered here, since all that matters is at hand.
Found local(const SessionPtr& session, const Request& request, std::vector<Batch> batches) {
  Found found;
  found.from_start = true;
  std::vector<Placed> placed;
  for (auto& batch : batches)
    if (passes(batch, request.filter) && has_state(*session, batch, request.filter.state))
      placed.push_back({session, std::move(batch)});
  sort_all(placed, request);
  found.total = static_cast<std::int64_t>(placed.size());
  for (auto& one : placed) found.batches.push_back(std::move(one.batch));
  return found;
}

bool filters_by_itself(const Session& session, const BatchFilter& filter, bool running) {
  if (!filter.state.empty() || !filter.same_name.empty()) return false;
  const bool newer = filter.failures || filter.started_after || filter.started_before || !filter.user.empty();
  return running ? session.abilities().filters_statistics || !newer : !filter.suspended && !newer;
}

bool is_unfiltered(const BatchFilter& filter) {
  return filter.id.empty() && filter.type.empty() && filter.user.empty() && filter.tenant.empty() &&
         filter.state.empty() && !filter.suspended && !filter.failures && !filter.started_after &&
         !filter.started_before && !filter.without_tenant;
}

using Rows = std::function<void(const BatchFilter&, const Page&, Then<std::vector<Batch>>)>;
using Count = std::function<void(const BatchFilter&, Then<std::int64_t>)>;

// One page, as the engine filters and orders it.
void one_page(const SessionPtr& session, const Request& request, bool running, const Rows& rows,
              const Count& count, Then<Found> then) {
  Page page = request.page;
  page.sort = engine_key(request.sort, running);
  rows(request.filter, page, [session, request, running, page, count, then](Got<std::vector<Batch>> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
    Found found;
    found.again_after = running ? page_again : history_again;
    found.batches = std::get<0>(std::move(got));
    const auto asked = found.batches.size();
    std::erase_if(found.batches, [&request](const Batch& batch) { return !passes(batch, request.filter); });
    // A page that is not full is the last one: nobody needs to count.
    if (asked < page.size && (asked > 0 || page.first == 0)) {
      found.total = static_cast<std::int64_t>(page.first + asked);
      return then(std::move(found));
    }
    count(request.filter, [session, found, then](Got<std::int64_t> total) {
      if (auto* problem = std::get_if<Problem>(&total)) return then(std::move(*problem));
      auto counted = found;
      counted.total = std::get<std::int64_t>(total);
      then(std::move(counted));
    });
  });
}

// What a state implies, and the engine can find by itself. Where it knows no such filter, its answer holds
// more, and these are passed over here.
BatchFilter implied(const Session& session, BatchFilter filter) {
  const auto& state = filter.state;
  const auto narrow = [](std::optional<bool>& into, bool value) {
    if (!into) into = value;
  };
  const bool failed = state == "blocked" || state == "failing";
  const bool moves = state == "running" || state == "seeding" || state == "finishing";
  if (state == "suspended") narrow(filter.suspended, true);
  if (failed || moves || state == "jobsSuspended") narrow(filter.suspended, false);
  if (session.abilities().filters_statistics && (failed || moves)) narrow(filter.failures, failed);
  return filter;
}

// The newest so many, filtered and ordered here; how many there are is said when not all were looked at.
void scan(const SessionPtr& session, const Request& request, bool running, const Rows& rows,
          const Count& count, const Then<Found>& then) {
  Page page;
  page.size = most_scanned;
  page.sort = running ? "startTime" : "endTime";
  page.descending = true;
  const auto filter = running ? implied(*session, request.filter) : request.filter;
  rows(filter, page, [session, request, filter, running, count, then](Got<std::vector<Batch>> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
    auto batches = std::get<0>(std::move(got));
    const auto scanned = static_cast<std::int64_t>(batches.size());
    const auto finish = [session, request, running, then, batches, scanned](std::int64_t of) {
      const auto answer = [=](std::optional<Problem> problem) {
        if (problem) return then(std::move(*problem));
        auto found = local(session, request, batches);
        found.again_after = running ? scan_again : history_again;
        found.scanned = scanned;
        found.of = std::max(scanned, of);
        then(std::move(found));
      };
      if (request.filter.state.empty()) return answer(std::nullopt);
      if (running)
        return session->look_at_suspects(batches, most_suspects_of_a_filter,
                                         [answer] { answer(std::nullopt); });
      session->learn_deleted(batches, answer);
    };
    if (batches.size() < most_scanned) return finish(scanned);
    count(filter, [finish, then](Got<std::int64_t> total) {
      if (auto* problem = std::get_if<Problem>(&total)) return then(std::move(*problem));
      finish(std::get<std::int64_t>(total));
    });
  });
}

// No batch has ended, it says. A running one that is not in the history either tells that it keeps none.
void with_reason(const SessionPtr& session, Found found, const Then<Found>& then) {
  session->board().look([session, found = std::move(found), then](Got<Board::Seen> got) {
    const auto* look = std::get_if<Board::Seen>(&got);
    if (look == nullptr || (*look)->batches.empty()) return then(found);
    session->look_into_history((*look)->batches.back(), [session, found, then] {
      auto told = found;
      if (!session->abilities().history)
        told.warning =
            words("endedHidden", {{"engine", session->engine_id()}},
                  "Running batches are missing from the history, so ended ones will be missing, too: "
                  "the history level is below \"full\", you may not read the history, or it was "
                  "deleted.");
      then(std::move(told));
    });
  });
}

}  // namespace

bool is_sortable(const std::string& column, bool running) {
  for (const auto* known : {"", "id", "type", "tenant", "user", "start", "total"})
    if (column == known) return true;
  for (const auto* known : {"state", "failed", "completed", "left"})
    if (column == known) return running;
  return !running && (column == "end" || column == "took");
}

json sort_value(const Placed& placed, const std::string& column) {
  const auto& batch = placed.batch;
  if (column == "state") return severity(state_in(*placed.session, batch));
  if (column == "type") return batch.type;
  if (column == "tenant") return batch.tenant ? json(*batch.tenant) : json{};
  if (column == "user") return batch.user ? json(placed.session->name_of_user(*batch.user)) : json{};
  if (column == "start") return time_key(batch.start);
  if (column == "end") return time_key(batch.end);
  if (column == "failed") return batch.failed;
  if (column == "total") return batch.total;
  if (column == "completed")
    return batch.total == 0 ? 0.0 : static_cast<double>(batch.completed) / static_cast<double>(batch.total);
  if (column == "left") {
    if (is_stuck(state_in(*placed.session, batch))) return nullptr;
    const auto left = time_left(batch, placed.session->board().rate(batch));
    return left ? json(*left) : json{};
  }
  if (column == "took") {
    const auto start = batch.start ? ms_of(*batch.start) : std::nullopt;
    const auto end = batch.end ? ms_of(*batch.end) : std::nullopt;
    return start && end ? json(*end - *start) : json{};
  }
  return batch.id;
}

namespace {

// The filter by a user takes an id, or a name as it is shown.
void with_users(const SessionPtr& session, Request request, std::function<void(const Request&)> next) {
  if (request.filter.user.empty()) return next(request);
  session->ids_of_user(request.filter.user, [request, next = std::move(next)](std::set<std::string> ids) {
    auto found = request;
    // Who has that for an id is meant, too; where nobody has the name, only he.
    if (ids.size() == 1 && ids.count(request.filter.user) == 0)
      found.filter.user = *ids.begin();
    else if (!ids.empty())
      found.filter.same_name = std::move(ids);
    next(found);
  });
}

void find_running_of(const SessionPtr& session, const Request& request, Then<Found> then) {
  session->board().look([session, request, then = std::move(then)](Got<Board::Seen> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
    const auto look = std::get<Board::Seen>(got);
    const bool first_pages = is_unfiltered(request.filter) && request.sort == "start" &&
                             request.page.descending &&
                             request.page.first + request.page.size <= look->batches.size();
    if (look->whole() || first_pages) {
      const auto answer = [session, request, look, then] {
        auto found = local(session, request, look->batches);
        if (!look->whole()) found.total = look->total;
        then(std::move(found));
      };
      // Whoever asks for a state wants to know it of all.
      if (request.filter.state.empty()) return answer();
      return session->look_at_suspects(look->batches, most_suspects_of_a_filter, answer);
    }
    const Rows rows = [session](const BatchFilter& filter, const Page& page, Then<std::vector<Batch>> tell) {
      session->engine().running(filter, page, std::move(tell));
    };
    const Count count = [session](const BatchFilter& filter, Then<std::int64_t> tell) {
      session->engine().running_count(filter, std::move(tell));
    };
    session->learn_abilities([session, request, rows, count, then] {
      const bool by_start = request.sort == "start" && !session->engine().old_version().empty();
      if (filters_by_itself(*session, request.filter, true) && !engine_key(request.sort, true).empty() &&
          !by_start)
        return one_page(session, request, true, rows, count, then);
      scan(session, request, true, rows, count, then);
    });
  });
}

void find_ended_of(const SessionPtr& session, const Request& request, Then<Found> then) {
  const Rows rows = [session](const BatchFilter& filter, const Page& page, Then<std::vector<Batch>> tell) {
    session->engine().ended(filter, page, std::move(tell));
  };
  const Count count = [session](const BatchFilter& filter, Then<std::int64_t> tell) {
    session->engine().ended_count(filter, std::move(tell));
  };
  if (filters_by_itself(*session, request.filter, false) && !engine_key(request.sort, false).empty())
    return one_page(session, request, false, rows, count, [session, request, then](Got<Found> got) {
      auto* found = std::get_if<Found>(&got);
      if (found == nullptr || found->total > 0 || !is_unfiltered(request.filter)) return then(std::move(got));
      with_reason(session, std::move(*found), then);
    });
  scan(session, request, false, rows, count, then);
}

}  // namespace

void find_running(const SessionPtr& session, const Request& asked, Then<Found> then) {
  with_users(session, asked, [session, then = std::move(then)](const Request& request) {
    find_running_of(session, request, then);
  });
}

void find_ended(const SessionPtr& session, const Request& asked, Then<Found> then) {
  with_users(session, asked, [session, then = std::move(then)](const Request& request) {
    find_ended_of(session, request, then);
  });
}

}  // namespace batch_view
