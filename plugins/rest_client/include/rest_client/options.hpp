// How a client is set up. Plain values; the client takes them over and wipes the secrets in them when it
// closes.
#pragma once

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace rest_client {

struct NoCredentials {};

struct BasicCredentials {
  std::string user;  // without ':' (RFC 7617)
  std::string password;
};

struct BearerToken {
  std::string token;
};

// The file holds the token and nothing else but blank space at its ends; it is read again whenever it has
// changed. Replace it by renaming: a file that is missing or empty when a call needs it fails that call.
struct BearerTokenFile {
  std::string path;
};

using Credentials = std::variant<NoCredentials, BasicCredentials, BearerToken, BearerTokenFile>;

// PEM files, read once. Certificate and host name of the server are always verified.
struct TlsFiles {
  std::string authorities;         // trusted instead of the system's; empty: the system's
  std::string client_certificate;  // chain; empty: none
  std::string client_key;          // without passphrase; together with client_certificate
};

struct Limits {
  std::size_t connections_per_node = 8;
  std::size_t waiting = 256;           // requests waiting for a connection
  std::size_t calls = 1024;            // calls without an answer yet, joined ones included
  std::size_t target_bytes = 8000;     // servers commonly accept 8 kB of request line and fields together
  std::size_t header_bytes = 16384;    // of an answer
  std::size_t body_bytes = 8U << 20U;  // of an answer, where the request says nothing else
  std::chrono::milliseconds connect_timeout{3000};  // to have a connection, TLS included
  std::chrono::milliseconds idle{30000};  // an unused connection is closed after this; servers close at 60 s
};

struct Options {
  std::vector<std::string> nodes;  // base URLs of the servers of one cluster, at least one, at most max_nodes
  Credentials credentials;
  TlsFiles tls;
  Limits limits;
  bool join_identical_gets = true;  // identical GETs in flight of this client share one exchange
  std::string user_agent = "cockpit-rest-client";
  std::string probe_target = "/";  // GET on it tells whether a node that was taken out is back
};

inline constexpr std::size_t max_nodes = 32;
inline constexpr std::chrono::milliseconds max_idle{59000};

// The options cannot work; what() says why, for a person, and holds no secret.
struct InvalidOptions : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

}  // namespace rest_client
