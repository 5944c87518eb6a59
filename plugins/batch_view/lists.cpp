// The two lists and the badge.
#include "lists.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "batches.hpp"
#include "found.hpp"

namespace batch_view {
namespace {

using nlohmann::json;

// Ids are most of an answer's bytes, and what counts the time would make every answer a new one.
constexpr std::array shown_in_details_only{
    "runningFor",     "nextLook",          "firstDone",     "removal", "perJob", "perSeed",
    "seedDefinition", "monitorDefinition", "jobDefinition", "rate",    "done"};
constexpr std::uint64_t most_merged = 1000;  // rows asked of each engine when several are shown as one list
constexpr std::size_t most_rights_a_poll =
    7;  // batches whose rights a list asks for at once, three calls each

struct Part {  // what one engine said
  std::shared_ptr<Session> session;
  Found found;
  std::optional<Problem> problem;
};

struct Listing : std::enable_shared_from_this<Listing> {
  bool running = true;
  Request request;
  std::vector<Part> parts;
  std::size_t left = 0;
  Replied then;

  void begin(const Sessions& sessions) {
    parts.resize(sessions.size());
    left = sessions.size();
    auto asked = request;
    if (sessions.size() > 1) {
      asked.page.size = std::min(asked.page.first + asked.page.size, most_merged);
      asked.page.first = 0;
    }
    for (std::size_t i = 0; i < sessions.size(); ++i) {
      parts[i].session = sessions[i];
      const auto found = [self = shared_from_this(), i](Got<Found> got) {
        if (auto* problem = std::get_if<Problem>(&got)) {
          self->parts[i].problem = std::move(*problem);
          return self->one_less();
        }
        self->parts[i].found = std::get<Found>(std::move(got));
        self->learn(i);
      };
      if (running)
        find_running(sessions[i], asked, found);
      else
        find_ended(sessions[i], asked, found);
    }
  }

  // Cuts the page out, and learns the names of users, what holds the suspects up, and what may be done.
  void learn(std::size_t i) {
    auto& part = parts[i];
    auto& batches = part.found.batches;
    if (part.found.from_start) {
      const auto first = parts.size() > 1 ? 0 : std::min<std::size_t>(request.page.first, batches.size());
      batches.erase(batches.begin(), batches.begin() + static_cast<std::ptrdiff_t>(first));
      const auto size = parts.size() > 1 ? request.page.first + request.page.size : request.page.size;
      if (batches.size() > size) batches.resize(size);
    }
    std::set<std::string> users;
    for (const auto& batch : batches)
      if (batch.user) users.insert(*batch.user);
    part.session->learn_names(users, [self = shared_from_this(), i] {
      const auto& learning = self->parts[i];
      learning.session->learn_rights(learning.found.batches, most_rights_a_poll, [self, i] {
        if (!self->running) return self->one_less();
        const auto& shown = self->parts[i];
        shown.session->look_at_suspects(shown.found.batches, Session::suspects_a_poll,
                                        [self] { self->one_less(); });
      });
    });
  }

  void one_less() {
    if (--left == 0) reply();
  }

  std::vector<Placed> rows_of_page() {
    std::vector<Placed> placed;
    for (const auto& part : parts)
      for (const auto& batch : part.found.batches) placed.push_back({part.session, batch});
    if (parts.size() == 1) return placed;
    sort_placed(placed, request);
    const auto first = std::min<std::size_t>(request.page.first, placed.size());
    placed.erase(placed.begin(), placed.begin() + static_cast<std::ptrdiff_t>(first));
    if (placed.size() > request.page.size) placed.resize(request.page.size);
    return placed;
  }

  void reply() {
    json body{{"rows", json::array()}, {"totalKind", "exact"}, {"engines", json::object()}};
    Reply reply;
    reply.again_after = std::chrono::milliseconds{0};
    std::int64_t total = 0;
    std::int64_t scanned = 0;
    std::int64_t of = 0;
    std::size_t failed = 0;
    json warnings = json::array();
    for (const auto& part : parts) {
      auto& engine = body["engines"][part.session->engine_id()] = json::object();
      if (part.problem) {
        ++failed;
        engine["error"] = json::parse(problem_body(*part.problem));
        continue;
      }
      total += part.found.total;
      if (!part.found.warning.empty()) warnings.push_back(part.found.warning);
      scanned += part.found.scanned.value_or(part.found.total);
      of += part.found.of.value_or(part.found.total);
      reply.again_after = std::max(reply.again_after, part.found.again_after);
    }
    if (failed == parts.size()) {
      const auto& problem = *parts.front().problem;
      return then({problem.status, problem_body(problem)});
    }
    for (const auto& [session, batch] : rows_of_page()) {
      const auto mover = session->mover(batch);
      const auto state = state_of(batch, mover.mover, false);
      auto row = batch_fields(*session, batch, mover, false);
      for (const auto* field : shown_in_details_only) row.erase(field);
      for (auto member = row.begin(); member != row.end();)
        member = member->is_null() ? row.erase(member) : std::next(member);
      const auto rights = session->known_rights(batch.id);
      row["_actions"] = rights ? batch_actions(batch, state, *rights) : json::object();
      reply.moving = reply.moving || (running && is_moving(state));
      body["rows"].push_back(std::move(row));
    }
    body["total"] = total;
    if (scanned < of) {
      body["totalKind"] = "atLeast";
      body["scanned"] = scanned;
      body["of"] = of;
    }
    if (failed > 0)
      warnings.push_back(std::to_string(failed) + " of " + std::to_string(parts.size()) +
                         " engines did not answer.");
    if (!warnings.empty()) body["warnings"] = std::move(warnings);
    reply.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
    then(std::move(reply));
  }
};

}  // namespace

void list_batches(const Sessions& sessions, const Request& request, bool running, Replied then) {
  const auto refuse = [&then](const std::string& title, const std::string& detail) {
    then({COCKPIT_UNSUPPORTED, problem_body({COCKPIT_UNSUPPORTED, title, detail})});
  };
  if (!is_sortable(request.sort, running))
    return refuse("Not sortable", "This list is not sorted by \"" + request.sort + "\".");
  if (!running && (request.filter.suspended || request.filter.failures || !request.filter.state.empty()))
    return refuse("Not known here", "Of ended batches engines do not tell that.");
  const auto listing = std::make_shared<Listing>();
  listing->running = running;
  listing->request = request;
  listing->then = std::move(then);
  listing->begin(sessions);
}

void count_in_need(const Sessions& sessions, Replied then) {
  struct Counting {
    std::size_t left;
    std::int64_t count = 0;
    std::optional<Problem> problem;
    Replied then;
  };
  const auto counting = std::make_shared<Counting>();
  counting->left = sessions.size();
  counting->then = std::move(then);
  for (const auto& session : sessions) {
    const auto counted = [session, counting](std::int64_t count, std::optional<Problem> problem) {
      counting->count += count;
      if (problem) counting->problem = std::move(problem);
      if (--counting->left != 0) return;
      if (counting->problem)
        return counting->then({counting->problem->status, problem_body(*counting->problem)});
      Reply reply{COCKPIT_OK, json{{"fields", {{"count", counting->count}}}}.dump()};
      reply.again_after = std::chrono::milliseconds{0};
      counting->then(std::move(reply));
    };
    session->board().look([session, counted](Got<Board::Seen> got) {
      if (auto* problem = std::get_if<Problem>(&got)) return counted(0, std::move(*problem));
      const auto look = std::get<Board::Seen>(got);
      session->look_at_suspects(look->batches, Session::suspects_a_poll, [session, counted, look] {
        counted(std::count_if(look->batches.begin(), look->batches.end(),
                              [&session](const Batch& batch) {
                                return needs_someone(state_of(batch, session->mover(batch).mover, false));
                              }),
                std::nullopt);
      });
    });
  }
}

}  // namespace batch_view
