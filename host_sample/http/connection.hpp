// One connection of the server: reads a request, hands it over, writes the answer, again.
//
// I/O thread. Owner: the server's set of open connections, and whatever is being read or written. Asio, no
// Beast: reading requests is the one thing that needs it (connection.cpp).
#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "http/server.hpp"

namespace host::http {

class Connection;
class LiveStream;

struct Server::State : std::enable_shared_from_this<Server::State> {
  State(boost::asio::io_context& context, ServerLimits of, Handler what)
      : io(context), limits(of), handler(std::move(what)), acceptor(context), pause(context) {}

  boost::asio::io_context& io;
  ServerLimits limits;
  Handler handler;
  boost::asio::ip::tcp::acceptor acceptor;
  boost::asio::steady_timer pause;
  std::set<std::shared_ptr<Connection>> open;
  std::uint64_t uses = 0;  // grows with each connection and each request
  bool draining = false;

  void accept();
  void accepted(boost::asio::ip::tcp::socket socket);
  // Closes the connection that is missed least. False: every one is of use to somebody.
  bool make_room();
  void closed(const std::shared_ptr<Connection>& connection);
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Wrote = std::function<void(bool whole)>;

  Connection(std::shared_ptr<Server::State> of, boost::asio::ip::tcp::socket with);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void read_request();
  // Writes an answer and reads the next request, or closes.
  void answer(Response response, bool keep_alive);
  void refuse(unsigned status, std::string_view why);
  void close();
  bool closed() const { return closed_; }
  // Between requests, with nothing of the next one read and nothing being written.
  bool idle() const { return doing_ == Doing::waiting; }
  bool streams() const { return !stream_.expired(); }

  // How little it is missed when places are short, 0: it has to stay; and among equals, when it was used.
  int expendable() const;
  std::uint64_t used() const { return used_; }

 private:
  friend class LiveStream;
  friend class OneExchange;
  enum class Doing { waiting, reading, handling, writing, leaving };

  struct Reader;  // Beast's parser and buffer
  void begin_patience(std::chrono::seconds time, std::function<void()> over);
  void read_begun(boost::system::error_code error);
  std::pair<unsigned, std::string_view> why_bad_head() const;
  void got_head(boost::system::error_code error);
  void got_request(boost::system::error_code error);
  void watch_peer(std::function<void()> gone);
  void linger();
  void drop_rest(std::size_t most);
  // Both parts whole; each byte that the peer takes begins the patience anew. The bytes live until `wrote`.
  void write_parts(std::array<boost::asio::const_buffer, 2> parts, Wrote wrote);

  std::shared_ptr<Server::State> server_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  std::unique_ptr<Reader> reader_;
  std::weak_ptr<LiveStream> stream_;
  std::function<void()> gone_;  // who wants to know of the peer's end before the answer
  Doing doing_ = Doing::waiting;
  bool head_only_ = false;  // the request was a HEAD
  bool late_ = false;       // the request did not come whole in time
  bool known_ = false;      // a request of it carried a credential
  bool closed_ = false;
  std::uint64_t used_ = 0;  // by the server's count, when a request came or the connection was opened
};

// The writing side of a stream.
class LiveStream final : public Stream, public std::enable_shared_from_this<LiveStream> {
 public:
  LiveStream(std::shared_ptr<Connection> of, Framing framing);

  void begin(std::string head);
  bool write(std::string bytes) override;
  std::size_t waiting_bytes() const override { return queued_; }
  void finish() override;
  void abort() override;
  void closed();

 private:
  bool queue(std::string bytes);
  void write_next();
  void watch_peer();

  std::shared_ptr<Connection> connection_;  // null once closed
  Framing framing_;
  std::deque<std::string> queue_;
  std::size_t queued_ = 0;
  bool writing_ = false;
  bool ending_ = false;
};

// The status line and headers of an answer, with those that every answer has.
// `length`: of the body; none: a stream.
std::string head_of(const Response& response, std::optional<std::size_t> length, bool keep_alive,
                    Framing framing = Framing::until_close);

Response plain_refusal(unsigned status, std::string_view why);

}  // namespace host::http
