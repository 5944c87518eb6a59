#include "rest_client/message.hpp"

#include <array>
#include <utility>

namespace rest_client {

std::string_view to_string(Method method) {
  constexpr std::array<std::string_view, 5> names{"GET", "HEAD", "PUT", "POST", "DELETE"};
  static_assert(static_cast<std::size_t>(Method::del) + 1 == names.size());
  return names.at(static_cast<std::size_t>(method));
}

std::string_view to_string(FailureKind kind) {
  constexpr std::array<std::string_view, 14> names{"invalid_request",
                                                   "credentials",
                                                   "busy",
                                                   "unresolved",
                                                   "refused",
                                                   "unreachable",
                                                   "tls",
                                                   "timeout",
                                                   "cut",
                                                   "too_large",
                                                   "malformed",
                                                   "cancelled",
                                                   "shutting_down",
                                                   "outcome_unknown"};
  static_assert(static_cast<std::size_t>(FailureKind::outcome_unknown) + 1 == names.size());
  return names.at(static_cast<std::size_t>(kind));
}

Failure make_failure(FailureKind kind, std::string cause) {
  return Failure{kind, std::move(cause), kind};
}

}  // namespace rest_client
