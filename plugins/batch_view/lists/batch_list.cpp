// The two lists, of one engine or of several as one.
#include "lists/batch_list.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "lists/fan_in.hpp"
#include "lists/list_source.hpp"
#include "lists/page_cursors.hpp"
#include "session/rows.hpp"

namespace batch_view {
namespace {

using nlohmann::json;

// Ids are most of an answer's bytes, and what counts the time would make every answer a new one.
constexpr std::array shown_in_details_only{
    "runningFor",     "nextLook",          "firstDone",     "removal", "perJob", "perSeed",
    "seedDefinition", "monitorDefinition", "jobDefinition", "rate",    "done"};
// Rows asked of each of several engines, where no bookmark tells how many the pages before have shown.
constexpr std::uint64_t most_passed = 10'000;
constexpr std::size_t most_rights_a_poll =
    7;  // batches whose rights a list asks for at once, three calls each

struct Part {  // what one engine said
  std::shared_ptr<Session> session;
  SourcePage found;
  std::optional<Problem> problem = Problem{COCKPIT_TIMEOUT, "No answer yet", "It has not answered yet."};
  std::uint64_t passed = 0;    // rows of it that stand on the pages before
  std::size_t at = 0;          // the next of those found
  json head;                   // what that one is sorted by
  std::vector<Batch> on_page;  // for what has to be learned of them

  bool has_more() const { return !problem && at < found.batches.size(); }
  void take(Got<SourcePage> got) {
    problem.reset();
    if (auto* why = std::get_if<Problem>(&got))
      problem = std::move(*why);
    else
      found = std::get<SourcePage>(std::move(got));
  }
};

struct Listing : std::enable_shared_from_this<Listing> {
  bool running = true;
  Request request;
  Sessions sessions;
  std::vector<Part> parts;
  std::uint64_t to_pass = 0;  // rows of all, where it is not known how many of each
  std::vector<BatchOnEngine> rows;
  Replied then;

  bool several() const { return sessions.size() > 1; }
  std::uint64_t next_page() const { return request.page.first + request.page.size; }

  void begin() {
    parts.resize(sessions.size());
    auto asked = request;
    if (several()) {
      to_pass = request.page.first;
      if (const auto places = sessions.front()->state<PageCursors>().find(name(), request.page.first)) {
        to_pass = 0;
        for (std::size_t i = 0; i < parts.size(); ++i) parts[i].passed = places->at(i);
      }
      if (to_pass > most_passed)
        return then(refusal({COCKPIT_UNSUPPORTED, "Too far for several engines at once",
                             "Turn the pages one by one, narrow the list, or choose one engine."}));
      asked.page.size += to_pass;
    }
    const auto fan_in = std::make_shared<FanIn>(sessions, [self = shared_from_this()] { self->merge(); });
    for (std::size_t i = 0; i < parts.size(); ++i) {
      parts[i].session = sessions[i];
      if (several()) asked.page.first = parts[i].passed;
      const auto found = [self = shared_from_this(), fan_in, i](Got<SourcePage> got) {
        if (fan_in->is_waiting()) self->parts[i].take(std::move(got));
        fan_in->arrived(i);
      };
      if (const auto rest = sessions[i]->engine().resting(); rest && request.watched)
        found(rest->second);
      else if (running)
        find_running(sessions[i], asked, found);
      else
        find_ended(sessions[i], asked, found);
    }
    fan_in->begin();
  }

  std::string name() const {
    auto text = request.source + (request.page.descending ? " -" : " ") + request.sort + request.narrowed_by;
    for (const auto& session : sessions) text += '\n' + session->engine_id();
    return text;
  }

  void move_on(Part& part, std::size_t to) {
    part.at = to;
    if (several() && part.has_more())
      part.head = sort_value({part.session, part.found.batches[to]}, request.sort);
  }

  // Row by row whichever comes first, and none before those that its own engine put before it: so the pages
  // fit together whatever an engine's order is.
  void merge() {
    for (auto& part : parts) {
      const auto before = several() ? part.passed : request.page.first;
      const auto first = std::min<std::uint64_t>(before, part.found.batches.size());
      move_on(part, part.found.from_start ? first : 0);
    }
    const bool downwards = request.page.descending;
    while (rows.size() < request.page.size) {
      Part* next = nullptr;
      for (auto& part : parts)
        if (part.has_more() &&
            (next == nullptr || (downwards ? next->head < part.head : part.head < next->head)))
          next = &part;
      if (next == nullptr) break;
      if (to_pass > 0) {
        --to_pass;
      } else {
        next->on_page.push_back(next->found.batches[next->at]);
        rows.push_back({next->session, next->on_page.back()});
      }
      ++next->passed;
      move_on(*next, next->at + 1);
    }
    const bool whole =
        std::none_of(parts.begin(), parts.end(), [](const Part& part) { return part.problem; });
    if (several() && whole && rows.size() == request.page.size) {
      PageCursors::Places places;
      for (const auto& part : parts) places.push_back(part.passed);
      sessions.front()->state<PageCursors>().keep(name(), next_page(), std::move(places));
    }
    learn();
  }

  // The names of users, why batches that may be stalled stand still, and what may be done.
  void learn() {
    const auto fan_in = std::make_shared<FanIn>(sessions, [self = shared_from_this()] { self->reply(); });
    for (std::size_t i = 0; i < parts.size(); ++i) {
      std::set<std::string> users;
      for (const auto& batch : parts[i].on_page)
        if (batch.user) users.insert(*batch.user);
      sessions[i]->users().learn(users, [self = shared_from_this(), fan_in, i] {
        const auto& part = self->parts[i];
        part.session->rights().learn(part.on_page, most_rights_a_poll, [self, fan_in, i] {
          const auto& looked = self->parts[i];
          if (!self->running)
            return looked.session->deletions().learn_latest(looked.on_page, DeletionLookup::lookups_a_poll,
                                                            [fan_in, i] { fan_in->arrived(i); });
          looked.session->driving_jobs().check(looked.on_page, DrivingJobs::checks_a_poll,
                                               [fan_in, i] { fan_in->arrived(i); });
        });
      });
    }
    fan_in->begin();
  }

  json row_of(const BatchOnEngine& placed) const {
    const auto& [session, batch] = placed;
    const auto driving_job = session->driving_jobs().status(batch);
    const bool deleted = session->deletions().known(batch.id);
    auto row = batch_fields(*session, batch, driving_job, deleted);
    for (const auto* field : shown_in_details_only) row.erase(field);
    for (auto member = row.begin(); member != row.end();)
      member = member->is_null() ? row.erase(member) : std::next(member);
    const auto rights = session->rights().known(batch.id);
    const auto state = state_of(batch, driving_job.job, deleted);
    row["_actions"] = rights ? batch_actions(batch, state, *rights) : json::object();
    return row;
  }

  static json error_of(const Part& part) {
    auto error = json::parse(problem_body(*part.problem));
    if (part.problem->status == COCKPIT_SIGN_IN_REQUIRED) error["status"] = 401;
    if (const auto since = part.session->engine().failing_since_ms(); since != 0) error["since"] = since;
    return error;
  }

  void reply() {
    json body{{"rows", json::array()}, {"totalKind", "exact"}, {"engines", json::object()}};
    Reply reply;
    reply.again_after = std::chrono::milliseconds{0};
    std::int64_t total = 0;
    std::int64_t scanned = 0;
    std::int64_t of = 0;
    std::size_t failed = 0;
    for (const auto& part : parts) {
      auto& engine = body["engines"][part.session->engine_id()] = json::object();
      if (part.problem) {
        ++failed;
        engine["error"] = error_of(part);
        continue;
      }
      total += part.found.total;
      if (part.found.history_hidden) body["warnings"].push_back(hidden_history(*part.session));
      if (running && !part.session->engine().old_version().empty())
        body["warnings"].push_back(lacks_start(*part.session));
      if (const auto unread = part.session->engine().unread_batches(running); unread > 0)
        body["warnings"].push_back(unread_rows(unread));
      scanned += part.found.scanned.value_or(part.found.total);
      of += part.found.of.value_or(part.found.total);
      reply.again_after = std::max(reply.again_after, part.found.again_after);
    }
    if (failed == parts.size()) return then(refusal(*parts.front().problem));
    for (const auto& placed : rows) {
      const auto state =
          state_of(placed.batch, placed.session->driving_jobs().status(placed.batch).job, false);
      reply.moving = reply.moving || (running && is_moving(state));
      body["rows"].push_back(row_of(placed));
    }
    body["total"] = total;
    // What the engines cannot tell is said to be of those that were looked at, even if these are all.
    if (scanned < of || (!running && !request.filter.state.empty())) {
      body["scanned"] = scanned;
      body["of"] = of;
    }
    if (scanned < of || failed > 0) {
      body["totalKind"] = "atLeast";
      if (next_page() < static_cast<std::uint64_t>(total)) body["next"] = next_page();
    }
    reply.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
    then(std::move(reply));
  }
};

}  // namespace

void list_batches(const Sessions& sessions, const Request& request, bool running, Replied then) {
  const auto refuse = [&then](const std::string& title, const std::string& detail) {
    then(refusal({COCKPIT_UNSUPPORTED, title, detail}));
  };
  if (!is_sortable(request.sort, running))
    return refuse("Not sortable", "This list is not sorted by \"" + request.sort + "\".");
  const auto& state = request.filter.state;
  const bool of_ended =
      state.empty() || state == name_of(State::completed) || state == name_of(State::deleted_early);
  if (!running && (request.filter.suspended || request.filter.failures || !of_ended))
    return refuse("Not supported", "Engines do not report this for ended batches.");
  const auto listing = std::make_shared<Listing>();
  listing->running = running;
  listing->request = request;
  listing->sessions = sessions;
  listing->then = std::move(then);
  listing->begin();
}

}  // namespace batch_view
