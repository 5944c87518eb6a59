// A request and an answer of the demo engine without any network type. Plain data.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace demo_engine {

struct Request {
  std::string method;
  std::string target;  ///< As in the request line: path and query, still percent-encoded.
  std::string accept;  ///< Empty when the header is missing; the same for the next two.
  std::string content_type;
  std::string authorization;
  std::string body;
};

struct Answer {
  unsigned status = 200;
  std::string content_type;  ///< Empty: no such header.
  std::string body;
  std::string allow;       ///< For OPTIONS.
  bool no_cache = false;   ///< Engines send `Cache-Control: no-cache` with answers to GET.
  bool challenge = false;  ///< `WWW-Authenticate: Basic realm="default"`
  bool close = false;      ///< The server behind engines closes after 400 and 500.
  std::chrono::milliseconds clock_ahead{
      0};  ///< Of the wall's: what the Date field says is the server's clock.
};

/// What a request fails with, thrown and caught inside the router only.
struct Refusal {
  Answer answer;
};

inline constexpr const char* kJsonType = "application/json";
inline constexpr const char* kTextType = "text/plain";

/// The engine's error body; `code` null unless given.
Refusal refusal(unsigned status, const std::string& type, const std::string& message,
                std::optional<int> code = std::nullopt);
inline constexpr const char* kInvalidRequest = "InvalidRequestException";

/// The server's own page for requests it does not pass on to the engine.
Answer html_bad_request();

}  // namespace demo_engine
