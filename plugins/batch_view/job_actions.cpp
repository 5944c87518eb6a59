#include "job_actions.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "causes.hpp"
#include "job_run.hpp"
#include "reply.hpp"

namespace batch_view {
namespace {

using nlohmann::json;
using SessionPtr = std::shared_ptr<Session>;

constexpr std::int64_t most_retries = 10;
constexpr auto tick = std::chrono::milliseconds{500};  // between two words about how much was read

const Said said_retried{"accepted", "saidRetriedOne", "saidRetried",
                        "The retry was accepted; the job waits for the engine.",
                        "{count} retries were accepted; the jobs wait for the engine."};
const Said said_of_all{"accepted", "saidRetryAll", "saidRetryAll",
                       "All failed jobs were given one more retry; they wait for the engine.",
                       "All failed jobs were given one more retry; they wait for the engine."};
const Said said_started{"accepted", "saidRunNowOne", "saidRunNow",
                        "The job is no longer scheduled; it only waits for the engine.",
                        "{count} jobs are no longer scheduled; they only wait for the engine."};
const Said said_deleted{"ok", "saidDeletedOne", "saidDeleted", "The job was deleted; its work was not done.",
                        "{count} jobs were deleted; their work was not done."};

struct Form {
  Retry retry;
  std::optional<Problem> problem;
};

// How often, and when: of a retry only.
Form form_of(const Request& request, bool takes_retries) {
  Form form;
  const auto refuse = [&form](cockpit_status status, const std::string& why) {
    form.problem = Problem{status, status == COCKPIT_INVALID ? "Malformed request" : "Not known here", why};
  };
  for (const auto& [name, value] : request.flags)
    refuse(COCKPIT_UNSUPPORTED, "The parameter \"" + name + "\" is not known; nothing was done.");
  for (const auto& [name, value] : request.numbers) {
    if (name != "retries" || !takes_retries)
      refuse(COCKPIT_UNSUPPORTED, "The parameter \"" + name + "\" is not known; nothing was done.");
    else if (value < 1 || value > most_retries)
      refuse(COCKPIT_INVALID, "A job takes 1 to 10 retries.");
    form.retry.retries = value;
  }
  for (const auto& [name, value] : request.texts) {
    if (name != "due" || !takes_retries)
      refuse(COCKPIT_UNSUPPORTED, "The parameter \"" + name + "\" is not known; nothing was done.");
    else if (!value.empty()) {
      form.retry.due = engine_time(value);
      if (!form.retry.due)
        refuse(COCKPIT_INVALID, "\"" + value + "\" is no time such as 2030-01-31T14:31:05+01:00.");
    }
  }
  return form;
}

// An action on what a query finds: read, planned, confirmed, run.
class OnQuery : public std::enable_shared_from_this<OnQuery> {
 public:
  OnQuery(SessionPtr session, Request request, Acting acting, Replied then)
      : session_(std::move(session)),
        request_(std::move(request)),
        acting_(std::move(acting)),
        then_(std::move(then)),
        effects_(std::make_shared<Effects>(session_, acting_)) {}

  // `seed_too`: the job that has to move the batch on is meant, too, when it has failed.
  void begin(JobWork work, bool seed_too) {
    work_ = std::move(work);
    seed_too_ = seed_too;
    visible_batch(session_, work_.batch,
                  or_reply<Batch>(then_, [self = shared_from_this()](const Batch& batch) {
                    self->batch_ = batch;
                    self->check();
                  }));
  }

 private:
  void refuse(const Problem& problem) { then_(refusal(problem)); }

  void check() {
    if (batch_.ended())
      return refuse({COCKPIT_GONE, "The batch has ended",
                     "This batch has ended in the meantime; nothing was done.", "problemEnded"});
    const auto done = [self = shared_from_this()](const std::optional<Problem>& why) { self->refuse(*why); };
    if_allowed(session_, batch_.id, &Session::Rights::update, "UPDATE", done, [self = shared_from_this()] {
      if (self->request_.plan) return self->take_plan();
      self->read();
    });
  }

  // Anew: what somebody sees may be minutes old.
  void read() {
    if (!seed_too_) {
      if (batch_.failed == 0) return refuse(nothing());
      return read_since(session_->environment().now(), std::nullopt,
                        [self = shared_from_this()](const Failures::Scan& scan) { self->was_read(scan); });
    }
    find_dead_mover(session_, batch_, [self = shared_from_this()](const std::optional<std::string>& mover) {
      if (self->batch_.failed == 0 && !mover) return self->refuse(nothing());
      self->read_since(self->session_->environment().now(), mover,
                       [self](const Failures::Scan& scan) { self->was_read(scan); });
    });
  }

  // A reading that began at that time or later.
  void read_since(Clock::time_point time, const std::optional<std::string>& mover,
                  std::function<void(const Failures::Scan&)> then) {
    const auto scan = session_->failures().read_again(session_, batch_, mover);
    tell_progress(scan);
    scan->when_over([self = shared_from_this(), scan, time, mover, then = std::move(then)] {
      self->timer_.reset();
      if (scan->began() < time) return self->read_since(time, mover, then);
      then(scan);
    });
  }

  void tell_progress(const Failures::Scan& scan) {
    acting_.progress(json{{"done", scan->jobs().size()}, {"of", scan->of()}}.dump());
    timer_ = session_->environment().after(tick, [weak = weak_from_this(), scan] {
      if (const auto self = weak.lock(); self && !scan->over()) self->tell_progress(scan);
    });
  }
  static Problem nothing() {
    return {COCKPIT_CONFLICT, "Nothing failed", "This batch has no failed jobs any more; nothing was done.",
            "problemNothing"};
  }

  void was_read(const Failures::Scan& scan) {
    if (const auto why = effects_->stopped()) return refuse(*why);
    if (scan->problem()) return refuse(*scan->problem());
    const auto group = request_.query ? request_.query->group : std::string{};
    const auto meant = scan->of_key(group);
    std::unordered_set<std::string_view> seen;  // a job may stand on two pages when others vanish meanwhile
    for (std::size_t i = 0; i < scan->jobs().size(); ++i) {
      if (!group.empty() && !meant[scan->jobs().cause(i)]) continue;
      if (seen.insert(scan->jobs().id(i)).second) work_.jobs.emplace_back(scan->jobs().id(i));
    }
    all_ = scan->whole() && work_.jobs.size() == scan->jobs().size();
    if (work_.jobs.empty()) return refuse(nothing());
    if (request_.dry_run) return answer_plan(*scan, group);
    if (const auto why = other_than_seen()) return refuse(*why);
    run(false);
  }

  // Without a plan the number that was seen is all that tells what is meant. What cannot be undone tolerates
  // no difference; of retries a few more are no harm, and they are said.
  std::optional<Problem> other_than_seen() {
    if (!request_.query) return std::nullopt;
    const auto found = static_cast<std::int64_t>(work_.jobs.size());
    const auto saw = request_.query->count.value_or(0);
    const auto more = work_.effect == JobEffect::remove ? 0 : saw / 10 + 10;
    if (found <= saw + more && found >= saw - more) {
      if (found > saw) on_top_ = found - saw;
      return std::nullopt;
    }
    return Problem{COCKPIT_CONFLICT, "Changed meanwhile",
                   "You saw " + std::to_string(saw) + " failed jobs, there are " + std::to_string(found) +
                       " now; nothing was done.",
                   "problemChanged", std::to_string(found)};
  }

  void answer_plan(const FailureScan& scan, const std::string& group) {
    const auto count = work_.jobs.size();
    json counts = json::array(), samples = json::array(), warnings = json::array();
    const auto meant = scan.of_key(group);
    for (const auto& shown : scan.groups()) {
      const bool part = !group.empty() && shown.whole.key != group;
      const auto one = std::find_if(shown.parts.begin(), shown.parts.end(),
                                    [&](std::size_t cause) { return meant[cause]; });
      if (part && one == shown.parts.end()) continue;
      const auto& cause = part ? scan.causes()[*one] : shown.whole;
      counts.push_back({{"label", cause_label(cause)}, {"count", cause.count}});
      if (samples.size() < most_samples) samples.push_back({{"id", cause.job}, {"label", cause.sample}});
    }
    if (!scan.whole())
      warnings.push_back(words("planBound", {{"count", FailureScan::most_jobs}},
                               "Only the first " + std::to_string(FailureScan::most_jobs) +
                                   " failed jobs were read; the others are not in this plan."));
    if (work_.effect == JobEffect::retry && all_)
      warnings.push_back(
          words("planAtOnce", json::object(),
                "These are all failed jobs: the engine retries them with one call, and one that "
                "fails in that very moment with them."));
    json plan{{"count", count},
              {"counts", std::move(counts)},
              {"samples", std::move(samples)},
              {"warnings", std::move(warnings)}};
    plan["key"] = session_->plans().keep({request_.action, batch_.id, all_, hash_of(work_.jobs)});
    plan["ids"] = std::move(work_.jobs);
    then_(done({{"plan", std::move(plan)}}, false));
  }

  void take_plan() {
    const auto kept =
        session_->plans().take_of(request_.action, batch_.id, request_.plan->key, request_.plan->ids);
    if (!kept) return refuse(unknown_plan());
    work_.jobs = request_.plan->ids;
    // Whether these are still all that failed shows when they are read again.
    run(kept->all);
  }

  // When all failed jobs are meant and no others failed meanwhile, the engine retries them with one call.
  void run(bool perhaps_all) {
    if (work_.jobs.empty()) return refuse(nothing());
    if (work_.effect == JobEffect::remove || work_.jobs.size() < 2 ||
        (seed_too_ && suspect_definition(batch_)))
      return run_each();
    if (all_) return retry_definition({});
    if (!perhaps_all) return run_each();
    read_since(session_->environment().now(), std::nullopt,
               [self = shared_from_this()](const Failures::Scan& scan) {
                 if (!scan->whole()) return self->run_each();
                 std::unordered_set<std::string_view> gone{self->work_.jobs.begin(), self->work_.jobs.end()};
                 for (std::size_t i = 0; i < scan->jobs().size(); ++i)
                   if (gone.erase(scan->jobs().id(i)) == 0) return self->run_each();  // not of the plan
                 self->retry_definition({gone.begin(), gone.end()});
               });
  }

  void retry_definition(std::vector<std::string> gone) {
    const auto count = work_.jobs.size() - gone.size();
    if (count == 0) return run_each();
    const auto none_failed = [session = session_, id = batch_.id](const Problem&,
                                                                  std::function<void(bool)> report) {
      session->engine().one_running(id, [report = std::move(report)](Got<std::optional<Batch>> got) {
        const auto* now = std::get_if<0>(&got);
        report(now != nullptr && (!*now || (*now)->failed == 0));
      });
    };
    const auto retried_all = [self = shared_from_this(), count,
                              gone = std::move(gone)](const std::optional<Problem>& problem) {
      self->was_retried(problem, count, gone);
    };
    effects_->retry_definition(batch_.job_definition, work_.retry, none_failed, retried_all);
  }

  void was_retried(const std::optional<Problem>& problem, std::size_t count,
                   const std::vector<std::string>& gone) {
    if (problem && problem->status == COCKPIT_CANCELLED) return run_each();  // says so of each
    if (problem && problem->key == "problemNoDelay") return run_each();      // of each it can
    Tally tally{work_.jobs.size()};
    for (const auto& id : gone) tally.skipped(id, problem_detail(no_failed_job()));
    if (problem) {
      tally.failed_all(count, *problem);
    } else {
      tally.done(count);
      std::unordered_set<std::string> jobs{work_.jobs.begin(), work_.jobs.end()};
      session_->failures().take_out(batch_.id, jobs);
      for (const auto& job : jobs)
        session_->failures().remember_retried(batch_.id, job, jobs.size() <= Failures::most_followed);
    }
    reply(tally);
  }

  void reply(Tally& tally) {
    if (!request_.plan) tally.acted_on(work_.jobs);
    if (on_top_ > 0) tally.on_top(on_top_);
    then_(tally.reply(work_.said));
  }

  void run_each() {
    work_.name_ids = !request_.plan;
    work_.on_top = on_top_;
    std::make_shared<JobRun>(session_, std::move(work_), std::move(acting_), std::move(then_))->begin();
  }

  SessionPtr session_;
  Request request_;
  Acting acting_;
  Replied then_;
  Batch batch_;
  JobWork work_;
  std::shared_ptr<Effects> effects_;
  bool all_ = false, seed_too_ = true;
  std::int64_t on_top_ = 0;  // failed jobs more than were seen
  std::unique_ptr<Timer> timer_;
};

const char* const job_action_names[] = {"retry-job",   "retry-jobs", "delete-job",
                                        "delete-jobs", "run-now",    "retry-all"};

bool takes_query(const std::string& action) {
  return action == "retry-jobs" || action == "delete-jobs";
}

JobWork work_of(const std::string& action) {
  JobWork work;
  if (action == "delete-job" || action == "delete-jobs") {
    work.effect = JobEffect::remove;
    work.said = said_deleted;
  } else if (action == "run-now") {
    work.effect = JobEffect::run_now;
    work.said = said_started;
  } else {
    work.said = action == "retry-all" ? said_of_all : said_retried;
  }
  return work;
}

}  // namespace

bool is_job_action(const std::string& action) {
  return std::find(std::begin(job_action_names), std::end(job_action_names), action) !=
         std::end(job_action_names);
}

void act_on_jobs(const SessionPtr& session, const Request& request, Acting acting, Replied then) {
  const bool of_all = request.action == "retry-all";
  auto form = form_of(request, request.action == "retry-job" || request.action == "retry-jobs");
  if (form.problem) return then(refusal(*form.problem));
  if (!takes_query(request.action) && request.query)
    return then(refusal(
        {COCKPIT_UNSUPPORTED, "Not known here", "This action takes no query, only ids; nothing was done."}));
  auto work = work_of(request.action);
  work.retry = form.retry;
  if (of_all || request.query || (request.plan && request.ids.empty())) {
    const auto batch = request.source_params.find("batch");
    work.batch = of_all                                 ? (request.ids.size() == 1 ? request.ids.front() : "")
                 : batch == request.source_params.end() ? std::string{}
                                                        : batch->second;
    if (work.batch.empty())
      return then(refusal({COCKPIT_INVALID, "Of which batch?",
                           "The failed jobs of one batch can be meant, and none is named."}));
    const bool counted = request.query && request.query->count.value_or(0) > 0;
    if (!of_all && !request.dry_run && !request.plan && !counted)
      return then(
          refusal({COCKPIT_INVALID, "How many?",
                   "Neither a plan nor the number of jobs that were seen is given; nothing was done."}));
    return std::make_shared<OnQuery>(session, request, std::move(acting), std::move(then))
        ->begin(std::move(work), !of_all);
  }
  auto ids = request.plan ? request.plan->ids : request.ids;
  if (ids.empty() || ids.size() > most_targets)
    return then(refusal({COCKPIT_INVALID, "What to act on?", "Name 1 to 4,000 ids."}));
  if (has_twice(ids))
    return then(refusal({COCKPIT_INVALID, "Named twice", "Name each id once; nothing was done."}));
  if (request.plan && !session->plans().take_of(request.action, {}, request.plan->key, ids))
    return then(refusal(unknown_plan()));
  work.dry_run = request.dry_run;
  work.action = request.action;
  work.jobs = std::move(ids);
  std::make_shared<JobRun>(session, std::move(work), std::move(acting), std::move(then))->begin();
}

}  // namespace batch_view
