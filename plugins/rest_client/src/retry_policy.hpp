// What to do after an attempt: pure decisions, no clock and no chance of their own. One thread at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <variant>

#include "rest_client/message.hpp"

namespace rest_client {

inline constexpr std::size_t most_attempts = 4;  // of one request, failovers and the first one included
inline constexpr std::chrono::milliseconds backoff_base{100};
inline constexpr std::chrono::milliseconds backoff_cap{5000};

// How long a read waits for the first byte on a connection that was used before. Something between may have
// forgotten such a connection without a word, while a fresh one works.
inline constexpr std::chrono::seconds reused_patience{5};

// Retries may be a fifth of the calls, so that a cluster in trouble is not asked several times as much. A
// client that asks rarely may still retry now and then: a few are free.
class RetryBudget {
 public:
  void count_call();
  bool take_retry();  // false: the budget is used up

 private:
  static constexpr int retry_cost = 5;  // one retry is paid by five calls
  static constexpr int free_retries = 5;
  int credit_ = free_retries * retry_cost;  // never above its start
};

// Full jitter: anywhere between nothing and base * 2^retry, capped. `chance` is in [0, 1).
std::chrono::milliseconds backoff(std::size_t retry, double chance);

// How an attempt ended.
struct Attempt {
  bool repeatable = false;    // GET, HEAD, or a request that says it only reads
  bool reused = false;        // on a connection that had carried a request before
  bool request_sent = false;  // at least a byte of the request may have left
  bool answer_began = false;  // at least a byte of the answer has come
  const Answer* answer = nullptr;

  bool fresh_retry_used = false;  // this request has already had its retry on a fresh connection
  std::size_t attempts = 1;       // so far, this one included
  std::size_t nodes = 1;          // of the cluster
};

enum class Next {
  finish,            // the answer is the result
  fresh_connection,  // at once again, on a new connection to the same node
  other_node,        // at once again, on another node
  back_off,          // again after a while, if the budget and the deadline allow it
};

Next decide(const Attempt& attempt);

// The connection could not be made: nothing of a request was sent.
bool is_connect_failure(FailureKind kind);

// The answer says that the node, not the request, has a problem.
bool is_node_trouble(const Answer& answer);

}  // namespace rest_client
