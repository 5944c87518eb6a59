#include "rest_client/message.hpp"

namespace rest_client {

std::string_view to_string(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::put:
      return "PUT";
    case Method::post:
      return "POST";
    case Method::del:
      return "DELETE";
  }
  return "?";
}

std::string_view to_string(FailureKind kind) {
  switch (kind) {
    case FailureKind::invalid_request:
      return "invalid_request";
    case FailureKind::credentials:
      return "credentials";
    case FailureKind::busy:
      return "busy";
    case FailureKind::unresolved:
      return "unresolved";
    case FailureKind::refused:
      return "refused";
    case FailureKind::unreachable:
      return "unreachable";
    case FailureKind::tls:
      return "tls";
    case FailureKind::timeout:
      return "timeout";
    case FailureKind::cut:
      return "cut";
    case FailureKind::too_large:
      return "too_large";
    case FailureKind::malformed:
      return "malformed";
    case FailureKind::cancelled:
      return "cancelled";
    case FailureKind::shutting_down:
      return "shutting_down";
    case FailureKind::outcome_unknown:
      return "outcome_unknown";
  }
  return "?";
}

Failure make_failure(FailureKind kind, std::string cause) {
  return Failure{kind, std::move(cause), kind};
}

}  // namespace rest_client
