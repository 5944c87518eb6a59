// A small HTTP/1.1 server on loopback: bounded in everything, no knowledge of what it serves.
//
// I/O thread. Requests come one at a time a connection; a handler answers its Exchange once, at once or
// later, or turns it into a stream. What breaks the rules (no or two Hosts, Transfer-Encoding, too large, too
// slow) is refused here. Every answer carries the same protective headers, and a HEAD gets the head only.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace host::http {

struct ServerLimits {
  std::size_t header_bytes = 16u << 10;
  std::size_t body_bytes = 256u << 10;
  std::size_t connections = 256;
  std::size_t stream_bytes = 8u << 20;  // waiting to be written to one stream; then it is closed as too slow
  std::chrono::seconds read_patience{10};   // from a request's first byte to its last
  std::chrono::seconds idle_patience{60};   // between requests
  std::chrono::seconds write_patience{30};  // without a byte taken by the reader
  std::chrono::seconds peer_patience{45};   // without a sign of life from a peer that was sent something
};

struct Request {
  std::string method, path, query;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  std::string version;

  // The value of a header that is there exactly once; empty otherwise.
  std::string_view header(std::string_view name) const;
  std::size_t header_count(std::string_view name) const;
};

// How a stream ends. Chunked: its end is marked, so that a reader sees whether it has everything.
enum class Framing { chunked, until_close };

struct Response {
  unsigned status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::span<const unsigned char> fixed;  // instead of `body`: bytes that live as long as the process
};

// A response that goes on until one side ends it. Writes are queued; a reader that falls behind by more than
// the limit loses its connection.
class Stream {
 public:
  virtual ~Stream() = default;
  // False: the stream is over.
  virtual bool write(std::string bytes) = 0;
  virtual std::size_t waiting_bytes() const = 0;
  virtual void finish() = 0;         // after what waits was written: it was everything
  virtual void abort() = 0;          // likewise, and a chunked reader sees that it was not everything
  std::function<void()> on_drained;  // everything queued was written
  std::function<void()> on_closed;   // once; the peer went, or was too slow
};

class Exchange {
 public:
  virtual ~Exchange() = default;
  virtual const Request& request() const = 0;
  // Once, either of the two.
  virtual void respond(Response response) = 0;
  virtual std::shared_ptr<Stream> stream(Response head, Framing framing) = 0;
  // Called once if the peer disconnects before the answer is sent; never after it was sent.
  virtual void on_gone(std::function<void()> gone) = 0;
  // The request carries a credential. Where places are short, a connection that never had one goes first.
  virtual void known() = 0;
};

using Handler = std::function<void(std::shared_ptr<Exchange>)>;

class Server {
 public:
  // Listens on a loopback address; port 0 takes any. Throws std::runtime_error with the cause when it cannot.
  Server(boost::asio::io_context& io, std::uint16_t port, ServerLimits limits, Handler handler);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;
  std::size_t connections() const;
  // Takes no new connections, ends idle ones and streams; open exchanges may still be answered.
  void drain();

  struct State;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace host::http
