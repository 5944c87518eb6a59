#include "reads.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "batches.hpp"
#include "cause_text.hpp"
#include "causes.hpp"
#include "job_log.hpp"
#include "lists.hpp"
#include "reply.hpp"
#include "retrying.hpp"

namespace batch_view {
namespace {

using nlohmann::json;
using SessionPtr = std::shared_ptr<Session>;

// Up to so many failed jobs are easily read as a list; with more, the causes come first.
constexpr std::int64_t one_page = 20;

void reply_batch(const SessionPtr& session, const Batch& batch, bool deleted_early, const Replied& then) {
  session->rights(
      batch.id, false,
      or_reply<Session::Rights>(then, [session, batch, deleted_early, then](Session::Rights rights) {
        const auto mover = session->mover(batch);
        const auto state = state_of(batch, mover.mover, deleted_early);
        const bool moves = is_moving(state);
        const bool goes = moves && state != State::finishing;
        json body{{"fields", batch_fields(*session, batch, mover, deleted_early)},
                  {"_actions", batch_actions(batch, state, rights)},

                  {"caps",
                   {{"running", !batch.ended()},
                    {"start", batch.start.has_value()},
                    {"ended", batch.ended()},
                    // Before 7.18 engines do not tell it; in a batch that has ended it would be there.
                    {"firstDone", !batch.start                                            ? "none"
                                  : batch.ended() && !batch.first_done && batch.total > 0 ? "unknown"
                                                                                          : "told"},
                    {"goes", goes},
                    {"few", batch.failed > 1 && batch.failed <= one_page},
                    {"many", batch.failed > one_page},
                    {"tenant", batch.tenant.has_value()}}}};
        if (!batch.start && !session->engine().old_version().empty())
          body["warnings"].push_back(lacks_start(*session));
        then(done(body, moves, batch.ended() ? of_the_past : of_the_board));
      }));
}

void one_batch(const SessionPtr& session, const std::string& id, const Replied& then) {
  shown_batch(session, id, or_reply<Batch>(then, [session, then](const Batch& batch) {
                std::set<std::string> users;
                if (batch.user) users.insert(*batch.user);
                session->learn_names(users, [session, batch, then] {
                  if (!batch.ended())
                    return session->look_at_suspects(
                        {batch}, 1, [session, batch, then] { reply_batch(session, batch, false, then); });
                  session->deleted_early(batch, [session, batch, then](Got<bool> got) {
                    // Not knowing it is no reason to show nothing.
                    const auto* deleted = std::get_if<bool>(&got);
                    reply_batch(session, batch, deleted != nullptr && *deleted, then);
                  });
                });
              }));
}

// Failed jobs of all three kinds; a seed or monitor job without retries comes first, since the batch waits
// for it alone.
struct FailedJobs : std::enable_shared_from_this<FailedJobs> {
  SessionPtr session;
  Batch batch;
  Page page;
  std::string instance;  // the process instance that is looked for, or empty
  std::size_t unread = 0;
  Session::Rights rights;
  std::vector<Job> movers, jobs, retried;
  std::int64_t count = 0;
  Replied then;

  void begin() {
    const auto definition = suspect_definition(batch);
    if (!definition || !instance.empty()) return ask_jobs();
    session->engine().only_job(
        *definition,
        or_reply<std::optional<Job>>(then, [self = shared_from_this()](const std::optional<Job>& job) {
          if (job && job->retries == 0) self->movers.push_back(*job);
          self->ask_jobs();
        }));
  }
  void ask_jobs() {
    if (batch.failed == 0) return ask_retried();
    auto wanted = page;
    const auto ahead = static_cast<std::uint64_t>(movers.size());
    wanted.first = page.first > ahead ? page.first - ahead : 0;
    session->engine().failed_jobs(
        batch.job_definition, wanted,
        or_reply<RowsOf<Job>>(then,
                              [self = shared_from_this()](RowsOf<Job> found) {
                                self->unread = found.unread;
                                self->jobs = std::move(found);
                                // Statistics and jobs are two answers: the count of jobs is the one that fits
                                // the list.
                                if (self->page.first == 0 && self->jobs.size() < self->page.size)
                                  return self->counted(static_cast<std::int64_t>(self->jobs.size()));
                                self->session->engine().failed_jobs_count(
                                    self->batch.job_definition,
                                    or_reply<std::int64_t>(self->then,
                                                           [self](std::int64_t all) { self->counted(all); }),
                                    self->instance);
                              }),
        instance);
  }
  void counted(std::int64_t all) {
    count = all;
    ask_retried();
  }
  // What was retried from here and has not run yet stays in sight on the first page, as waiting.
  void ask_retried() {
    auto followed = page.first == 0 && instance.empty() ? session->failures().followed(batch.id)
                                                        : std::vector<std::string>{};
    std::erase_if(followed, [this](const std::string& id) {
      return std::any_of(jobs.begin(), jobs.end(), [&id](const Job& job) { return job.id == id; });
    });
    if (followed.empty()) return reply();
    const auto left = std::make_shared<std::size_t>(followed.size());
    for (const auto& id : followed)
      session->engine().job(id, [self = shared_from_this(), left, id](Got<std::optional<Job>> got) {
        if (const auto* job = std::get_if<0>(&got)) {
          if (!*job) self->session->failures().forget_retried(self->batch.id, id);
          // Without retries it failed again since the list was asked: it must not look as if it were gone.
          if (*job) self->retried.push_back(**job);
        }
        if (--*left == 0) self->reply();
      });
  }
  void reply() {
    json rows = json::array();
    const auto add = [&](const Job& job) {
      auto row = job_fields(*session, job, batch);
      row["_actions"] = job_actions(job, rights);
      rows.push_back(std::move(row));
    };
    if (page.first == 0)
      for (const auto& job : movers) add(job);
    for (const auto& job : retried) add(job);
    for (const auto& job : jobs)
      if (rows.size() < page.size) add(job);
    json body{{"rows", std::move(rows)},
              {"total", count + static_cast<std::int64_t>(movers.size() + retried.size())},
              {"totalKind", "exact"},
              {"_actions", job_actions(rights)}};
    if (unread > 0) body["warnings"].push_back(unread_rows(unread));
    // What was retried is followed closely.
    then(done(body, !batch.ended() && !batch.suspended, retried.empty() ? of_jobs : of_the_board));
  }
};

// How it went: for the chart, which has its remaining jobs from the total.
void course(const SessionPtr& session, const std::string& id, const Replied& then) {
  shown_batch(
      session, id, or_reply<Batch>(then, [session, then](const Batch& batch) {
        const auto reply = [session, batch, then](const std::vector<CoursePoint>& points) {
          json body{{"x", json::array()},
                    {"series",
                     {{"completed", json::array()}, {"remaining", json::array()}, {"failed", json::array()}}},
                    {"units", {{"x", "time"}}}};
          for (const auto& point : points) {
            body["x"].push_back(point.at_ms);
            const auto failed = std::max<std::int64_t>(0, point.failed);
            body["series"]["completed"].push_back(point.completed);
            body["series"]["failed"].push_back(point.failed < 0 ? json{} : json(failed));
            body["series"]["remaining"].push_back(
                std::max<std::int64_t>(0, batch.total - point.completed - failed));
          }
          if (session->courses().lacks_past(batch.id))
            body["warnings"] = {
                words("courseHidden", json::object(),
                      "Progress before this batch was first watched is unknown: its job log is "
                      "empty, as it is below history level \"full\".")};
          then(done(body, false, batch.ended() ? of_the_past : of_a_job));
        };
        session->courses().course(batch, session->engine_now_ms(),
                                  or_reply<std::vector<CoursePoint>>(then, reply));
      }));
}

std::string job_sort(const std::string& column) {
  if (column.empty()) return {};
  if (column == "id") return "jobId";
  if (column == "due") return "jobDueDate";
  if (column == "priority") return "jobPriority";
  return "?";
}

void failed_jobs(const SessionPtr& session, const Request& request, const std::string& id,
                 const Replied& then) {
  auto page = request.page;
  page.sort = job_sort(request.sort);
  if (page.sort == "?")
    return then(refusal(
        {COCKPIT_UNSUPPORTED, "Not sortable", "Engines do not sort jobs by \"" + request.sort + "\"."}));
  shown_batch(
      session, id,
      or_reply<Batch>(then, [session, page, instance = request.filter.instance, then](const Batch& batch) {
        if (batch.ended())
          return then(done({{"rows", json::array()}, {"total", 0}, {"totalKind", "exact"}}, false, of_jobs));
        session->rights(batch.id, false, or_reply<Session::Rights>(then, [=](Session::Rights rights) {
                          const auto asked = std::make_shared<FailedJobs>();
                          asked->session = session;
                          asked->batch = batch;
                          asked->page = page;
                          asked->instance = instance;
                          asked->rights = rights;
                          asked->then = then;
                          asked->begin();
                        }));
      }));
}

// Where the engine does not tell the process instance of a job, an id in the message may be it.
void add_named(const Session& session, const JobOfBatch& found, json& fields) {
  const auto id = first_uuid(found.job.message.value_or(""), found.job.id, found.batch.id);
  if (id.empty()) return;
  fields["named"] = id;
  auto link = session.instance_link;
  if (const auto at = link.find("{id}"); at != std::string::npos)
    fields["namedLink"] = {{"href", link.replace(at, 4, id)}, {"label", id}};
}

void one_job(const SessionPtr& session, const std::string& id, const Replied& then) {
  shown_job(session, id, or_reply<JobOfBatch>(then, [session, then](const JobOfBatch& found) {
              session->rights(
                  found.batch.id, false,
                  or_reply<Session::Rights>(then, [session, found, then](Session::Rights rights) {
                    auto fields = job_fields(*session, found.job, found.batch);
                    if (found.job.message) fields["message"] = *found.job.message;
                    const char* told = add_instance(*session, found.job.instance, fields);
                    add_named(*session, found, fields);
                    const json body{
                        {"fields", std::move(fields)},
                        {"_actions", job_actions(found.job, rights)},
                        {"caps", {{"linked", !session->instance_link.empty()}, {"instance", told}}}};
                    then(done(body, true, of_a_job));
                  }));
            }));
}

void stack_trace(const SessionPtr& session, const std::string& id, const Replied& then) {
  shown_job(session, id, or_reply<JobOfBatch>(then, [session, id, then](const JobOfBatch&) {
              session->engine().stack_trace(
                  id,
                  or_reply<std::optional<std::string>>(then, [then](const std::optional<std::string>& trace) {
                    const json body{{"fields", {{"stackTrace", trace ? trace_of(*trace) : json{}}}}};
                    then(done(body, false, of_the_past));
                  }));
            }));
}

const std::string& param(const Request& request, const char* name) {
  static const std::string none;
  const auto at = request.params.find(name);
  return at == request.params.end() ? none : at->second;
}

}  // namespace

void answer(const Sessions& sessions, const Request& request, Replied then) {
  if (request.source == "running") return list_batches(sessions, request, true, std::move(then));
  if (request.source == "ended") return list_batches(sessions, request, false, std::move(then));
  if (request.source == "need") return count_in_need(sessions, request.watched, std::move(then));
  // The rest is about one thing, which is in one engine.
  if (sessions.size() != 1)
    return then(refusal(
        {COCKPIT_INVALID, "Which engine?", "This is about one thing; name the one engine it is in."}));
  const auto& session = sessions.front();
  if (request.source == "batch") return one_batch(session, param(request, "id"), then);
  if (request.source == "failed-jobs") return failed_jobs(session, request, param(request, "batch"), then);
  if (request.source == "course") return course(session, param(request, "batch"), then);
  if (request.source == "causes") return list_causes(session, param(request, "batch"), request.watched, then);
  if (request.source == "retrying") return list_retrying(session, request, param(request, "batch"), then);
  if (request.source == "batch-log")
    return list_log_of_batch(session, request, param(request, "batch"), then);
  if (request.source == "job-log") return list_log_of_job(session, request, param(request, "job"), then);
  if (request.source == "log-entry") return one_log_entry(session, param(request, "id"), then);
  if (request.source == "log-trace") return trace_of_log_entry(session, param(request, "entry"), then);
  if (request.source == "job") return one_job(session, param(request, "id"), then);
  if (request.source == "stack-trace") return stack_trace(session, param(request, "job"), then);
  then(refusal(
      {COCKPIT_UNSUPPORTED, "Not known here", "This plugin has nothing called \"" + request.source + "\"."}));
}

}  // namespace batch_view
