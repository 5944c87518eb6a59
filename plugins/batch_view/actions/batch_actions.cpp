#include "actions/batch_actions.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "actions/guarded_changes.hpp"
#include "actions/job_run.hpp"
#include "actions/permission.hpp"
#include "actions/plans.hpp"
#include "actions/summary.hpp"
#include "session/access.hpp"

namespace batch_view {
namespace {

using nlohmann::json;
using SessionPointer = std::shared_ptr<Session>;
using Flags = std::map<std::string, bool>;
using Done = Engine::Done;

using ChangesPointer = std::shared_ptr<GuardedChanges>;
// What came of one target. Nothing: done.
using One = std::function<void(const SessionPointer&, const ChangesPointer&, const std::string& id,
                               const Flags&, Done)>;

struct Kind {
  One one;
  SuccessText said;
  bool takes_history = false;
};

bool flag(const Flags& flags, const char* name) {
  const auto at = flags.find(name);
  return at != flags.end() && at->second;
}

void with_running(const SessionPointer& session, const std::string& id, bool Rights::*right, const char* name,
                  Done done, std::function<void(const Batch&)> next) {
  visible_batch(
      session, id, [session, right, name, done = std::move(done), next = std::move(next)](Got<Batch> got) {
        if (auto* problem = std::get_if<Problem>(&got)) return done(std::move(*problem));
        auto batch = std::get<Batch>(std::move(got));
        if (batch.ended())
          return done(Problem{COCKPIT_GONE, "The batch has ended",
                              "This batch has ended in the meantime; nothing was done.", "problemEnded"});
        if_allowed(session, batch.id, right, name, done, [next, batch] { next(batch); });
      });
}

void retry_stuck(const SessionPointer& session, const ChangesPointer& changes, const std::string& id,
                 const Flags&, Done done) {
  const auto found = [session, changes, done](const Batch& batch) {
    const auto definition = driving_definition(batch);
    if (!definition)
      return done(Problem{COCKPIT_CONFLICT, "Not stuck", "This batch moves again; nothing was done.",
                          "problemMoves"});
    const auto alive = [session, definition = *definition](const Problem&, std::function<void(bool)> report) {
      session->engine().only_job(definition, [report](Got<std::optional<Job>> got) {
        const auto* job = std::get_if<0>(&got);
        report(job != nullptr && *job && (*job)->retries > 0);
      });
    };
    if (!changes) return done(std::nullopt);
    changes->retry_definition(*definition, {}, alive,
                              [session, definition = *definition, done](std::optional<Problem> problem) {
                                session->driving_jobs().forget(definition);
                                done(std::move(problem));
                              });
  };
  with_running(session, id, &Rights::update, "UPDATE", done, found);
}

template <bool suspended>
void suspend(const SessionPointer& session, const ChangesPointer& changes, const std::string& id,
             const Flags&, Done done) {
  with_running(session, id, &Rights::update, "UPDATE", done, [changes, id, done](const Batch&) {
    if (!changes) return done(std::nullopt);
    changes->suspend(id, suspended, done);
  });
}

constexpr int most_deletions = 5;

// A job that ends in the same moment makes the engine refuse (optimistic locking). What was refused so, and
// is still there when it is read back, is asked for again: pressing once more would be all that a person
// could do.
void delete_patiently(const ChangesPointer& changes, const std::string& id, bool history, int tries,
                      Done done) {
  if (!changes) return done(std::nullopt);
  changes->delete_batch(id, history, [=](std::optional<Problem> problem) {
    const bool collided = problem && problem->status == COCKPIT_CONFLICT &&
                          problem->detail.find("ENGINE-03005") != std::string::npos;
    if (!collided || tries >= most_deletions) return done(std::move(problem));
    delete_patiently(changes, id, history, tries + 1, done);
  });
}

void delete_batch(const SessionPointer& session, const ChangesPointer& changes, const std::string& id,
                  const Flags& flags, Done done) {
  const bool history = flag(flags, "history");
  with_running(
      session, id, &Rights::remove, "DELETE", done, [session, changes, id, history, done](const Batch&) {
        const auto next = [changes, id, history, done] { delete_patiently(changes, id, history, 1, done); };
        // The engine lets DELETE alone take the history along; this plugin does not.
        if (!history) return next();
        if_allowed(session, id, &Rights::remove_history, "DELETE_HISTORY", done, next);
      });
}

void delete_history(const SessionPointer& session, const ChangesPointer& changes, const std::string& id,
                    const Flags&, Done done) {
  visible_batch(session, id, [session, changes, id, done = std::move(done)](Got<Batch> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return done(std::move(*problem));
    // The engine would do it, and the batch would run on and never show as completed.
    if (!std::get<Batch>(got).ended())
      return done(Problem{COCKPIT_CONFLICT, "The batch is still running",
                          "The history of a running batch is not deleted; delete the batch itself.",
                          "problemRuns"});
    if_allowed(session, id, &Rights::remove_history, "DELETE_HISTORY", done, [changes, id, done] {
      if (!changes) return done(std::nullopt);
      changes->delete_history(id, done);
    });
  });
}

const std::map<std::string, Kind>& kinds() {
  static const std::map<std::string, Kind> all{
      {"retry-stuck",
       {retry_stuck,
        {"accepted", "saidRetryStuck", "saidRetryStuck",
         "The stuck job was given one more retry; it waits for the engine.",
         "{count} stuck jobs were given one more retry."}}},
      {"suspend",
       {suspend<true>,
        {"ok", "saidSuspended", "saidMany",
         "Suspended. Jobs that were running are rolled back and run again after resuming.",
         "{count} batches were suspended."}}},
      {"resume",
       {suspend<false>, {"ok", "saidResumed", "saidMany", "Resumed.", "{count} batches were resumed."}}},
      {"delete-batch",
       {delete_batch,
        {"ok", "saidBatchDeleted", "saidMany", "The batch was deleted.", "{count} batches were deleted."},
        true}},
      {"delete-history",
       {delete_history,
        {"ok", "saidRecordDeleted", "saidMany", "The record was deleted.", "{count} records were deleted."}}},
  };
  return all;
}

// One batch after the other: what fails is listed, what comes after a cancel, or after the engine went away,
// is skipped. A dry run goes the same way up to each effect.
struct Bulk : std::enable_shared_from_this<Bulk> {
  static constexpr std::size_t most_in_a_row = 3;  // unanswered; each may take as long as a deadline allows

  SessionPointer session;
  std::string action;
  const Kind* kind = nullptr;
  std::vector<std::string> ids;
  Flags flags;
  ActionContext context;
  ChangesPointer changes;  // none: a dry run
  Replied then;
  ActionSummary summary{0};
  std::size_t at = 0, unanswered = 0;
  std::vector<std::string> planned;

  void next() {
    if (*context.cancelled && at < ids.size() && unanswered < most_in_a_row) summary.stopped(std::nullopt);
    if (*context.cancelled || unanswered >= most_in_a_row)
      while (at < ids.size()) summary.not_begun(ids[at++]);
    if (at == ids.size()) return finish();
    if (ids.size() > 1) context.progress(summary.progress(ids[at]));
    const auto id = ids[at++];
    kind->one(session, changes, id, flags,
              [self = shared_from_this(), id](const std::optional<Problem>& problem) {
                self->settled(id, problem);
                // Not from inside: thousands that are refused at once would go as deep.
                self->session->environment().post([self] { self->next(); });
              });
  }

  void finish() {
    if (changes) return then(summary.reply(kind->said));
    json samples = json::array();
    for (const auto& id : planned)
      if (samples.size() < most_samples) samples.push_back({{"id", id}});
    then(summary.plan(planned, samples, session->state<Plans>().keep({action, {}, false, hash_of(planned)})));
  }

  void settled(const std::string& id, const std::optional<Problem>& problem) {
    if (!problem) {
      unanswered = 0;
      if (!changes) planned.push_back(id);
      return summary.done();
    }
    if (problem->status == COCKPIT_CANCELLED) return summary.not_begun(id);
    summary.failed(id, *problem);
    unanswered = engine_is_away(*problem) ? unanswered + 1 : 0;
    if (unanswered == most_in_a_row && at < ids.size()) summary.stopped(*problem);
  }
};

}  // namespace

void act_on_batches(const SessionPointer& session, const Request& request, ActionContext context,
                    Replied then) {
  const auto refuse = [&then](cockpit_status status, const std::string& title, const std::string& detail) {
    then(refusal({status, title, detail}));
  };
  const auto kind = kinds().find(request.action);
  if (kind == kinds().end())
    return refuse(COCKPIT_UNSUPPORTED, "Not known here",
                  "This plugin has no action \"" + request.action + "\".");
  if (request.query)
    return refuse(COCKPIT_UNSUPPORTED, "Not known here",
                  "This action takes batches by their ids only; nothing was done.");
  const auto unknown = [&] {
    for (const auto& [name, value] : request.flags)
      if (name != "history" || !kind->second.takes_history) return name;
    if (!request.numbers.empty()) return request.numbers.begin()->first;
    return request.texts.empty() ? std::string{} : request.texts.begin()->first;
  }();
  if (!unknown.empty())
    return refuse(COCKPIT_UNSUPPORTED, "Not known here",
                  "The parameter \"" + unknown + "\" is not known; nothing was done.");
  const auto& ids = request.plan ? request.plan->ids : request.ids;
  if (ids.empty() || ids.size() > most_targets)
    return refuse(COCKPIT_INVALID, "What to act on?", "Name 1 to 4,000 ids.");
  if (has_twice(ids)) return refuse(COCKPIT_INVALID, "Named twice", "Name each id once; nothing was done.");
  if (request.plan && !session->state<Plans>().take_of(request.action, {}, request.plan->key, ids))
    return then(refusal(unknown_plan()));
  const auto bulk = std::make_shared<Bulk>();
  bulk->action = request.action;
  bulk->session = session;
  bulk->kind = &kind->second;
  bulk->ids = ids;
  bulk->flags = request.flags;
  if (!request.dry_run) bulk->changes = std::make_shared<GuardedChanges>(session, context);
  bulk->context = std::move(context);
  bulk->then = std::move(then);
  bulk->summary = ActionSummary{bulk->ids.size()};
  bulk->next();
}

}  // namespace batch_view
