// Who may ask: the checks every request passes before anybody looks at what it wants.
//
// Loopback is no boundary: any page in the same browser can reach it. So there is no cookie; data is given
// only against a bearer token, under the host's own name, and never to another site's page.
#pragma once

#include <cstdint>
#include <string>

#include "http/server.hpp"

namespace host::http {

class Security {
 public:
  // `token`: the access token in the address that was printed.
  Security(std::string token, std::uint16_t port);

  // Why a request is refused whatever it asks (another Host, another site's page, a change from elsewhere);
  // empty: go on.
  std::string why_refused(const Request& request) const;
  // Whether it carries the session or the access token.
  bool authorized(const Request& request) const;
  bool is_token(const std::string& token) const;
  // The session that the token is exchanged for: good as long as the token is.
  const std::string& session() const { return session_; }

 private:
  std::string token_;
  std::string session_;
  std::string port_;
};

}  // namespace host::http
