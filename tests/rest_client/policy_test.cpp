#include "catch.hpp"
#include "node_health.hpp"
#include "retry_policy.hpp"

using namespace rest_client;
using std::chrono::milliseconds;

namespace {

Answer status(int code) {
  Response response;
  response.status = code;
  return response;
}

Answer failed(FailureKind kind) {
  return make_failure(kind, "x");
}

Attempt of(const Answer& answer, bool repeatable, bool sent) {
  Attempt attempt;
  attempt.answer = &answer;
  attempt.repeatable = repeatable;
  attempt.request_sent = sent;
  return attempt;
}

bool always(std::size_t) {
  return true;
}

}  // namespace

TEST_CASE("a reused connection that dies before the first byte of the answer is replaced once") {
  const Answer cut = failed(FailureKind::cut);
  Attempt attempt = of(cut, true, true);
  attempt.reused = true;
  CHECK(decide(attempt) == Next::fresh_connection);

  SECTION("but only once") {
    attempt.fresh_retry_used = true;
  }
  SECTION("but not after the answer has begun") {
    attempt.answer_began = true;
  }
  SECTION("but not if the connection was a fresh one") {
    attempt.reused = false;
  }
  SECTION("but not for a change of which something was sent") {
    attempt.repeatable = false;
  }
  CHECK(decide(attempt) != Next::fresh_connection);
}

TEST_CASE("a change of which nothing was sent may take a fresh connection too") {
  const Answer cut = failed(FailureKind::cut);
  Attempt attempt = of(cut, false, false);
  attempt.reused = true;
  CHECK(decide(attempt) == Next::fresh_connection);
}

TEST_CASE("what is repeated after a while: reads, where it can help") {
  for (const int code : {502, 503, 504}) CHECK(decide(of(status(code), true, true)) == Next::back_off);
  for (const FailureKind kind :
       {FailureKind::refused, FailureKind::unreachable, FailureKind::unresolved, FailureKind::timeout}) {
    CHECK(decide(of(failed(kind), true, false)) == Next::back_off);
  }
  for (const int code : {200, 204, 302, 400, 401, 404, 429, 500, 501}) {
    CHECK(decide(of(status(code), true, true)) == Next::finish);
  }
  for (const FailureKind kind :
       {FailureKind::tls, FailureKind::too_large, FailureKind::malformed, FailureKind::cut}) {
    CHECK(decide(of(failed(kind), true, true)) == Next::finish);
  }
}

TEST_CASE("429 is repeated only if it says when") {
  Response response;
  response.status = 429;
  response.retry_after = std::chrono::seconds(1);
  CHECK(decide(of(response, true, true)) == Next::back_off);
}

TEST_CASE("attempts end") {
  const Answer unavailable = status(503);
  Attempt attempt = of(unavailable, true, true);
  attempt.attempts = most_attempts;
  CHECK(decide(attempt) == Next::finish);
}

TEST_CASE("a change is never repeated after it was sent, and fails over while it was not") {
  for (const int code : {502, 503, 504}) CHECK(decide(of(status(code), false, true)) == Next::finish);
  for (int kind = 0; kind <= static_cast<int>(FailureKind::outcome_unknown); ++kind) {
    const Answer answer = failed(static_cast<FailureKind>(kind));
    Attempt attempt = of(answer, false, true);
    attempt.nodes = 3;
    for (const bool reused : {false, true}) {
      attempt.reused = reused;
      INFO(to_string(static_cast<FailureKind>(kind)));
      CHECK(decide(attempt) == Next::finish);
    }
  }
  const Answer refused = failed(FailureKind::refused);
  Attempt attempt = of(refused, false, false);
  CHECK(decide(attempt) == Next::finish);
  attempt.nodes = 2;
  CHECK(decide(attempt) == Next::other_node);
  attempt.attempts = 2;
  CHECK(decide(attempt) == Next::finish);
}

TEST_CASE("full jitter: anywhere below a ceiling that doubles up to the cap") {
  CHECK(backoff(0, 0.0) == milliseconds(0));
  CHECK(backoff(0, 0.5) == backoff_base / 2);
  CHECK(backoff(3, 0.5) == backoff_base * 4);
  CHECK(backoff(6, 0.5) == backoff_cap / 2);
  CHECK(backoff(1000000, 0.999) < backoff_cap);
}

TEST_CASE("retries are at most a fifth of the calls, and a few more") {
  RetryBudget budget;
  int retries = 0;
  for (int call = 0; call < 1000; ++call) {
    budget.count_call();
    for (int i = 0; i < 10 && budget.take_retry(); ++i) ++retries;
  }
  CHECK(retries <= 1000 / 5 + 5);
  CHECK(retries >= 1000 / 5);
}

TEST_CASE("quiet times do not save up retries") {
  RetryBudget budget;
  for (int call = 0; call < 100000; ++call) budget.count_call();
  int retries = 0;
  while (retries < 100 && budget.take_retry()) ++retries;
  CHECK(retries == 5);
}

TEST_CASE("nodes take turns; one is taken out after five failures in a row") {
  NodeHealth health(3);
  CHECK(health.pick(std::nullopt, always) == 0U);
  CHECK(health.pick(std::nullopt, always) == 1U);
  CHECK(health.pick(std::nullopt, always) == 2U);
  CHECK(health.pick(std::nullopt, always) == 0U);

  for (int i = 0; i < 4; ++i) health.failed(1);
  health.succeeded(1);
  for (int i = 0; i < 4; ++i) health.failed(1);
  CHECK_FALSE(health.is_out(1));
  health.failed(1);
  CHECK(health.is_out(1));
  CHECK(health.any_out());
  for (int i = 0; i < 6; ++i) CHECK(health.pick(std::nullopt, always) != 1U);
  health.succeeded(1);
  CHECK_FALSE(health.any_out());
}

TEST_CASE("the last node is never taken out") {
  NodeHealth health(2);
  for (int i = 0; i < 20; ++i) health.failed(0);
  for (int i = 0; i < 20; ++i) health.failed(1);
  CHECK(health.is_out(0));
  CHECK_FALSE(health.is_out(1));
  health.succeeded(0);
  health.failed(1);
  CHECK(health.is_out(1));

  NodeHealth alone(1);
  for (int i = 0; i < 20; ++i) alone.failed(0);
  CHECK(alone.pick(0, always) == 0U);
}

TEST_CASE("a node to be avoided is taken only if no other has room") {
  NodeHealth health(2);
  for (int i = 0; i < 4; ++i) CHECK(health.pick(0, always) == 1U);
  CHECK(health.pick(0, [](std::size_t node) { return node == 0; }) == 0U);
  CHECK_FALSE(health.pick(0, [](std::size_t) { return false; }).has_value());
}
