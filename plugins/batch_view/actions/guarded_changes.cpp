#include "actions/guarded_changes.hpp"

#include <iterator>
#include <utility>

namespace batch_view {
namespace {

// An answer, whatever it says, that decides nothing: the state does.
bool is_doubtful(const Problem& problem) {
  switch (problem.status) {
    case COCKPIT_UNKNOWN_OUTCOME:
    case COCKPIT_CONFLICT:
    case COCKPIT_INVALID:
    case COCKPIT_NOT_FOUND:
      return true;
    default:
      return false;
  }
}

using SessionPointer = std::shared_ptr<Session>;

// Reads a job or batch, and reports whether it is now as it should be.
template <class Value>
using Wanted = std::function<bool(const std::optional<Value>&)>;

template <class Value>
Then<std::optional<Value>> report_if(std::function<void(bool)> report, Wanted<Value> wanted) {
  return [report = std::move(report), wanted = std::move(wanted)](const Got<std::optional<Value>>& got) {
    const auto* found = std::get_if<std::optional<Value>>(&got);
    report(found != nullptr && wanted(*found));
  };
}

GuardedChanges::IsSo job_is(const SessionPointer& session, const std::string& job, Wanted<Job> wanted) {
  return [=](const Problem&, std::function<void(bool)> report) {
    session->engine().job(job, report_if<Job>(std::move(report), wanted));
  };
}

GuardedChanges::IsSo batch_is(const SessionPointer& session, const std::string& batch, Wanted<Batch> wanted) {
  return [=](const Problem&, std::function<void(bool)> report) {
    session->engine().one_running(batch, report_if<Batch>(std::move(report), wanted));
  };
}

template <class Value>
bool is_gone(const std::optional<Value>& found) {
  return !found;
}

}  // namespace

GuardedChanges::GuardedChanges(std::shared_ptr<Session> session, const ActionContext& context)
    : session_(std::move(session)), cancelled_(context.cancelled), deadline_(context.deadline) {}

std::optional<Problem> GuardedChanges::stopped() const {
  if (*cancelled_)
    return Problem{COCKPIT_CANCELLED, "Cancelled", "Cancelled before anything was done.", "problemCancelled"};
  if (deadline_ && session_->environment().now() >= *deadline_)
    return Problem{COCKPIT_CANCELLED, "Too late", "The time limit passed before anything was done.",
                   "problemTooLate"};
  return std::nullopt;
}

// The one place where changes begin. The engine may have to ask something first: the gate is asked after
// that.
void GuardedChanges::carry_out(const std::function<void(const Engine::Gate&, Done)>& effect, IsSo is_so,
                               Done done) {
  if (auto why = stopped())
    return session_->environment().post([done = std::move(done), why = *why] { done(why); });
  effect([self = shared_from_this()] { return self->stopped(); },
         [self = shared_from_this(), is_so = std::move(is_so),
          done = std::move(done)](std::optional<Problem> problem) {
           if (!problem || !is_doubtful(*problem)) return done(std::move(problem));
           self->read_back(0, *problem, is_so, done);
         });
}

// The engine may carry out seconds later what a gateway gave up on. What it refused itself is read once.
void GuardedChanges::read_back(std::size_t attempt, const Problem& problem, IsSo is_so, Done done) {
  is_so(problem, [self = shared_from_this(), attempt, problem, is_so, done = std::move(done)](bool so) {
    if (so) return done(std::nullopt);
    const auto next = attempt + 1;
    const bool patient = problem.status == COCKPIT_UNKNOWN_OUTCOME && next < std::size(reads_after);
    if (!patient || *self->cancelled_) return done(problem);
    // The timer is its own owner until its time has come.
    const auto timer = std::make_shared<std::unique_ptr<Timer>>();
    *timer =
        self->session_->environment().after(reads_after[next], [self, next, problem, is_so, done, timer] {
          const auto kept = std::exchange(*timer, nullptr);
          self->read_back(next, problem, is_so, done);
        });
  });
}

void GuardedChanges::retry_job(const std::string& job, const Retry& retry, Done done) {
  const auto retried = [session = session_, job](const Problem& doubt, std::function<void(bool)> report) {
    // A job that is gone after a lost answer has run: without retries it could not have.
    const bool may_be_gone = doubt.status == COCKPIT_UNKNOWN_OUTCOME;
    const Wanted<Job> has_retries = [may_be_gone](const std::optional<Job>& now) {
      return now ? now->retries > 0 : may_be_gone;
    };
    session->engine().job(job, report_if<Job>(std::move(report), has_retries));
  };
  carry_out(
      [session = session_, job, retry](const Engine::Gate& gate, Done then) {
        session->engine().retry_job(job, retry, gate, std::move(then));
      },
      retried, std::move(done));
}

void GuardedChanges::run_now(const std::string& job, std::int64_t retries, Done done) {
  // Gone: it ran, which is what was asked for.
  const Wanted<Job> runs = [](const std::optional<Job>& now) { return !now || !now->due; };
  const Retry at_once{retries, std::nullopt};
  carry_out(
      [session = session_, job, at_once](const Engine::Gate& gate, Done then) {
        session->engine().retry_job(job, at_once, gate, std::move(then));
      },
      job_is(session_, job, runs), std::move(done));
}

void GuardedChanges::delete_job(const std::string& job, Done done) {
  carry_out(
      [session = session_, job](const Engine::Gate& gate, Done then) {
        session->engine().delete_job(job, gate, std::move(then));
      },
      job_is(session_, job, is_gone<Job>), std::move(done));
}

void GuardedChanges::retry_definition(const std::string& definition, const Retry& retry, IsSo is_so,
                                      Done done) {
  carry_out(
      [session = session_, definition, retry](const Engine::Gate& gate, Done then) {
        session->engine().retry_all(definition, retry, gate, std::move(then));
      },
      std::move(is_so), std::move(done));
}

void GuardedChanges::suspend(const std::string& batch, bool suspended, Done done) {
  const Wanted<Batch> as_wanted = [suspended](const std::optional<Batch>& now) {
    return now && now->suspended == suspended;
  };
  carry_out(
      [session = session_, batch, suspended](const Engine::Gate& gate, Done then) {
        session->engine().suspend(batch, suspended, gate, std::move(then));
      },
      batch_is(session_, batch, as_wanted), std::move(done));
}

void GuardedChanges::delete_batch(const std::string& batch, bool with_history, Done done) {
  carry_out(
      [session = session_, batch, with_history](const Engine::Gate& gate, Done then) {
        session->engine().delete_batch(batch, with_history, gate, std::move(then));
      },
      batch_is(session_, batch, is_gone<Batch>), std::move(done));
}

void GuardedChanges::delete_history(const std::string& batch, Done done) {
  const auto record_is_gone = [session = session_, batch](const Problem&, std::function<void(bool)> report) {
    session->engine().one_historic(batch, report_if<Batch>(std::move(report), is_gone<Batch>));
  };
  carry_out(
      [session = session_, batch](const Engine::Gate& gate, Done then) {
        session->engine().delete_history(batch, gate, std::move(then));
      },
      record_is_gone, std::move(done));
}

}  // namespace batch_view
