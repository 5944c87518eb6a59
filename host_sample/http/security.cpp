#include "http/security.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/hash.hpp"
#include "base/secret.hpp"

namespace host::http {
namespace {

constexpr auto counted_for = std::chrono::minutes{1};
constexpr std::size_t most_counted = 1000;
constexpr std::size_t free_tries = 10;   // a minute: old tabs, a link from yesterday
constexpr std::size_t many_tries = 100;  // a minute: somebody guesses
constexpr auto short_wait = std::chrono::milliseconds{1000};
constexpr auto long_wait = std::chrono::milliseconds{5000};

std::string derived(const std::string& token, const std::string& host_secret) {
  const auto purpose = "session of the page at " + host_secret;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), token.data(), static_cast<int>(token.size()),
           reinterpret_cast<const unsigned char*>(purpose.data()), purpose.size(), digest.data(),
           &size) == nullptr)
    throw std::runtime_error{"no HMAC from OpenSSL"};
  return hex_text(std::span{digest}.first(size));
}

}  // namespace

Security::Security(Access access, std::uint16_t port)
    : access_(std::move(access)), session_(derived(access_.token, access_.host_secret)) {
  const auto own_port = ":" + std::to_string(port);
  names_ = {"127.0.0.1" + own_port, "localhost" + own_port};
  for (const auto& name : access_.names) names_.push_back(name);
}

bool Security::is_for_us(const Request& request) const {
  return std::find(names_.begin(), names_.end(), request.header("host")) != names_.end();
}

std::string Security::why_not_for_us(const Request& request) const {
  return "This host is " + names_.front() + "; the request was for \"" + std::string{request.header("host")} +
         "\". If that is an address of yours, such as a forwarded port or a proxy, name it: --name "
         "NAME:PORT, "
         "or names = [\"NAME:PORT\"] in the configuration.";
}

std::string Security::why_refused(const Request& request) const {
  const std::string host{request.header("host")};
  const auto site = request.header("sec-fetch-site");
  const bool navigation = site == "none" && request.method == "GET";
  if (!site.empty() && site != "same-origin" && !navigation) return "Another site's page may not ask here.";
  if (request.header_count("sec-fetch-site") > 1 || request.header_count("origin") > 1)
    return "A header stands twice.";
  if (request.method == "GET" || request.method == "HEAD") return {};
  const bool browser = !site.empty() || request.header_count("origin") != 0;
  const auto origin = request.header("origin");
  // A proxy that ends TLS has the page's address in front of it, not this host.
  const bool proxied = std::find(access_.names.begin(), access_.names.end(), host) != access_.names.end();
  if (browser && origin != "http://" + host && !(proxied && origin == "https://" + host))
    return "A change has to come from the host's own page.";
  if (request.body.empty() && request.method == "DELETE") return {};
  const auto type = request.header("content-type");
  if (type != "application/json" && type.substr(0, 17) != "application/json;")
    return "A change has to be application/json.";
  return {};
}

bool Security::authorized(const Request& request) const {
  const std::string value{request.header("authorization")};
  constexpr std::string_view scheme = "Bearer ";
  if (value.compare(0, scheme.size(), scheme) != 0) return false;
  const auto given = value.substr(scheme.size());
  return same_secret(given, session_) || same_secret(given, access_.token);
}

bool Security::is_token(const std::string& token) const {
  return same_secret(token, access_.token);
}

std::chrono::milliseconds Security::wrong_one(std::chrono::steady_clock::time_point now) {
  while (!wrong_.empty() && (now - wrong_.front() > counted_for || wrong_.size() >= most_counted))
    wrong_.pop_front();
  wrong_.push_back(now);
  if (wrong_.size() <= free_tries) return std::chrono::milliseconds{0};
  return wrong_.size() <= many_tries ? short_wait : long_wait;
}

}  // namespace host::http
