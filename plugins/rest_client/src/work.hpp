// One request on its way to one answer: its attempts, retries and failovers. Has no deadline of its own:
// whoever waits for the answer destroys the work when the time is over. Thread: the client's.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core.hpp"

namespace rest_client {

class Work {
 public:
  using Done = std::function<void(Answer)>;

  // `only`: the one node to ask, even if it is out.
  Work(Core& core, std::shared_ptr<const Request> request, std::optional<std::size_t> only, Done done);
  ~Work();
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  // `done` is called once, possibly from inside; it may destroy the work.
  void start();

  // No retry begins at or after this time; only ever moved to later.
  void allow_retries_until(Time time);

  bool is_change() const { return !repeatable_; }
  // A change was sent, at least in part, and may take effect.
  bool may_have_taken_effect() const { return is_change() && request_sent(); }
  std::string describe() const;  // what it is doing, for a person: "connecting to http://engine:8080"
  void blame_node();             // it kept the request until the deadline

 private:
  enum class Phase { waiting, connecting, exchanging, backing_off };

  bool request_sent() const;
  void attempt();
  void use(Lease lease);
  void connected(const std::optional<Failure>& failure);
  void exchange();
  void leave_silent_connection();
  void conclude(ExchangeEnd end);
  void note_health(const Attempt& attempt, Next next, std::size_t node);
  bool wait_and_retry(const Answer& answer);
  void finish(Answer answer, bool sent);

  Core& core_;
  const std::shared_ptr<const Request> request_;
  const bool repeatable_;
  const std::optional<std::size_t> only_;
  Done done_;
  Pool::Wish wish_;
  Time retries_until_{};

  Phase phase_ = Phase::waiting;
  std::string origin_;
  std::string last_trouble_;
  std::optional<Pool::Ticket> ticket_;
  std::optional<Lease> lease_;
  std::unique_ptr<Timer> timer_;
  std::size_t attempts_ = 0;
  std::size_t retries_ = 0;
  bool fresh_retry_used_ = false;
};

}  // namespace rest_client
