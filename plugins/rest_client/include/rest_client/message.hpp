// What is asked of a server and what comes of it. Plain values: no thread, no owner but the holder.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace rest_client {

enum class Method { get, head, put, post, del };

std::string_view to_string(Method method);

struct Request {
  Method method = Method::get;

  // Path and query below the base URL of the nodes ("/batch/statistics?maxResults=50"). Begins with '/',
  // already percent-encoded (see encode() in url.hpp), without dot segments, at most Limits::target_bytes
  // long.
  std::string target;

  std::string body;
  std::string content_type = "application/json";  // of the body; sent only together with one
  std::string accept = "application/json";

  // When the answer must be there at the latest: waiting for a connection, connecting, retries and reading
  // all count. A deadline that has passed (as the default has) fails with FailureKind::timeout, nothing sent.
  std::chrono::steady_clock::time_point deadline{};

  std::string traceparent;   // W3C Trace Context, sent on as it is; empty: none
  std::size_t max_body = 0;  // bytes of answer body that are accepted; 0: Limits::body_bytes
  bool only_reads = false;   // a POST that changes nothing (a query too long for a URL): repeated like a GET
  bool anonymous = false;    // without the client's credentials
  bool may_join = true;      // false: this GET shall not share the exchange of an identical one in flight
};

struct Response {
  int status = 0;            // any final status from 200 to 999: redirects are answers, they are not followed
  std::string content_type;  // as sent, may be empty
  std::string body;          // whole (see possibly_cut)
  std::string location;      // of a redirect: where to, as sent; printable characters only
  std::optional<std::chrono::seconds> retry_after;  // from now; dates are already turned into a distance
  std::optional<std::chrono::sys_seconds> date;     // the server's clock, if it sent a valid Date field

  // The server marked the end of the body by closing the connection, so nobody can tell it from a cut one.
  // Only for statuses from 300 on that are not JSON; every other such answer is a Failure.
  bool possibly_cut = false;
};

enum class FailureKind {
  invalid_request,  // the request breaks a rule stated above: nothing was sent
  credentials,      // the token file cannot be used: nothing was sent
  busy,             // a limit of this client is reached: nothing was sent
  unresolved,       // the host name has no address
  refused,          // nobody listens there
  unreachable,      // connecting failed in another way
  tls,              // no trustworthy encrypted connection
  timeout,          // the deadline (or Limits::connect_timeout) passed
  cut,              // the connection ended before the whole answer was there
  too_large,        // the answer is larger than was allowed
  malformed,        // the answer is not valid HTTP, or its end cannot be known
  cancelled,        // by cancel()
  shutting_down,    // by close()
  outcome_unknown,  // a change was sent, and no whole answer came: read the state back before doing it again
};

std::string_view to_string(FailureKind kind);

struct Failure {
  FailureKind kind = FailureKind::malformed;
  std::string cause;  // for a person: names the host and what happened; holds no secret
  // What made the outcome unknown; the same as `kind` for all other kinds.
  FailureKind underlying = FailureKind::malformed;
};

Failure make_failure(FailureKind kind, std::string cause);

using Answer = std::variant<Response, Failure>;
using Callback = std::function<void(Answer)>;

}  // namespace rest_client
