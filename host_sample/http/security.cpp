#include "http/security.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

#include "base/random.hpp"

namespace host::http {
namespace {

std::string derived(const std::string& token) {
  static constexpr std::string_view purpose = "session of the page";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), token.data(), static_cast<int>(token.size()),
           reinterpret_cast<const unsigned char*>(purpose.data()), purpose.size(), digest.data(),
           &size) == nullptr)
    throw std::runtime_error{"no HMAC from OpenSSL"};
  std::string hex;
  constexpr char digits[] = "0123456789abcdef";
  for (unsigned i = 0; i < size; ++i) {
    hex += digits[digest[i] >> 4];
    hex += digits[digest[i] & 15];
  }
  return hex;
}

}  // namespace

Security::Security(std::string token, std::uint16_t port)
    : token_(std::move(token)), session_(derived(token_)), port_(std::to_string(port)) {}

std::string Security::why_refused(const Request& request) const {
  const std::string host{request.header("host")};
  if (host != "127.0.0.1:" + port_ && host != "localhost:" + port_)
    return "This host is 127.0.0.1:" + port_ + "; the request was for another name.";
  const auto site = request.header("sec-fetch-site");
  const bool navigation = site == "none" && request.method == "GET";
  if (!site.empty() && site != "same-origin" && !navigation) return "Another site's page may not ask here.";
  if (request.header_count("sec-fetch-site") > 1 || request.header_count("origin") > 1)
    return "A header stands twice.";
  if (request.method == "GET" || request.method == "HEAD") return {};
  const bool browser = !site.empty() || request.header_count("origin") != 0;
  if (browser && request.header("origin") != "http://" + host)
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
  return same_secret(given, session_) || same_secret(given, token_);
}

bool Security::is_token(const std::string& token) const {
  return same_secret(token, token_);
}

}  // namespace host::http
