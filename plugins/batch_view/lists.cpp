// The two lists and the badge.
#include "lists.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "batches.hpp"

namespace batch_view {
namespace {

using nlohmann::json;

constexpr std::uint64_t most_looked_at = 200;  // newest batches of an engine, for the badge
// Ids are most of an answer's bytes, and what counts the time would make every answer a new one.
constexpr std::array shown_in_details_only{"runningFor",   "nextLook", "firstDone",      "removal",
                                           "perJob",       "perSeed",  "seedDefinition", "monitorDefinition",
                                           "jobDefinition"};
constexpr std::uint64_t most_merged = 1000;  // rows asked of each engine when several are shown as one list

// The engine's sort key of a column.
std::string engine_key(const std::string& column) {
  if (column == "id") return "batchId";
  if (column == "tenant") return "tenantId";
  if (column == "start") return "startTime";
  if (column == "end") return "endTime";
  return {};
}

struct Part {  // what one engine said
  std::shared_ptr<Session> session;
  std::vector<Batch> batches;
  std::int64_t total = 0;
  std::optional<Problem> problem;
};

struct Listing : std::enable_shared_from_this<Listing> {
  bool running = true;
  Request request;
  Page page;  // as asked of each engine
  std::vector<Part> parts;
  std::size_t left = 0;
  Replied then;

  void begin(const Sessions& sessions) {
    parts.resize(sessions.size());
    left = sessions.size();
    page = request.page;
    page.sort = engine_key(request.sort);
    if (sessions.size() > 1) {
      page.size = std::min(page.first + page.size, most_merged);
      page.first = 0;
    }
    for (std::size_t i = 0; i < sessions.size(); ++i) {
      parts[i].session = sessions[i];
      const auto rows = [self = shared_from_this(), i](Got<std::vector<Batch>> got) {
        self->got_rows(i, std::move(got));
      };
      if (running)
        sessions[i]->engine().running(request.filter, page, rows);
      else
        sessions[i]->engine().ended(request.filter, page, rows);
    }
  }

  void got_rows(std::size_t i, Got<std::vector<Batch>> got) {
    auto& part = parts[i];
    if (auto* problem = std::get_if<Problem>(&got)) {
      part.problem = std::move(*problem);
      return one_less();
    }
    part.batches = std::get<0>(std::move(got));
    const auto asked = part.batches.size();
    std::erase_if(part.batches, [this](const Batch& batch) { return !passes(batch, request.filter); });
    // A page that is not full is the last one: nobody needs to count.
    if (asked < page.size && (asked > 0 || page.first == 0)) {
      part.total = static_cast<std::int64_t>(page.first + asked);
      return learn(i);
    }
    const auto counted = [self = shared_from_this(), i](Got<std::int64_t> count) {
      if (auto* problem = std::get_if<Problem>(&count)) {
        self->parts[i].problem = std::move(*problem);
        return self->one_less();
      }
      self->parts[i].total = std::get<std::int64_t>(count);
      self->learn(i);
    };
    if (running)
      part.session->engine().running_count(request.filter, counted);
    else
      part.session->engine().ended_count(request.filter, counted);
  }

  // Names of users, and what holds the suspects up.
  void learn(std::size_t i) {
    std::set<std::string> users;
    for (const auto& batch : parts[i].batches)
      if (batch.user) users.insert(*batch.user);
    parts[i].session->learn_names(users, [self = shared_from_this(), i] {
      if (!self->running) return self->one_less();
      auto& part = self->parts[i];
      part.session->look_at_suspects(part.batches, Session::suspects_a_poll, [self] { self->one_less(); });
    });
  }

  void one_less() {
    if (--left == 0) reply();
  }

  void reply() {
    json rows = json::array();
    json engines = json::object();
    std::int64_t total = 0;
    bool moving = false;
    std::size_t failed = 0;
    const auto now = now_ms();
    for (auto& part : parts) {
      const auto& id = part.session->engine_id();
      engines[id] = json::object();
      if (part.problem) {
        ++failed;
        engines[id]["error"] = {{"title", part.problem->title}, {"detail", part.problem->detail}};
        continue;
      }
      total += part.total;
      for (const auto& batch : part.batches) {
        auto row = batch_fields(*part.session, batch, part.session->mover(batch), false, now);
        row["_actions"] = json::object();
        for (const auto* field : shown_in_details_only) row.erase(field);
        moving = moving || (running && row.at("state") != "suspended" && row.at("state") != "blocked");
        rows.push_back(std::move(row));
      }
    }
    if (failed == parts.size())
      return then({parts.front().problem->status, problem_body(*parts.front().problem), false});
    if (parts.size() > 1) merge(rows);
    json body{
        {"rows", std::move(rows)}, {"total", total}, {"totalKind", "exact"}, {"engines", std::move(engines)}};
    if (failed > 0)
      body["warnings"] = {std::to_string(failed) + " of " + std::to_string(parts.size()) +
                          " engines did not answer."};
    then({COCKPIT_OK, body.dump(-1, ' ', false, json::error_handler_t::replace), moving});
  }

  void merge(json& rows) const {
    const auto key = request.sort.empty() ? std::string{"id"} : request.sort;
    std::stable_sort(rows.begin(), rows.end(), [&](const json& one, const json& other) {
      const auto& left_value = one.at(key);
      const auto& right_value = other.at(key);
      return request.page.descending ? right_value < left_value : left_value < right_value;
    });
    json page_rows = json::array();
    for (auto at = request.page.first; at < rows.size() && page_rows.size() < request.page.size; ++at)
      page_rows.push_back(std::move(rows[at]));
    rows = std::move(page_rows);
  }
};

}  // namespace

void list_batches(const Sessions& sessions, const Request& request, bool running, Replied then) {
  if (!request.sort.empty() && engine_key(request.sort).empty()) {
    const Problem problem{COCKPIT_UNSUPPORTED, "Not sortable",
                          "Engines do not sort by \"" + request.sort + "\"."};
    return then({problem.status, problem_body(problem), false});
  }
  if (!running && (request.filter.suspended || request.filter.failures || request.filter.started_after ||
                   request.filter.started_before || !request.filter.user.empty())) {
    const Problem problem{COCKPIT_UNSUPPORTED, "Not known here",
                          "Engines cannot filter ended batches by that."};
    return then({problem.status, problem_body(problem), false});
  }
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
        return counting->then({counting->problem->status, problem_body(*counting->problem), false});
      counting->then({COCKPIT_OK, json{{"fields", {{"count", counting->count}}}}.dump(), false});
    };
    Page page;
    page.size = most_looked_at;
    page.sort = "startTime";
    page.descending = true;
    session->engine().running({}, page, [session, counted](Got<std::vector<Batch>> got) {
      if (auto* problem = std::get_if<Problem>(&got)) return counted(0, std::move(*problem));
      const auto batches = std::get<0>(std::move(got));
      session->look_at_suspects(batches, Session::suspects_a_poll, [session, counted, batches] {
        counted(std::count_if(batches.begin(), batches.end(),
                              [&session](const Batch& batch) {
                                return needs_someone(state_of(batch, session->mover(batch).mover, false));
                              }),
                std::nullopt);
      });
    });
  }
}

}  // namespace batch_view
