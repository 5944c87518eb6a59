#include "retry_policy.hpp"

#include <algorithm>

namespace rest_client {
namespace {

bool is_worth_repeating(const Response& response) {
  // 429 says when to come back; without that there is no telling whether repeating helps.
  return response.status == 502 || response.status == 503 || response.status == 504 ||
         (response.status == 429 && response.retry_after);
}

}  // namespace

void RetryBudget::count_call() {
  credit_ = std::min(credit_ + 1, free_retries * retry_cost);
}

bool RetryBudget::take_retry() {
  if (credit_ < retry_cost) return false;
  credit_ -= retry_cost;
  return true;
}

std::chrono::milliseconds backoff(std::size_t retry, double chance) {
  auto ceiling = backoff_base;
  for (std::size_t i = 0; i < retry && ceiling < backoff_cap; ++i) ceiling *= 2;
  ceiling = std::min(ceiling, backoff_cap);
  return std::chrono::milliseconds(static_cast<long>(static_cast<double>(ceiling.count()) * chance));
}

bool is_connect_failure(FailureKind kind) {
  return kind == FailureKind::refused || kind == FailureKind::unreachable ||
         kind == FailureKind::unresolved || kind == FailureKind::timeout;
}

bool is_node_trouble(const Answer& answer) {
  if (const auto* response = std::get_if<Response>(&answer)) {
    return response->status == 502 || response->status == 503 || response->status == 504;
  }
  const FailureKind kind = std::get<Failure>(answer).kind;
  return is_connect_failure(kind) || kind == FailureKind::tls || kind == FailureKind::cut ||
         kind == FailureKind::malformed;
}

Next decide(const Attempt& attempt) {
  if (const auto* response = std::get_if<Response>(attempt.answer)) {
    const bool again =
        attempt.repeatable && is_worth_repeating(*response) && attempt.attempts < most_attempts;
    return again ? Next::back_off : Next::finish;
  }
  const Failure& failure = std::get<Failure>(*attempt.answer);
  const bool may_repeat = attempt.repeatable || !attempt.request_sent;

  // A server may close an idle connection at any moment, also while a request is on its way.
  if (failure.kind == FailureKind::cut && attempt.reused && !attempt.answer_began && may_repeat &&
      !attempt.fresh_retry_used) {
    return Next::fresh_connection;
  }
  if (!attempt.request_sent && is_connect_failure(failure.kind) && attempt.attempts < most_attempts) {
    if (attempt.repeatable) return Next::back_off;
    if (attempt.attempts < attempt.nodes) return Next::other_node;
  }
  return Next::finish;
}

}  // namespace rest_client
