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
constexpr std::size_t most_ids_in_plan = 1000;  // more are kept here, under a key
constexpr std::size_t most_samples = 20;
constexpr auto tick = std::chrono::milliseconds{500};  // between two words about how much was read

const Said retried{"accepted", "saidRetriedOne", "saidRetried",
                   "The retry is accepted; the job waits for the engine.",
                   "{count} retries are accepted; the jobs wait for the engine."};
const Said deleted{"ok", "saidDeletedOne", "saidDeleted", "The job is deleted; its work is not done.",
                   "{count} jobs are deleted; their work is not done."};

struct Form {
  Retry retry;
  std::optional<Problem> problem;
};

// How often, and when: of a retry only.
Form form_of(const Request& request, bool deletes) {
  Form form;
  const auto refuse = [&form](cockpit_status status, const std::string& why) {
    form.problem = Problem{status, status == COCKPIT_INVALID ? "Malformed request" : "Not known here", why};
  };
  for (const auto& [name, value] : request.flags)
    refuse(COCKPIT_UNSUPPORTED, "The parameter \"" + name + "\" is not known; nothing was done.");
  for (const auto& [name, value] : request.numbers) {
    if (name != "retries" || deletes)
      refuse(COCKPIT_UNSUPPORTED, "The parameter \"" + name + "\" is not known; nothing was done.");
    else if (value < 1 || value > most_retries)
      refuse(COCKPIT_INVALID, "A job is given 1 to 10 retries.");
    form.retry.retries = value;
  }
  for (const auto& [name, value] : request.texts) {
    if (name != "due" || deletes)
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
        then_(std::move(then)) {}

  void begin(bool deletes, const Retry& retry) {
    work_.deletes = deletes;
    work_.retry = retry;
    work_.said = deletes ? deleted : retried;
    work_.batch = request_.source_params["batch"];
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
      return refuse({COCKPIT_GONE, "It has ended", "This batch has ended meanwhile; nothing was done.",
                     "problemEnded"});
    const auto done = [self = shared_from_this()](const std::optional<Problem>& why) { self->refuse(*why); };
    if_allowed(session_, batch_.id, &Session::Rights::update, "UPDATE", done, [self = shared_from_this()] {
      if (self->request_.plan) return self->take_plan();
      self->read();
    });
  }

  // Anew: what somebody sees may be minutes old.
  void read() {
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
    if (*acting_.cancelled)
      return refuse(
          {COCKPIT_CANCELLED, "Cancelled", "Cancelled before anything was done.", "problemCancelled"});
    if (scan->problem()) return refuse(*scan->problem());
    const auto& group = request_.query->group;
    const auto& causes = scan->causes();
    std::unordered_set<std::string_view> seen;  // a job may stand on two pages when others vanish meanwhile
    for (std::size_t i = 0; i < scan->jobs().size(); ++i) {
      if (!group.empty() && causes[scan->jobs().cause(i)].key != group) continue;
      if (seen.insert(scan->jobs().id(i)).second) work_.jobs.emplace_back(scan->jobs().id(i));
    }
    all_ = scan->whole() && work_.jobs.size() == scan->jobs().size();
    if (work_.jobs.empty()) return refuse(nothing());
    if (request_.dry_run) return answer_plan(*scan, group);
    // Without a plan the number that was seen is all that tells what is meant.
    const auto found = static_cast<std::int64_t>(work_.jobs.size());
    if (const auto saw = request_.query->count; saw && found > *saw + *saw / 10 + 10)
      return refuse({COCKPIT_CONFLICT, "Changed meanwhile",
                     "You saw " + std::to_string(*saw) + " failed jobs, there are " + std::to_string(found) +
                         " now; nothing was done.",
                     "problemChanged", std::to_string(found)});
    run(false);
  }

  void answer_plan(const FailureScan& scan, const std::string& group) {
    const auto count = work_.jobs.size();
    json counts = json::array(), samples = json::array(), warnings = json::array();
    for (const auto& cause : scan.causes()) {
      if (cause.count == 0 || (!group.empty() && cause.key != group)) continue;
      counts.push_back({{"label", cause_label(cause)}, {"count", cause.count}});
      if (samples.size() < most_samples) samples.push_back({{"id", cause.job}, {"label", cause.sample}});
    }
    if (!scan.whole())
      warnings.push_back(words("planBound", {{"count", FailureScan::most_jobs}},
                               "Only the first " + std::to_string(FailureScan::most_jobs) +
                                   " failed jobs were read; the others are not in this plan."));
    if (!work_.deletes && all_)
      warnings.push_back(
          words("planAtOnce", json::object(),
                "These are all failed jobs: the engine retries them with one call, and one that "
                "fails in that very moment with them."));
    json plan{{"count", count},
              {"counts", std::move(counts)},
              {"samples", std::move(samples)},
              {"warnings", std::move(warnings)}};
    const bool fits = count <= most_ids_in_plan;
    const auto shown = work_.jobs.begin() + static_cast<std::ptrdiff_t>(fits ? count : most_samples);
    plan["ids"] = std::vector<std::string>(work_.jobs.begin(), shown);
    if (!fits)
      plan["key"] = session_->plans().keep({request_.action, batch_.id, all_, std::move(work_.jobs)});
    then_(done({{"plan", std::move(plan)}}, false));
  }

  void take_plan() {
    if (request_.plan->key.empty()) {
      work_.jobs = request_.plan->ids;
      std::sort(work_.jobs.begin(), work_.jobs.end());
      work_.jobs.erase(std::unique(work_.jobs.begin(), work_.jobs.end()), work_.jobs.end());
      // Whether these are all that failed shows when they are read again.
      return run(static_cast<std::int64_t>(work_.jobs.size()) == batch_.failed);
    }
    auto kept = session_->plans().take(request_.plan->key);
    if (!kept || kept->action != request_.action || kept->batch != batch_.id)
      return refuse({COCKPIT_CONFLICT, "The plan is too old",
                     "This plan is no longer known; nothing was done. Ask for a new one.", "problemPlan"});
    work_.jobs = std::move(kept->jobs);
    run(kept->all);
  }

  // When all failed jobs are meant and no others failed meanwhile, the engine retries them with one call.
  void run(bool perhaps_all) {
    if (work_.jobs.empty()) return refuse(nothing());
    if (work_.deletes || work_.jobs.size() < 2 || suspect_definition(batch_)) return run_each();
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
    if (*acting_.cancelled) return run_each();  // says so of each
    const auto none_failed = [session = session_, id = batch_.id](std::function<void(bool)> tell) {
      session->engine().one_running(id, [tell = std::move(tell)](Got<std::optional<Batch>> got) {
        const auto* now = std::get_if<0>(&got);
        tell(now != nullptr && (!*now || (*now)->failed == 0));
      });
    };
    session_->engine().retry_all(
        batch_.job_definition, work_.retry,
        read_back(none_failed, [self = shared_from_this(), count,
                                gone = std::move(gone)](const std::optional<Problem>& problem) {
          if (problem) return self->refuse(*problem);
          Tally tally{self->work_.jobs.size()};
          tally.done(count);
          for (const auto& id : gone) tally.skipped(id, no_failed_job());
          std::unordered_set<std::string> jobs{self->work_.jobs.begin(), self->work_.jobs.end()};
          self->session_->failures().take_out(self->batch_.id, jobs);
          self->session_->failures().remember_retried(self->batch_.id, std::move(jobs));
          self->then_(tally.reply(retried));
        }));
  }

  void run_each() {
    std::make_shared<JobRun>(session_, std::move(work_), std::move(acting_), std::move(then_))->begin();
  }

  SessionPtr session_;
  Request request_;
  Acting acting_;
  Replied then_;
  Batch batch_;
  JobWork work_;
  bool all_ = false;
  std::unique_ptr<Timer> timer_;
};

}  // namespace

bool is_job_action(const std::string& action) {
  return action == "retry-job" || action == "retry-jobs" || action == "delete-job" || action == "delete-jobs";
}

void act_on_jobs(const SessionPtr& session, const Request& request, Acting acting, Replied then) {
  const bool deletes = request.action == "delete-job" || request.action == "delete-jobs";
  const bool plans = request.action == "retry-jobs" || request.action == "delete-jobs";
  auto form = form_of(request, deletes);
  if (form.problem) return then(refusal(*form.problem));
  if (!plans && (request.dry_run || request.plan || request.query))
    return then(refusal({COCKPIT_UNSUPPORTED, "Not known here",
                         "This action takes jobs by their ids only; nothing was done."}));
  const bool of_batch = request.source_params.count("batch") != 0;
  if (request.query || (request.plan && request.ids.empty())) {
    if (!of_batch)
      return then(refusal({COCKPIT_INVALID, "Of which batch?",
                           "The failed jobs of one batch can be meant, and none is named."}));
    return std::make_shared<OnQuery>(session, request, std::move(acting), std::move(then))
        ->begin(deletes, form.retry);
  }
  auto ids = request.plan && !request.plan->ids.empty() ? request.plan->ids : request.ids;
  if (ids.empty() || ids.size() > most_targets)
    return then(refusal({COCKPIT_INVALID, "What to act on?", "Name 1 to 4,000 ids."}));
  if (request.dry_run) {
    json samples = json::array();
    for (const auto& id : ids)
      if (samples.size() < most_samples) samples.push_back({{"id", id}});
    return then(
        done({{"plan", {{"ids", ids}, {"count", ids.size()}, {"samples", std::move(samples)}}}}, false));
  }
  JobWork work;
  work.deletes = deletes;
  work.retry = form.retry;
  work.said = deletes ? deleted : retried;
  work.jobs = std::move(ids);
  std::make_shared<JobRun>(session, std::move(work), std::move(acting), std::move(then))->begin();
}

}  // namespace batch_view
