#include "rest_client/url.hpp"

#include <algorithm>
#include <boost/url/encode.hpp>
#include <boost/url/grammar/ci_string.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url_view.hpp>

namespace rest_client {
namespace {

namespace urls = boost::urls;

constexpr std::size_t max_host_bytes = 253;  // RFC 1035

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_host_name(std::string_view host) {
  return !host.empty() && host.size() <= max_host_bytes && std::all_of(host.begin(), host.end(), [](char c) {
    return is_alphanumeric(c) || c == '-' || c == '.' || c == '_';
  });
}

bool is_visible_ascii(char c) {
  return c > 0x20 && c < 0x7f;
}

// Servers resolve "." and "..", also spelled with %2e, and the request would hit something else. Segment by
// segment, as url_view::segments() leaves a leading "." out.
bool has_dot_segment(const urls::url_view& url) {
  std::string_view rest = url.encoded_path();
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string segment = urls::pct_string_view(rest.substr(0, end)).decode();
    if (segment == "." || segment == "..") return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

// Whether it took only a part of the authority for one: then a path follows that does not begin with '/'.
bool is_torn(const urls::url_view& url) {
  const std::string_view path = url.encoded_path();
  return !path.empty() && path.front() != '/';
}

std::string lowered(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = urls::grammar::to_lower(c);
  return result;
}

// The host of an address as BaseUrl has it; empty: it is none.
std::string host_of(const urls::url_view& url) {
  const bool numbers = url.host_type() == urls::host_type::ipv6;
  if (!numbers && !is_host_name(url.encoded_host())) return {};
  return lowered(url.encoded_host_address());
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
  const std::string start = lowered(text.substr(0, 8));
  if (start != "https://" && !start.starts_with("http://")) {
    return UrlProblem{"the address must begin with http:// or https://"};
  }
  std::string source(text);
  auto parsed = urls::parse_uri(source);
  // Before Boost 1.83 the beginning of "10.0.0.1.example" is an address: a letter makes the whole a name.
  const bool marked = parsed && is_torn(*parsed);
  if (marked) parsed = urls::parse_uri(source.insert(source.find("://") + 3, 1, 'x'));
  if (parsed ? parsed->has_userinfo() : text.find('@') != std::string_view::npos) {
    return UrlProblem{"the address holds a user name or password; give them as credentials instead"};
  }
  if (!parsed || is_torn(*parsed)) return UrlProblem{"the address is not a valid URL"};
  if (parsed->has_query() || parsed->has_fragment()) {
    return UrlProblem{"the address must not have a query or a fragment"};
  }
  if (has_dot_segment(*parsed)) return UrlProblem{"the path of the address must not have . or .. in it"};
  BaseUrl url;
  url.tls = parsed->scheme_id() == urls::scheme::https;
  url.host = host_of(*parsed);
  if (marked && !url.host.empty()) url.host.erase(0, 1);
  if (url.host.empty()) return UrlProblem{"the address has no valid host name"};
  url.port = url.tls ? 443 : 80;
  if (parsed->has_port()) {
    url.port = parsed->port_number();
    if (url.port == 0) return UrlProblem{"the port of the address must be a number from 1 to 65535"};
  }
  url.path = std::string(std::string_view(parsed->encoded_path()));
  while (url.path.ends_with('/')) url.path.pop_back();
  return url;
}

std::string encode(std::string_view text) {
  return urls::encode(text, urls::unreserved_chars);
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
  const auto parsed = urls::parse_origin_form(target);
  if (!parsed)
    return "the target has a % without two hexadecimal digits, or a character that must be encoded";
  if (has_dot_segment(*parsed)) return "the target has a . or .. segment";
  return {};
}

bool fits_in_header(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace rest_client
