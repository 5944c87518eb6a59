#include "actions.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "batches.hpp"
#include "effects.hpp"
#include "job_actions.hpp"
#include "job_run.hpp"
#include "reply.hpp"

namespace batch_view {
namespace {

using nlohmann::json;
using SessionPtr = std::shared_ptr<Session>;
using Flags = std::map<std::string, bool>;
using Done = Engine::Done;

using EffectsPtr = std::shared_ptr<Effects>;
// What came of one target. Nothing: done.
using One =
    std::function<void(const SessionPtr&, const EffectsPtr&, const std::string& id, const Flags&, Done)>;

struct Kind {
  One one;
  Said said;
  bool takes_history = false;
};

bool flag(const Flags& flags, const char* name) {
  const auto at = flags.find(name);
  return at != flags.end() && at->second;
}

Problem denied(const char* right) {
  return {COCKPIT_DENIED, "Not allowed",
          std::string{"You do not have the right "} + right + " on this batch.", "problemDenied", right};
}

void with_running(const SessionPtr& session, const std::string& id, bool Session::Rights::*right,
                  const char* name, Done done, std::function<void(const Batch&)> next) {
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

void retry_stuck(const SessionPtr& session, const EffectsPtr& effects, const std::string& id, const Flags&,
                 Done done) {
  const auto found = [session, effects, done](const Batch& batch) {
    const auto definition = suspect_definition(batch);
    if (!definition)
      return done(Problem{COCKPIT_CONFLICT, "Not stuck", "This batch moves again; nothing was done.",
                          "problemMoves"});
    const auto alive = [session, definition = *definition](const Problem&, std::function<void(bool)> report) {
      session->engine().only_job(definition, [report](Got<std::optional<Job>> got) {
        const auto* job = std::get_if<0>(&got);
        report(job != nullptr && *job && (*job)->retries > 0);
      });
    };
    if (!effects) return done(std::nullopt);
    effects->retry_definition(*definition, {}, alive,
                              [session, definition = *definition, done](std::optional<Problem> problem) {
                                session->forget_mover(definition);
                                done(std::move(problem));
                              });
  };
  with_running(session, id, &Session::Rights::update, "UPDATE", done, found);
}

template <bool suspended>
void suspend(const SessionPtr& session, const EffectsPtr& effects, const std::string& id, const Flags&,
             Done done) {
  with_running(session, id, &Session::Rights::update, "UPDATE", done, [effects, id, done](const Batch&) {
    if (!effects) return done(std::nullopt);
    effects->suspend(id, suspended, done);
  });
}

constexpr int most_deletions = 5;

// A job that ends in the same moment makes the engine refuse (optimistic locking). What was refused so, and
// is still there when it is read back, is asked for again: being asked to press once more helps no one.
void delete_patiently(const EffectsPtr& effects, const std::string& id, bool history, int tries, Done done) {
  if (!effects) return done(std::nullopt);
  effects->delete_batch(id, history, [=](std::optional<Problem> problem) {
    const bool collided = problem && problem->status == COCKPIT_CONFLICT &&
                          problem->detail.find("ENGINE-03005") != std::string::npos;
    if (!collided || tries >= most_deletions) return done(std::move(problem));
    delete_patiently(effects, id, history, tries + 1, done);
  });
}

void delete_batch(const SessionPtr& session, const EffectsPtr& effects, const std::string& id,
                  const Flags& flags, Done done) {
  const bool history = flag(flags, "history");
  with_running(session, id, &Session::Rights::remove, "DELETE", done,
               [session, effects, id, history, done](const Batch&) {
                 const auto next = [effects, id, history, done] {
                   delete_patiently(effects, id, history, 1, done);
                 };
                 // The engine lets DELETE alone take the history along; this plugin does not.
                 if (!history) return next();
                 if_allowed(session, id, &Session::Rights::remove_history, "DELETE_HISTORY", done, next);
               });
}

void delete_history(const SessionPtr& session, const EffectsPtr& effects, const std::string& id, const Flags&,
                    Done done) {
  visible_batch(session, id, [session, effects, id, done = std::move(done)](Got<Batch> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return done(std::move(*problem));
    // The engine would do it, and the batch would run on and never show as completed.
    if (!std::get<Batch>(got).ended())
      return done(Problem{COCKPIT_CONFLICT, "The batch is still running",
                          "The history of a running batch is not deleted; delete the batch itself.",
                          "problemRuns"});
    if_allowed(session, id, &Session::Rights::remove_history, "DELETE_HISTORY", done, [effects, id, done] {
      if (!effects) return done(std::nullopt);
      effects->delete_history(id, done);
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

  SessionPtr session;
  std::string action;
  const Kind* kind = nullptr;
  std::vector<std::string> ids;
  Flags flags;
  Acting acting;
  EffectsPtr effects;  // none: a dry run
  Replied then;
  Tally tally{0};
  std::size_t at = 0, unanswered = 0;
  std::vector<std::string> planned;

  void next() {
    if (*acting.cancelled && at < ids.size() && unanswered < most_in_a_row) tally.stopped(std::nullopt);
    if (*acting.cancelled || unanswered >= most_in_a_row)
      while (at < ids.size()) tally.not_begun(ids[at++]);
    if (at == ids.size()) return finish();
    if (ids.size() > 1) acting.progress(tally.progress(ids[at]));
    const auto id = ids[at++];
    kind->one(session, effects, id, flags,
              [self = shared_from_this(), id](const std::optional<Problem>& problem) {
                self->settled(id, problem);
                // Not from inside: thousands that are refused at once would go as deep.
                self->session->environment().post([self] { self->next(); });
              });
  }

  void finish() {
    if (effects) return then(tally.reply(kind->said));
    json samples = json::array();
    for (const auto& id : planned)
      if (samples.size() < most_samples) samples.push_back({{"id", id}});
    then(tally.plan(planned, samples, session->plans().keep({action, {}, false, hash_of(planned)})));
  }

  void settled(const std::string& id, const std::optional<Problem>& problem) {
    if (!problem) {
      unanswered = 0;
      if (!effects) planned.push_back(id);
      return tally.done();
    }
    if (problem->status == COCKPIT_CANCELLED) return tally.not_begun(id);
    tally.failed(id, *problem);
    unanswered = engine_is_away(*problem) ? unanswered + 1 : 0;
    if (unanswered == most_in_a_row && at < ids.size()) tally.stopped(*problem);
  }
};

}  // namespace

// Goes on when the person may do that to the batch.
void if_allowed(const std::shared_ptr<Session>& session, const std::string& batch,
                bool Session::Rights::*right, const char* name, Engine::Done done,
                std::function<void()> next) {
  session->rights(batch, true,
                  [right, name, done = std::move(done), next = std::move(next)](Got<Session::Rights> got) {
                    if (auto* problem = std::get_if<Problem>(&got)) return done(std::move(*problem));
                    if (!(std::get<Session::Rights>(got).*right)) return done(denied(name));
                    next();
                  });
}

Problem unknown_plan() {
  return {COCKPIT_CONFLICT, "The plan is too old",
          "This plan is no longer known; nothing was done. Ask for a new one.", "problemPlan"};
}

bool has_twice(std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  return std::adjacent_find(ids.begin(), ids.end()) != ids.end();
}

void act(const SessionPtr& session, const Request& request, Acting acting, Replied then) {
  // What was seen before is no longer true, whatever came of it.
  if (!request.dry_run)
    then = [session, report = std::move(then)](const Reply& reply) {
      session->board().forget();
      session->forget_standstill();
      report(reply);
    };
  const auto refuse = [&then](cockpit_status status, const std::string& title, const std::string& detail) {
    then({status, problem_body({status, title, detail}), false});
  };
  if (!request.expect.empty())
    return refuse(COCKPIT_UNSUPPORTED, "Not known here", "This action expects nothing; nothing was done.");
  if (is_job_action(request.action)) return act_on_jobs(session, request, std::move(acting), std::move(then));
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
  if (request.plan && !session->plans().take_of(request.action, {}, request.plan->key, ids))
    return then(refusal(unknown_plan()));
  const auto bulk = std::make_shared<Bulk>();
  bulk->action = request.action;
  bulk->session = session;
  bulk->kind = &kind->second;
  bulk->ids = ids;
  bulk->flags = request.flags;
  if (!request.dry_run) bulk->effects = std::make_shared<Effects>(session, acting);
  bulk->acting = std::move(acting);
  bulk->then = std::move(then);
  bulk->tally = Tally{bulk->ids.size()};
  bulk->next();
}

}  // namespace batch_view
