// The host's HTTP side for a test: a site on a port of its own, and a client that is a raw socket.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "bench.hpp"
#include "http/api.hpp"

namespace bench {

using nlohmann::json;

inline const std::string token = "the-token-of-this-test";

struct Answer {
  int status = 0;
  std::string head, body;
  json as_json() const { return json::parse(body); }
};

struct Site {
  explicit Site(const std::string& plugin = "well_behaved", host::http::ServerLimits limits = {}) {
    if (!plugin.empty()) bench.drop(plugin);
    api.emplace(bench.io, *bench.service,
                host::http::Access{token, "a host of the tests", {"forwarded.example:18090"}});
    server.emplace(bench.io, std::uint16_t{0}, limits,
                   [this](const std::shared_ptr<host::http::Exchange>& exchange) { api->handle(exchange); });
    api->listen_on(server->port());
    bench.start();
  }
  ~Site() { bench.stop(); }  // the I/O context is not turned once the HTTP side is gone
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;
  std::string name() const { return "127.0.0.1:" + std::to_string(server->port()); }

  Bench bench;
  std::optional<host::http::Api> api;
  std::optional<host::http::Server> server;
};

// One connection, as bytes.
class Client {
 public:
  explicit Client(Site& site) : site_(site), socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(site.server->port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::fcntl(socket_, F_SETFL, O_NONBLOCK) == 0);
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Sends as much as the host takes; a host that has closed takes no more.
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count < 0 && errno != EAGAIN) return;
      if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
      read_some();
      turn();
    }
  }
  bool closed() const { return closed_; }
  const std::string& bytes() const { return bytes_; }
  void until(const std::function<bool()>& condition) {
    site_.bench.until([&] {
      read_some();
      return condition();
    });
  }
  void until_closed() {
    until([this] { return closed_; });
  }

  // The next answer of a Content-Length.
  Answer answer() {
    std::size_t end = std::string::npos;
    std::size_t length = 0;
    until([&] {
      end = bytes_.find("\r\n\r\n");
      if (end == std::string::npos) return closed_;
      const auto at = bytes_.find("Content-Length: ");
      length = at < end ? std::stoul(bytes_.substr(at + 16)) : 0;
      return bytes_.size() >= end + 4 + length || closed_;
    });
    Answer answer;
    if (end == std::string::npos || bytes_.size() < end + 4 + length) return answer;
    answer.head = bytes_.substr(0, end);
    answer.status = std::stoi(answer.head.substr(9, 3));
    answer.body = bytes_.substr(end + 4, length);
    bytes_.erase(0, end + 4 + length);
    return answer;
  }
  Answer ask(std::string_view request) {
    send(request);
    return answer();
  }
  int descriptor() const { return socket_; }
  // What is due now is done, and what came is read; waits for nothing.
  void settle() {
    turn();
    read_some();
  }

 private:
  void turn() {
    site_.bench.io.restart();
    site_.bench.io.poll();
  }
  void read_some() {
    char block[16384];
    while (!closed_) {
      const auto count = ::recv(socket_, block, sizeof block, 0);
      if (count < 0 && errno == EAGAIN) return;
      if (count <= 0)
        closed_ = true;
      else
        bytes_.append(block, static_cast<std::size_t>(count));
    }
  }

  Site& site_;
  int socket_;
  std::string bytes_;
  bool closed_ = false;
};

inline std::string request(const Site& site, const std::string& line, const std::string& body = {},
                           const std::string& headers = {}) {
  auto text =
      line + " HTTP/1.1\r\nHost: " + site.name() + "\r\nAuthorization: Bearer " + token + "\r\n" + headers;
  if (!body.empty())
    text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + body;
}

// So many open event streams, each of which has got its first events.
inline std::vector<std::unique_ptr<Client>> open_streams(Site& site, std::size_t count) {
  std::vector<std::unique_ptr<Client>> streams;
  for (std::size_t i = 0; i < count; ++i) {
    auto& stream = *streams.emplace_back(std::make_unique<Client>(site));
    stream.send(request(site, "GET /api/stream"));
    stream.until([&stream] { return stream.bytes().find("event: host") != std::string::npos; });
  }
  return streams;
}

inline Answer ask(Site& site, const std::string& bytes) {
  return Client{site}.ask(bytes);
}
inline Answer post(Site& site, const std::string& path, const std::string& body,
                   const std::string& headers = {}) {
  return ask(site, request(site, "POST " + path, body, headers));
}

inline constexpr const char* the_list = R"({"plugin":"hostile","at":"views/stones/lists/all"})";

}  // namespace bench
