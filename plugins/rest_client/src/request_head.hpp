// The bytes of a request before its body. Pure; any thread.
#pragma once

#include <string_view>

#include "rest_client/message.hpp"
#include "rest_client/url.hpp"
#include "secret.hpp"

namespace rest_client {

// Request line and fields. All parts must have been checked before: nothing is escaped here.
// It is a secret because it holds the authorization.
Secret request_head(const BaseUrl& node, const Request& request, std::string_view authorization,
                    std::string_view user_agent);

// What is wrong with a request, in words; empty if nothing is.
std::string problem_of(const Request& request, std::size_t target_bytes);

}  // namespace rest_client
