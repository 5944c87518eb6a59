// Addresses: base URLs of servers, and text made fit to stand in a target. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace rest_client {

struct BaseUrl {
  bool tls = false;
  std::string host;  // lower case; an IPv6 address without its brackets
  std::uint16_t port = 0;
  std::string path;  // "" or "/engine-rest": begins with '/', does not end with one

  std::string authority() const;  // for the Host field: port left out where it is the scheme's own
  std::string origin() const;     // for messages: "https://engine:8443"
};

struct UrlProblem {
  std::string cause;  // never repeats the address: it may hold a password
};

// http:// and https:// only. User names and passwords, queries and fragments are refused.
std::variant<BaseUrl, UrlProblem> parse_base_url(std::string_view text);

// Percent-encodes all but RFC 3986's unreserved characters: for one path segment or one query value.
std::string encode(std::string_view text);

// What is wrong with a request target, in words; empty if nothing is.
std::string problem_of_target(std::string_view target, std::size_t max_bytes);

// True if the text may stand in a header field: no control characters, ASCII only.
bool fits_in_header(std::string_view text);

}  // namespace rest_client
