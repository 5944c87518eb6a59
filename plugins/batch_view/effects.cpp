#include "effects.hpp"

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

template <class Value>
Then<std::optional<Value>> reports_if(std::function<void(bool)> report,
                                      std::function<bool(const std::optional<Value>&)> so) {
  return [report = std::move(report), so = std::move(so)](Got<std::optional<Value>> got) {
    const auto* found = std::get_if<std::optional<Value>>(&got);
    report(found != nullptr && so(*found));
  };
}

}  // namespace

Effects::Effects(std::shared_ptr<Session> session, const Acting& acting)
    : session_(std::move(session)), cancelled_(acting.cancelled), deadline_(acting.deadline) {}

std::optional<Problem> Effects::stopped() const {
  if (*cancelled_)
    return Problem{COCKPIT_CANCELLED, "Cancelled", "Cancelled before anything was done.", "problemCancelled"};
  if (deadline_ && session_->environment().now() >= *deadline_)
    return Problem{COCKPIT_CANCELLED, "Too late", "The time limit passed before anything was done.",
                   "problemTooLate"};
  return std::nullopt;
}

// The one place where effects begin. The engine may have to ask something first: the gate is asked after
// that.
void Effects::carry_out(const std::function<void(const Engine::Gate&, Done)>& effect, IsSo is_so, Done done) {
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
void Effects::read_back(std::size_t attempt, const Problem& problem, IsSo is_so, Done done) {
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

void Effects::retry_job(const std::string& job, const Retry& retry, Done done) {
  carry_out(
      [session = session_, job, retry](const Engine::Gate& gate, Done then) {
        session->engine().retry_job(job, retry, gate, std::move(then));
      },
      [session = session_, job](const Problem& doubt, std::function<void(bool)> report) {
        // A job that is gone after a lost answer has run: without retries it could not have.
        const bool may_be_gone = doubt.status == COCKPIT_UNKNOWN_OUTCOME;
        session->engine().job(
            job, reports_if<Job>(std::move(report), [may_be_gone](const std::optional<Job>& now) {
              return now ? now->retries > 0 : may_be_gone;
            }));
      },
      std::move(done));
}

void Effects::run_now(const std::string& job, std::int64_t retries, Done done) {
  const Retry now{retries, std::nullopt};
  carry_out(
      [session = session_, job, now](const Engine::Gate& gate, Done then) {
        session->engine().retry_job(job, now, gate, std::move(then));
      },
      [session = session_, job](const Problem&, std::function<void(bool)> report) {
        // Gone: it ran, which is what was asked for.
        session->engine().job(job, reports_if<Job>(std::move(report), [](const std::optional<Job>& found) {
                                return !found || !found->due;
                              }));
      },
      std::move(done));
}

void Effects::delete_job(const std::string& job, Done done) {
  carry_out(
      [session = session_, job](const Engine::Gate& gate, Done then) {
        session->engine().delete_job(job, gate, std::move(then));
      },
      [session = session_, job](const Problem&, std::function<void(bool)> report) {
        session->engine().job(
            job, reports_if<Job>(std::move(report), [](const std::optional<Job>& now) { return !now; }));
      },
      std::move(done));
}

void Effects::retry_definition(const std::string& definition, const Retry& retry, IsSo is_so, Done done) {
  carry_out(
      [session = session_, definition, retry](const Engine::Gate& gate, Done then) {
        session->engine().retry_all(definition, retry, gate, std::move(then));
      },
      std::move(is_so), std::move(done));
}

void Effects::suspend(const std::string& batch, bool suspended, Done done) {
  carry_out(
      [session = session_, batch, suspended](const Engine::Gate& gate, Done then) {
        session->engine().suspend(batch, suspended, gate, std::move(then));
      },
      [session = session_, batch, suspended](const Problem&, std::function<void(bool)> report) {
        session->engine().one_running(
            batch, reports_if<Batch>(std::move(report), [suspended](const std::optional<Batch>& now) {
              return now && now->suspended == suspended;
            }));
      },
      std::move(done));
}

void Effects::delete_batch(const std::string& batch, bool with_history, Done done) {
  carry_out(
      [session = session_, batch, with_history](const Engine::Gate& gate, Done then) {
        session->engine().delete_batch(batch, with_history, gate, std::move(then));
      },
      [session = session_, batch](const Problem&, std::function<void(bool)> report) {
        session->engine().one_running(
            batch,
            reports_if<Batch>(std::move(report), [](const std::optional<Batch>& now) { return !now; }));
      },
      std::move(done));
}

void Effects::delete_history(const std::string& batch, Done done) {
  carry_out(
      [session = session_, batch](const Engine::Gate& gate, Done then) {
        session->engine().delete_history(batch, gate, std::move(then));
      },
      [session = session_, batch](const Problem&, std::function<void(bool)> report) {
        session->engine().one_historic(
            batch,
            reports_if<Batch>(std::move(report), [](const std::optional<Batch>& now) { return !now; }));
      },
      std::move(done));
}

}  // namespace batch_view
