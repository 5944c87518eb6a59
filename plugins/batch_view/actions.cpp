#include "actions.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "batches.hpp"

namespace batch_view {
namespace {

using nlohmann::json;
using SessionPtr = std::shared_ptr<Session>;
using Flags = std::map<std::string, bool>;
using Done = Engine::Done;

// What came of one target. Nothing: done.
using One = std::function<void(const SessionPtr&, const std::string& id, const Flags&, Done)>;

struct Kind {
  One one;
  const char* outcome;   // of complete success
  const char* singular;  // its sentence
  const char* plural;    // {count}
  bool takes_history = false;
};

bool flag(const Flags& flags, const char* name) {
  const auto at = flags.find(name);
  return at != flags.end() && at->second;
}

Problem denied(const char* right) {
  return {COCKPIT_DENIED, "Not allowed",
          std::string{"You do not have the right "} + right + " on this batch."};
}

// Goes on when the person may do that to the batch.
void if_allowed(const SessionPtr& session, const std::string& batch, bool Session::Rights::*right,
                const char* name, Done done, std::function<void()> next) {
  session->rights(batch, true,
                  [right, name, done = std::move(done), next = std::move(next)](Got<Session::Rights> got) {
                    if (auto* problem = std::get_if<Problem>(&got)) return done(std::move(*problem));
                    if (!(std::get<Session::Rights>(got).*right)) return done(denied(name));
                    next();
                  });
}

// After a refusal or a lost answer: what is asked of the state decides, not the answer.
Done read_back(std::function<void(std::function<void(bool)>)> is_so, Done done) {
  return [is_so = std::move(is_so), done = std::move(done)](std::optional<Problem> problem) {
    const bool doubtful =
        problem && (problem->status == COCKPIT_UNKNOWN_OUTCOME || problem->status == COCKPIT_CONFLICT ||
                    problem->status == COCKPIT_INVALID || problem->status == COCKPIT_NOT_FOUND);
    if (!doubtful) return done(std::move(problem));
    is_so([problem = std::move(problem), done](bool so) { done(so ? std::optional<Problem>{} : problem); });
  };
}

template <class Value>
Then<std::optional<Value>> told_if(std::function<void(bool)> tell,
                                   std::function<bool(const std::optional<Value>&)> so) {
  return [tell = std::move(tell), so = std::move(so)](Got<std::optional<Value>> got) {
    const auto* found = std::get_if<std::optional<Value>>(&got);
    tell(found != nullptr && so(*found));
  };
}

void with_job(const SessionPtr& session, const std::string& id, Done done,
              std::function<void(const JobOfBatch&)> next) {
  visible_job(session, id, [session, done = std::move(done), next = std::move(next)](Got<JobOfBatch> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return done(std::move(*problem));
    auto found = std::get<JobOfBatch>(std::move(got));
    if_allowed(session, found.batch.id, &Session::Rights::update, "UPDATE", done,
               [next, found] { next(found); });
  });
}

void retry_job(const SessionPtr& session, const std::string& id, const Flags&, Done done) {
  with_job(session, id, done, [session, id, done](const JobOfBatch& found) {
    if (found.job.retries > 0)
      return done(Problem{COCKPIT_CONFLICT, "Not failed",
                          "This job has retries left; it waits for the engine already."});
    auto checked = read_back(
        [session, id](std::function<void(bool)> tell) {
          session->engine().job(id, told_if<Job>(std::move(tell), [](const std::optional<Job>& job) {
                                  return job && job->retries > 0;
                                }));
        },
        [session, id, batch = found.batch.id, done](std::optional<Problem> problem) {
          if (!problem) session->remember_retry(id, batch);
          done(std::move(problem));
        });
    session->engine().retry_job(id, std::move(checked));
  });
}

void delete_job(const SessionPtr& session, const std::string& id, const Flags&, Done done) {
  with_job(session, id, done, [session, id, done](const JobOfBatch&) {
    session->engine().delete_job(
        id, read_back(
                [session, id](std::function<void(bool)> tell) {
                  session->engine().job(
                      id, told_if<Job>(std::move(tell), [](const std::optional<Job>& job) { return !job; }));
                },
                done));
  });
}

void with_running(const SessionPtr& session, const std::string& id, bool Session::Rights::*right,
                  const char* name, Done done, std::function<void(const Batch&)> next) {
  visible_batch(
      session, id, [session, right, name, done = std::move(done), next = std::move(next)](Got<Batch> got) {
        if (auto* problem = std::get_if<Problem>(&got)) return done(std::move(*problem));
        auto batch = std::get<Batch>(std::move(got));
        if (batch.ended())
          return done(
              Problem{COCKPIT_GONE, "It has ended", "This batch has ended meanwhile; nothing was done."});
        if_allowed(session, batch.id, right, name, done, [next, batch] { next(batch); });
      });
}

void retry_all(const SessionPtr& session, const std::string& id, const Flags&, Done done) {
  with_running(
      session, id, &Session::Rights::update, "UPDATE", done, [session, id, done](const Batch& batch) {
        const auto none_failed = [session, id](std::function<void(bool)> tell) {
          session->engine().one_running(
              id, told_if<Batch>(std::move(tell),
                                 [](const std::optional<Batch>& now) { return !now || now->failed == 0; }));
        };
        session->engine().retry_all(batch.job_definition, read_back(none_failed, done));
      });
}

void retry_stuck(const SessionPtr& session, const std::string& id, const Flags&, Done done) {
  with_running(session, id, &Session::Rights::update, "UPDATE", done, [session, done](const Batch& batch) {
    const auto definition = suspect_definition(batch);
    if (!definition)
      return done(Problem{COCKPIT_CONFLICT, "Not stuck", "This batch moves again; nothing was done."});
    const auto alive = [session, definition = *definition](std::function<void(bool)> tell) {
      session->engine().only_job(definition, told_if<Job>(std::move(tell), [](const std::optional<Job>& job) {
                                   return job && job->retries > 0;
                                 }));
    };
    session->engine().retry_all(*definition, read_back(alive, [session, definition = *definition,
                                                               done](std::optional<Problem> problem) {
      session->forget_mover(definition);
      done(std::move(problem));
    }));
  });
}

template <bool suspended>
void suspend(const SessionPtr& session, const std::string& id, const Flags&, Done done) {
  with_running(session, id, &Session::Rights::update, "UPDATE", done, [session, id, done](const Batch&) {
    const auto so = [session, id](std::function<void(bool)> tell) {
      session->engine().one_running(id, told_if<Batch>(std::move(tell), [](const std::optional<Batch>& now) {
                                      return now && now->suspended == suspended;
                                    }));
    };
    session->engine().suspend(id, suspended, read_back(so, done));
  });
}

void delete_batch(const SessionPtr& session, const std::string& id, const Flags& flags, Done done) {
  const bool history = flag(flags, "history");
  with_running(
      session, id, &Session::Rights::remove, "DELETE", done, [session, id, history, done](const Batch&) {
        const auto next = [session, id, history, done] {
          const auto gone = [session, id](std::function<void(bool)> tell) {
            session->engine().one_running(
                id, told_if<Batch>(std::move(tell), [](const std::optional<Batch>& now) { return !now; }));
          };
          session->engine().delete_batch(id, history, read_back(gone, done));
        };
        // The engine lets DELETE alone take the history along; this plugin does not.
        if (!history) return next();
        if_allowed(session, id, &Session::Rights::remove_history, "DELETE_HISTORY", done, next);
      });
}

void delete_history(const SessionPtr& session, const std::string& id, const Flags&, Done done) {
  visible_batch(session, id, [session, id, done = std::move(done)](Got<Batch> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return done(std::move(*problem));
    // The engine would do it, and the batch would run on and never show as completed.
    if (!std::get<Batch>(got).ended())
      return done(Problem{COCKPIT_CONFLICT, "It still runs",
                          "The history of a running batch is not deleted; delete the batch itself."});
    if_allowed(session, id, &Session::Rights::remove_history, "DELETE_HISTORY", done, [session, id, done] {
      const auto gone = [session, id](std::function<void(bool)> tell) {
        session->engine().one_historic(
            id, told_if<Batch>(std::move(tell), [](const std::optional<Batch>& now) { return !now; }));
      };
      session->engine().delete_history(id, read_back(gone, done));
    });
  });
}

const std::map<std::string, Kind>& kinds() {
  static const std::map<std::string, Kind> all{
      {"retry-job",
       {retry_job, "accepted", "The retry is accepted; the job waits for the engine.",
        "{count} retries are accepted; the jobs wait for the engine."}},
      {"delete-job",
       {delete_job, "ok", "The job is deleted; its work is not done.",
        "{count} jobs are deleted; their work is not done."}},
      {"retry-all",
       {retry_all, "accepted", "All failed jobs may try once more; they wait for the engine.",
        "The failed jobs of {count} batches may try once more."}},
      {"retry-stuck",
       {retry_stuck, "accepted", "The job that moves this batch on may try once more.",
        "{count} batches may go on."}},
      {"suspend",
       {suspend<true>, "ok",
        "Suspended. Jobs that were running are rolled back and run again after resuming.",
        "{count} batches are suspended."}},
      {"resume", {suspend<false>, "ok", "Resumed.", "{count} batches are resumed."}},
      {"delete-batch", {delete_batch, "ok", "The batch is deleted.", "{count} batches are deleted.", true}},
      {"delete-history", {delete_history, "ok", "The record is deleted.", "{count} records are deleted."}},
  };
  return all;
}

// One target after the other: what fails is listed, what comes after a cancel is skipped.
struct Bulk : std::enable_shared_from_this<Bulk> {
  SessionPtr session;
  const Kind* kind = nullptr;
  std::vector<std::string> ids;
  Flags flags;
  Acting acting;
  Replied then;
  std::size_t at = 0;
  std::int64_t affected = 0;
  json failures = json::array();
  json skipped = json::array();
  std::optional<Problem> first;
  bool unknown = false;

  void next() {
    while (at < ids.size() && *acting.cancelled)
      skipped.push_back({{"id", ids[at++]}, {"message", "Cancelled before it was its turn."}});
    if (at == ids.size()) return reply();
    if (ids.size() > 1)
      acting.progress(
          json{{"done", at}, {"of", ids.size()}, {"failed", failures.size()}, {"current", ids[at]}}.dump(
              -1, ' ', false, json::error_handler_t::replace));
    const auto id = ids[at++];
    kind->one(session, id, flags, [self = shared_from_this(), id](const std::optional<Problem>& problem) {
      if (!problem) {
        ++self->affected;
      } else {
        self->unknown = self->unknown || problem->status == COCKPIT_UNKNOWN_OUTCOME;
        if (!self->first) self->first = problem;
        self->failures.push_back({{"id", id}, {"message", problem->detail}});
      }
      self->next();
    });
  }

  void reply() {
    // Of one thing alone the status says it all.
    if (ids.size() == 1 && first && !unknown) return then({first->status, problem_body(*first), false});
    std::string outcome = kind->outcome;
    std::string message = ids.size() == 1 ? kind->singular : kind->plural;
    if (const auto mark = message.find("{count}"); mark != std::string::npos)
      message.replace(mark, 7, std::to_string(affected));
    if (!failures.empty() || !skipped.empty()) {
      outcome = unknown && affected == 0 ? "unknown" : affected == 0 ? "failed" : "partial";
      message = std::to_string(affected) + " of " + std::to_string(ids.size()) + " done. " +
                (first ? first->detail : "The rest was cancelled.");
      if (ids.size() == 1) message = first->detail;
    }
    const json body{
        {"outcome", outcome},   {"message", message},
        {"affected", affected}, {"failures", failures},
        {"skipped", skipped},   {"refresh", {"running", "ended", "batch", "failed-jobs", "need"}}};
    then({COCKPIT_OK, body.dump(-1, ' ', false, json::error_handler_t::replace), false});
  }
};

}  // namespace

void act(const SessionPtr& session, const Request& request, Acting acting, Replied then) {
  const auto refuse = [&then](cockpit_status status, const std::string& title, const std::string& detail) {
    then({status, problem_body({status, title, detail}), false});
  };
  const auto kind = kinds().find(request.action);
  if (kind == kinds().end())
    return refuse(COCKPIT_UNSUPPORTED, "Not known here",
                  "This plugin has no action \"" + request.action + "\".");
  for (const auto& [name, value] : request.flags)
    if (name != "history" || !kind->second.takes_history)
      return refuse(COCKPIT_UNSUPPORTED, "Not known here",
                    "The parameter \"" + name + "\" is not known; nothing was done.");
  if (!request.expect.empty())
    return refuse(COCKPIT_UNSUPPORTED, "Not known here", "This action expects nothing; nothing was done.");
  if (request.ids.empty() || request.ids.size() > most_targets)
    return refuse(COCKPIT_INVALID, "What to act on?", "Name 1 to 1,000 ids.");
  const auto bulk = std::make_shared<Bulk>();
  bulk->session = session;
  bulk->kind = &kind->second;
  bulk->ids = request.ids;
  bulk->flags = request.flags;
  bulk->acting = std::move(acting);
  bulk->then = std::move(then);
  bulk->next();
}

}  // namespace batch_view
