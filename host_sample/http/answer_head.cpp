// What stands before the body of an answer: the status line, the answer's own headers, and the headers that
// protect every answer, whoever gives it.
#include <algorithm>
#include <array>

#include "http/connection.hpp"

namespace host::http {
namespace {

// An answer that says one of these itself, as the page does, has its own.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> on_every_answer{{
    {"X-Content-Type-Options", "nosniff"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Referrer-Policy", "no-referrer"},
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
}};

std::string_view reason_phrase(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 421:
      return "Misdirected Request";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 499:
      return "Cancelled";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Answer";
  }
}

}  // namespace

std::string head_of(const Response& response, std::optional<std::size_t> length, bool keep_alive,
                    Framing framing) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head += reason_phrase(response.status);
  head += "\r\n";
  const auto add = [&head](std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
  };
  for (const auto& [name, value] : response.headers) add(name, value);
  for (const auto& [name, value] : on_every_answer)
    if (std::none_of(response.headers.begin(), response.headers.end(),
                     [name = name](const auto& header) { return header.first == name; }))
      add(name, value);
  if (!length) {
    if (framing == Framing::chunked) add("Transfer-Encoding", "chunked");
  } else if (response.status != 204 && response.status != 304) {
    add("Content-Length", std::to_string(*length));
  }
  add("Connection", keep_alive ? "keep-alive" : "close");
  return head + "\r\n";
}

Response plain_refusal(unsigned status, std::string_view why) {
  Response response;
  response.status = status;
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
  response.body = std::string{why} + "\n";
  return response;
}

}  // namespace host::http
