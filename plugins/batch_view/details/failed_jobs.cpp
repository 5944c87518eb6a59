#include "details/failed_jobs.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "model/countdown.hpp"
#include "session/access.hpp"
#include "session/rows.hpp"

namespace batch_view {
namespace {

using nlohmann::json;
using SessionPointer = std::shared_ptr<Session>;

// Failed jobs of all three kinds; a seed or monitor job without retries comes first, since the batch waits
// for it alone.
struct FailedJobs : std::enable_shared_from_this<FailedJobs> {
  SessionPointer session;
  Batch batch;
  Page page;
  std::string instance;  // the process instance that is looked for, or empty
  std::size_t unread = 0;
  Rights rights;
  std::vector<Job> driving_jobs, jobs, retried;
  std::int64_t count = 0;
  Replied then;

  void begin() {
    const auto definition = driving_definition(batch);
    if (!definition || !instance.empty()) return ask_jobs();
    session->engine().only_job(
        *definition,
        or_reply<std::optional<Job>>(then, [self = shared_from_this()](const std::optional<Job>& job) {
          if (job && job->retries == 0) self->driving_jobs.push_back(*job);
          self->ask_jobs();
        }));
  }
  void ask_jobs() {
    if (batch.failed == 0) return ask_retried();
    auto wanted = page;
    const auto ahead = static_cast<std::uint64_t>(driving_jobs.size());
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
    auto followed = page.first == 0 && instance.empty() ? session->retried().followed(batch.id)
                                                        : std::vector<std::string>{};
    std::erase_if(followed, [this](const std::string& id) {
      return std::any_of(jobs.begin(), jobs.end(), [&id](const Job& job) { return job.id == id; });
    });
    if (followed.empty()) return reply();
    const auto one_done = after_all(followed.size(), [self = shared_from_this()] { self->reply(); });
    for (const auto& id : followed)
      session->engine().job(id, [self = shared_from_this(), one_done, id](Got<std::optional<Job>> got) {
        if (const auto* job = std::get_if<0>(&got)) {
          if (!*job) self->session->retried().forget(self->batch.id, id);
          // Without retries it failed again since the list was asked: it must not look as if it were gone.
          if (*job) self->retried.push_back(**job);
        }
        one_done();
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
      for (const auto& job : driving_jobs) add(job);
    for (const auto& job : retried) add(job);
    for (const auto& job : jobs)
      if (rows.size() < page.size) add(job);
    json body{{"rows", std::move(rows)},
              {"total", count + static_cast<std::int64_t>(driving_jobs.size() + retried.size())},
              {"totalKind", "exact"},
              {"_actions", job_actions(rights)}};
    if (unread > 0) body["warnings"].push_back(unread_rows(unread));
    // What was retried is followed closely.
    then(done(body, !batch.ended() && !batch.suspended, retried.empty() ? of_jobs : of_the_snapshot));
  }
};

std::string job_sort(const std::string& column) {
  if (column.empty()) return {};
  if (column == "id") return "jobId";
  if (column == "due") return "jobDueDate";
  if (column == "priority") return "jobPriority";
  return "?";
}

}  // namespace

void list_failed_jobs(const SessionPointer& session, const Request& request, const std::string& id,
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
        session->rights().of(batch.id, or_reply<Rights>(then, [=](Rights rights) {
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

}  // namespace batch_view
