// A small HTTP/1.1 server on loopback: one thread, one io_context, bounded everything. It behaves as the
// server around a real engine does: 100 answers a connection, 60 s of idleness, 8 kB of headers, chunked
// bodies above 8 kB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "instant.hpp"
#include "message.hpp"

namespace demo_engine {

inline constexpr std::size_t kMaxConnections = 256;
inline constexpr std::size_t kMaxHeaderBytes = 8 * 1024;
inline constexpr std::size_t kMaxBodyBytes = 4 * 1024 * 1024;
inline constexpr unsigned kAnswersPerConnection = 100;
inline constexpr std::chrono::seconds kIdleTimeout{60};

class HttpServer {
 public:
  using Handler = std::function<Answer(const Request&)>;

  /// Binds 127.0.0.1:`port` (0: any free one) at once; throws std::exception with the cause when that fails.
  /// `handler` and `tick` are called on the thread of run(), the latter twice a second.
  HttpServer(std::uint16_t port, Handler handler, std::function<void()> tick);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  /// Serves until SIGINT or SIGTERM.
  void run();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace demo_engine
