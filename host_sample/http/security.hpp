// Who may ask: the checks every request passes before it is handled.
//
// Loopback is no boundary: any page in the same browser can reach it. So there is no cookie; data is given
// only against a bearer token, under the host's own name, and never to another site's page. I/O thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "http/server.hpp"

namespace host::http {

// What opens the host, and under which names.
struct Access {
  std::string token;  // the access token in the address that was printed
  // Known to this host alone, kept over its restarts: a session of another host with the same token is
  // refused.
  std::string host_secret;
  // Names it has behind a forwarded port or a proxy, as "name" or "name:port", besides 127.0.0.1 and
  // localhost with its own port.
  std::vector<std::string> names;
};

class Security {
 public:
  Security(Access access, std::uint16_t port);

  // Why a request is refused whatever it asks (another site's page, a change from elsewhere); empty: go on.
  std::string why_refused(const Request& request) const;
  // Whether it asks for this host, by one of its names. A request with another one is answered by nothing but
  // its refusal: a web page may have any name point here.
  bool is_for_us(const Request& request) const;
  // How the name that was asked for is made one of ours, for the person who forwarded a port.
  std::string why_not_for_us(const Request& request) const;

  // Whether it carries the session or the access token.
  bool authorized(const Request& request) const;
  bool is_token(const std::string& token) const;
  // The session that the token is exchanged for: good at this host, as long as the token is.
  const std::string& session() const { return session_; }

  // How long the refusal of a wrong token or session waits, counting it: at once for the first few of a
  // minute, longer the more there are. The right one never waits.
  std::chrono::milliseconds wrong_one(std::chrono::steady_clock::time_point now);

 private:
  Access access_;
  std::string session_;
  std::vector<std::string> names_;                           // all, with the port where one is needed
  std::deque<std::chrono::steady_clock::time_point> wrong_;  // of the last minute, bounded
};

}  // namespace host::http
