#include "work.hpp"

#include <algorithm>
#include <utility>

#include "request_head.hpp"

namespace rest_client {
namespace {

bool is_repeatable(const Request& request) {
  return request.method == Method::get || request.method == Method::head || request.only_reads;
}

std::string words_for(const Answer& answer, const std::string& origin) {
  if (const auto* failure = std::get_if<Failure>(&answer)) return failure->cause;
  return origin + " answered " + std::to_string(std::get<Response>(answer).status);
}

}  // namespace

Work::Work(Core& core, std::shared_ptr<const Request> request, std::optional<std::size_t> only, Done done)
    : core_(core),
      request_(std::move(request)),
      repeatable_(is_repeatable(*request_)),
      only_(only),
      done_(std::move(done)) {
  wish_.only = only;
}

Work::~Work() {
  if (ticket_) core_.pool.withdraw(*ticket_);
  if (lease_) core_.pool.drop(std::move(*lease_));
}

void Work::start() {
  core_.budget.count_call();
  attempt();
}

void Work::allow_retries_until(Time time) {
  retries_until_ = std::max(retries_until_, time);
}

bool Work::request_sent() const {
  return phase_ == Phase::exchanging && lease_->connection->progress().request_sent;
}

std::string Work::describe() const {
  switch (phase_) {
    case Phase::waiting:
      return "waiting for a free connection";
    case Phase::connecting:
      return "connecting to " + origin_;
    case Phase::exchanging: {
      const Progress progress = lease_->connection->progress();
      if (progress.received > 0) {
        return "reading the answer of " + origin_ + " (" + std::to_string(progress.received) +
               " bytes so far)";
      }
      return (progress.request_written ? "waiting for the answer of " : "sending the request to ") + origin_;
    }
    case Phase::backing_off:
      return "waiting to try again (" + last_trouble_ + ")";
  }
  return {};
}

void Work::blame_node() {
  if (!lease_) return;
  core_.health.failed(lease_->node);
  core_.node_failed();
}

void Work::attempt() {
  timer_.reset();
  phase_ = Phase::waiting;
  std::variant<Lease, Pool::Ticket, Pool::Full> acquired = core_.pool.acquire(wish_, [this](Lease lease) {
    ticket_.reset();
    use(std::move(lease));
  });
  if (auto* lease = std::get_if<Lease>(&acquired)) {
    use(std::move(*lease));
  } else if (const auto* ticket = std::get_if<Pool::Ticket>(&acquired)) {
    ticket_ = *ticket;
  } else {
    finish(make_failure(FailureKind::busy,
                        "all connections to " + core_.nodes.front().origin() + " are in use, and " +
                            std::to_string(core_.options.limits.waiting) + " requests are waiting already"),
           false);
  }
}

void Work::use(Lease lease) {
  ++attempts_;
  lease_ = std::move(lease);
  origin_ = core_.nodes[lease_->node].origin();
  if (lease_->reused) {
    exchange();
    return;
  }
  phase_ = Phase::connecting;
  const std::chrono::milliseconds limit = core_.options.limits.connect_timeout;
  timer_ = core_.environment.at(core_.environment.now() + limit, [this, limit] {
    connected(make_failure(FailureKind::timeout, origin_ + " did not accept a connection within " +
                                                     std::to_string(limit.count()) + " ms"));
  });
  lease_->connection->open([this](const std::optional<Failure>& failure) { connected(failure); });
}

void Work::connected(const std::optional<Failure>& failure) {
  timer_.reset();
  if (failure) {
    conclude({*failure, {}, false});
  } else {
    exchange();
  }
}

void Work::exchange() {
  std::variant<std::string_view, std::string> authorization;
  if (!request_->anonymous) authorization = core_.authorization.value();
  if (auto* problem = std::get_if<std::string>(&authorization)) {
    finish(make_failure(FailureKind::credentials, std::move(*problem)), false);
    return;
  }
  phase_ = Phase::exchanging;
  Exchange exchange;
  exchange.head = request_head(core_.nodes[lease_->node], *request_,
                               std::get<std::string_view>(authorization), core_.options.user_agent);
  exchange.body = std::shared_ptr<const std::string>(request_, &request_->body);
  exchange.body_expected = request_->method != Method::head;
  exchange.may_be_unframed = request_->method == Method::get;
  exchange.max_body = request_->max_body > 0 ? request_->max_body : core_.options.limits.body_bytes;
  // Before the exchange, whose end takes the timer away.
  if (lease_->reused && repeatable_ && !fresh_retry_used_)
    timer_ = core_.environment.at(core_.environment.now() + reused_patience,
                                  [this] { leave_silent_connection(); });
  lease_->connection->exchange(std::move(exchange), [this](ExchangeEnd end) { conclude(std::move(end)); });
}

// Once for a request: a slow server answers on the fresh connection as late as it would have on this one.
void Work::leave_silent_connection() {
  if (lease_->connection->progress().received > 0) return;
  phase_ = Phase::waiting;
  Lease lease = std::move(*lease_);
  lease_.reset();
  fresh_retry_used_ = true;
  wish_ = Pool::Wish{lease.node, std::nullopt, true};
  core_.pool.forget_idle(lease.node);
  core_.pool.drop(std::move(lease));
  attempt();
}

void Work::conclude(ExchangeEnd end) {
  timer_.reset();
  Attempt attempt;
  attempt.repeatable = repeatable_;
  attempt.reused = lease_->reused;
  attempt.request_sent = end.progress.request_sent;
  attempt.answer_began = end.progress.received > 0;
  attempt.answer = &end.answer;
  attempt.fresh_retry_used = fresh_retry_used_;
  attempt.attempts = attempts_;
  attempt.nodes = core_.nodes.size();
  const Next next = decide(attempt);

  phase_ = Phase::waiting;
  Lease lease = std::move(*lease_);
  lease_.reset();
  const std::size_t node = lease.node;
  note_health(attempt, next, node);
  if (end.reusable) {
    core_.pool.give_back(std::move(lease));
  } else {
    core_.pool.drop(std::move(lease));
  }

  wish_ = Pool::Wish{only_, std::nullopt, false};
  switch (next) {
    case Next::finish:
      break;
    case Next::fresh_connection:
      fresh_retry_used_ = true;
      wish_.only = node;
      wish_.fresh = true;
      this->attempt();
      return;
    case Next::other_node:
      wish_.rather_not = node;
      this->attempt();
      return;
    case Next::back_off:
      wish_.rather_not = node;
      if (wait_and_retry(end.answer)) return;
      break;
  }
  finish(std::move(end.answer), end.progress.request_sent);
}

void Work::note_health(const Attempt& attempt, Next next, std::size_t node) {
  if (!is_node_trouble(*attempt.answer)) {
    core_.health.succeeded(node);
    return;
  }
  const auto* failure = std::get_if<Failure>(attempt.answer);
  const bool idle_close =
      failure != nullptr && failure->kind == FailureKind::cut && attempt.reused && !attempt.answer_began;
  if (next == Next::fresh_connection || idle_close) return;  // the server's good right, no trouble
  core_.health.failed(node);
  core_.node_failed();
}

bool Work::wait_and_retry(const Answer& answer) {
  std::chrono::nanoseconds wait = backoff(retries_, core_.environment.chance());
  if (const auto* response = std::get_if<Response>(&answer); response != nullptr && response->retry_after) {
    wait += *response->retry_after;  // never earlier than asked, and not all clients at the same moment
  }
  const Time when = core_.environment.now() + std::chrono::duration_cast<Time::duration>(wait);
  if (when >= retries_until_ || !core_.budget.take_retry()) return false;
  ++retries_;
  phase_ = Phase::backing_off;
  last_trouble_ = words_for(answer, origin_);
  timer_ = core_.environment.at(when, [this] { attempt(); });
  return true;
}

void Work::finish(Answer answer, bool sent) {
  if (auto* failure = std::get_if<Failure>(&answer)) {
    if (attempts_ > 1) failure->cause += " (tried " + std::to_string(attempts_) + " times)";
    if (sent && is_change()) {
      failure->kind = FailureKind::outcome_unknown;
      failure->cause += "; whether the change was made is unknown";
    }
  }
  const Done done = std::move(done_);
  done(std::move(answer));
}

}  // namespace rest_client
