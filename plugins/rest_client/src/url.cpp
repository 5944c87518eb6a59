#include "rest_client/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace rest_client {
namespace {

constexpr std::size_t max_host_bytes = 253;  // RFC 1035

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_host_name(std::string_view host) {
  return !host.empty() && host.size() <= max_host_bytes && std::all_of(host.begin(), host.end(), [](char c) {
    return is_alphanumeric(c) || c == '-' || c == '.' || c == '_';
  });
}

bool is_ipv6_text(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.';
  });
}

std::optional<std::uint16_t> port_of(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size() || port == 0) return std::nullopt;
  return port;
}

bool is_visible_ascii(char c) {
  return c > 0x20 && c < 0x7f;
}

// "." and "..", also spelled with %2e: servers resolve them, and the request would hit something else.
bool is_dot_segment(std::string_view segment) {
  std::size_t dots = 0;
  while (!segment.empty()) {
    if (segment.front() == '.') {
      segment.remove_prefix(1);
    } else if (segment.size() >= 3 && lowered(segment.substr(0, 3)) == "%2e") {
      segment.remove_prefix(3);
    } else {
      return false;
    }
    ++dots;
  }
  return dots == 1 || dots == 2;
}

bool has_dot_segment(std::string_view path) {
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (is_dot_segment(path.substr(0, end))) return true;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return false;
}

}  // namespace

std::string BaseUrl::authority() const {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  std::string result;
  if (is_ipv6) result += '[';
  result += host;
  if (is_ipv6) result += ']';
  if (port != (tls ? 443 : 80)) {
    result += ':';
    result += std::to_string(port);
  }
  return result;
}

std::string BaseUrl::origin() const {
  return (tls ? "https://" : "http://") + authority();
}

std::variant<BaseUrl, UrlProblem> parse_base_url(std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), is_visible_ascii)) {
    return UrlProblem{"the address has characters that do not belong into one (blanks, controls, non-ASCII)"};
  }
  BaseUrl url;
  const std::string start = lowered(text.substr(0, 8));
  if (start == "https://") {
    url.tls = true;
    text.remove_prefix(8);
  } else if (start.starts_with("http://")) {
    text.remove_prefix(7);
  } else {
    return UrlProblem{"the address must begin with http:// or https://"};
  }
  const std::size_t host_end = std::min(text.find_first_of("/?#"), text.size());
  std::string_view authority = text.substr(0, host_end);
  std::string_view path = text.substr(host_end);
  if (authority.find('@') != std::string_view::npos) {
    return UrlProblem{"the address holds a user name or password; give them as credentials instead"};
  }
  if (path.find_first_of("?#") != std::string_view::npos) {
    return UrlProblem{"the address must not have a query or a fragment"};
  }
  if (has_dot_segment(path)) return UrlProblem{"the path of the address must not have . or .. in it"};

  std::string_view port_text;
  bool has_port = false;
  if (authority.starts_with('[')) {
    const std::size_t bracket = authority.find(']');
    if (bracket == std::string_view::npos) return UrlProblem{"the address has a [ without its ]"};
    url.host = lowered(authority.substr(1, bracket - 1));
    if (!is_ipv6_text(url.host)) return UrlProblem{"the address has no IPv6 address between [ and ]"};
    authority.remove_prefix(bracket + 1);
    if (!authority.empty() && authority.front() != ':') return UrlProblem{"the address has text after the ]"};
    has_port = !authority.empty();
    if (has_port) port_text = authority.substr(1);
  } else {
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    url.host = lowered(authority.substr(0, colon));
    if (!is_host_name(url.host)) return UrlProblem{"the address has no valid host name"};
    has_port = colon < authority.size();
    if (has_port) port_text = authority.substr(colon + 1);
  }
  url.port = url.tls ? 443 : 80;
  if (has_port) {
    const std::optional<std::uint16_t> port = port_of(port_text);
    if (!port) return UrlProblem{"the port of the address must be a number from 1 to 65535"};
    url.port = *port;
  }
  while (path.ends_with('/')) path.remove_suffix(1);
  url.path = path;
  return url;
}

std::string encode(std::string_view text) {
  constexpr std::array<char, 16> digits{'0', '1', '2', '3', '4', '5', '6', '7',
                                        '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    if (is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      result += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      result += '%';
      result += digits[byte >> 4U];
      result += digits[byte & 15U];
    }
  }
  return result;
}

std::string problem_of_target(std::string_view target, std::size_t max_bytes) {
  if (!target.starts_with('/')) return "the target must begin with /";
  if (target.size() > max_bytes) {
    return "the target has " + std::to_string(target.size()) + " bytes; " + std::to_string(max_bytes) +
           " are allowed";
  }
  const auto bad =
      std::find_if(target.begin(), target.end(), [](char c) { return !is_visible_ascii(c) || c == '#'; });
  if (bad != target.end()) {
    return "the target has a character at position " + std::to_string(bad - target.begin()) +
           " that must be percent-encoded";
  }
  if (has_dot_segment(target.substr(0, target.find('?')))) return "the target has a . or .. segment";
  return {};
}

bool fits_in_header(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace rest_client
