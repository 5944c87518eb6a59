#include "http/server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <deque>
#include <optional>
#include <set>

namespace host::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using Parser = beast::http::request_parser<beast::http::string_body>;
using boost::system::error_code;

constexpr std::size_t read_buffer = 16u << 10;
constexpr std::size_t refused_at_once = 64;  // connections over the limit that are being told so

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string reason_phrase(unsigned status) {
  const auto words = beast::http::obsolete_reason(static_cast<beast::http::status>(status));
  return words.empty() || words == "<unknown-status>" ? "Answer" : std::string{words};
}

Response plain_refusal(unsigned status, std::string_view why) {
  Response response;
  response.status = status;
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"X-Content-Type-Options", "nosniff"}};
  response.body = std::string{why} + "\n";
  return response;
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
  std::string_view found;
  for (const auto& [key, value] : headers)
    if (key == name) {
      if (!found.empty()) return {};
      found = value;
    }
  return found;
}

std::size_t Request::header_count(std::string_view name) const {
  std::size_t count = 0;
  for (const auto& [key, value] : headers)
    if (key == name) ++count;
  return count;
}

struct Connection;

struct Server::State : std::enable_shared_from_this<Server::State> {
  State(asio::io_context& context, ServerLimits of, Handler what)
      : io(context), limits(of), handler(std::move(what)), acceptor(context), pause(context) {}

  asio::io_context& io;
  ServerLimits limits;
  Handler handler;
  tcp::acceptor acceptor;
  asio::steady_timer pause;
  std::set<std::shared_ptr<Connection>> open;
  bool draining = false;

  void accept();
};

// One connection: reads a request, hands it over, writes the answer, again.
struct Connection : std::enable_shared_from_this<Connection> {
  Connection(std::shared_ptr<Server::State> of, tcp::socket with)
      : server(std::move(of)),
        socket(std::move(with)),
        timer(server->io),
        buffer(read_buffer + server->limits.header_bytes) {
    buffer.reserve(read_buffer);
  }

  std::shared_ptr<Server::State> server;
  tcp::socket socket;
  asio::steady_timer timer;
  beast::flat_buffer buffer;
  std::optional<Parser> parser;
  bool busy = false;  // a request is being handled or a stream is open
  bool closed = false;

  struct LiveStream;
  std::weak_ptr<LiveStream> stream;
  struct OneExchange;

  void patience(std::chrono::seconds time) {
    timer.expires_after(time);
    timer.async_wait([weak = weak_from_this()](error_code error) {
      const auto self = weak.lock();
      if (!error && self) self->close();
    });
  }

  void close();
  void read_request();
  void got_request(error_code error);
  void answer(Response response, bool keep_alive);
  void refuse(unsigned status, std::string_view why) { answer(plain_refusal(status, why), false); }
  static std::string head_of(const Response& response, std::size_t length, bool keep_alive, bool endless);
};

// The writing side of an event stream.
struct Connection::LiveStream final : Stream, std::enable_shared_from_this<Connection::LiveStream> {
  explicit LiveStream(std::shared_ptr<Connection> of) : connection(std::move(of)) {}

  std::shared_ptr<Connection> connection;  // null once closed
  std::deque<std::string> queue;
  std::size_t queued = 0;
  bool writing = false;
  bool finishing = false;

  bool write(std::string bytes) override {
    if (!connection || finishing) return false;
    queued += bytes.size();
    if (queued > connection->server->limits.stream_bytes) {
      closed();
      return false;
    }
    queue.push_back(std::move(bytes));
    if (!writing) write_next();
    return true;
  }
  std::size_t waiting_bytes() const override { return queued; }
  void finish() override {
    finishing = true;
    if (!writing) closed();
  }
  void write_next() {
    writing = true;
    connection->patience(connection->server->limits.write_patience);
    asio::async_write(connection->socket, asio::buffer(queue.front()),
                      [self = shared_from_this()](error_code error, std::size_t) {
                        if (!self->connection) return;
                        self->connection->timer.cancel();
                        if (error) return self->closed();
                        self->queued -= self->queue.front().size();
                        self->queue.pop_front();
                        if (!self->queue.empty()) return self->write_next();
                        self->writing = false;
                        if (self->finishing) return self->closed();
                        if (self->on_drained) self->on_drained();
                      });
  }
  // The peer sends nothing on a stream; when its side ends, so do we.
  void watch_peer() {
    connection->socket.async_wait(tcp::socket::wait_read,
                                  [self = shared_from_this()](error_code) { self->closed(); });
  }
  void closed() {
    const auto gone = std::exchange(connection, nullptr);
    if (!gone) return;
    gone->close();
    on_drained = nullptr;
    if (const auto tell = std::exchange(on_closed, nullptr)) tell();
  }
};

struct Connection::OneExchange final : Exchange {
  OneExchange(std::shared_ptr<Connection> of, Request what, bool keep)
      : connection(std::move(of)), asked(std::move(what)), keep_alive(keep) {}
  ~OneExchange() override {
    if (connection) respond(plain_refusal(500, "This request was not answered."));
  }

  std::shared_ptr<Connection> connection;  // null once answered
  Request asked;
  bool keep_alive;

  const Request& request() const override { return asked; }
  void respond(Response response) override {
    const auto to = std::exchange(connection, nullptr);
    if (to) to->answer(std::move(response), keep_alive && !to->server->draining);
  }
  std::shared_ptr<Stream> stream(Response head) override {
    const auto to = std::exchange(connection, nullptr);
    if (!to || to->closed) return nullptr;
    auto live = std::make_shared<LiveStream>(to);
    to->stream = live;
    live->write(Connection::head_of(head, 0, false, true));
    live->watch_peer();
    return live;
  }
};

void Connection::close() {
  if (std::exchange(closed, true)) return;
  timer.cancel();
  error_code ignored;
  socket.shutdown(tcp::socket::shutdown_both, ignored);
  socket.close(ignored);
  if (const auto live = stream.lock()) live->closed();
  server->open.erase(shared_from_this());
  if (!server->acceptor.is_open() || server->open.size() + 1 != server->limits.connections + refused_at_once)
    return;
  server->accept();
}

void Connection::read_request() {
  busy = false;
  if (server->draining) return close();
  parser.emplace();
  parser->header_limit(static_cast<std::uint32_t>(server->limits.header_bytes));
  parser->body_limit(server->limits.body_bytes);
  patience(server->limits.idle_patience);
  // The first byte ends the idle time and begins the time a request may take.
  const auto begin = [self = shared_from_this()](error_code error) {
    if (error || self->closed) return self->close();
    self->patience(self->server->limits.read_patience);
    beast::http::async_read(self->socket, self->buffer, *self->parser,
                            [self](error_code failed, std::size_t) { self->got_request(failed); });
  };
  if (buffer.size() > 0) return begin({});
  socket.async_wait(tcp::socket::wait_read, begin);
}

void Connection::got_request(error_code error) {
  if (closed) return;
  timer.cancel();
  if (error == beast::http::error::body_limit) return refuse(413, "The body is too large.");
  if (error == beast::http::error::header_limit || error == beast::http::error::buffer_overflow)
    return refuse(431, "The headers are too large.");
  if (error == beast::http::error::end_of_stream || error == asio::error::connection_reset ||
      error == asio::error::eof)
    return close();
  if (error) return refuse(400, "This is no HTTP request: " + error.message());
  busy = true;
  auto message = parser->release();
  Request request;
  request.method = std::string{message.method_string()};
  const auto target = message.target();
  const auto mark = target.find('?');
  request.path = std::string{target.substr(0, mark)};
  if (mark != beast::string_view::npos) request.query = std::string{target.substr(mark + 1)};
  for (const auto& field : message)
    request.headers.emplace_back(lower({field.name_string().data(), field.name_string().size()}),
                                 std::string{field.value()});
  request.body = std::move(message.body());
  if (message.version() != 11) return refuse(505, "HTTP/1.1 is spoken here.");
  if (request.header_count("transfer-encoding") != 0)
    return refuse(411, "Send a Content-Length instead of a Transfer-Encoding.");
  if (request.header_count("content-length") > 1) return refuse(400, "Two Content-Lengths.");
  if (request.header_count("host") != 1) return refuse(400, "Exactly one Host is needed.");
  if (request.path.empty() || request.path.front() != '/')
    return refuse(400, "The path has to begin with a slash.");
  const bool keep_alive = message.keep_alive();
  server->handler(std::make_shared<OneExchange>(shared_from_this(), std::move(request), keep_alive));
}

std::string Connection::head_of(const Response& response, std::size_t length, bool keep_alive, bool endless) {
  std::string head =
      "HTTP/1.1 " + std::to_string(response.status) + " " + reason_phrase(response.status) + "\r\n";
  for (const auto& [name, value] : response.headers) head += name + ": " + value + "\r\n";
  if (!endless && response.status != 204 && response.status != 304)
    head += "Content-Length: " + std::to_string(length) + "\r\n";
  head += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  return head;
}

void Connection::answer(Response response, bool keep_alive) {
  if (closed) return;
  struct Out {
    std::string head;
    Response response;
  };
  auto out = std::make_shared<Out>();
  const auto length = response.fixed.empty() ? response.body.size() : response.fixed.size();
  out->head = head_of(response, length, keep_alive, false);
  out->response = std::move(response);
  const auto body = out->response.fixed.empty()
                        ? asio::buffer(out->response.body)
                        : asio::buffer(out->response.fixed.data(), out->response.fixed.size());
  const std::array<asio::const_buffer, 2> parts{asio::buffer(out->head), body};
  patience(server->limits.write_patience);
  asio::async_write(socket, parts,
                    [self = shared_from_this(), out, keep_alive](error_code error, std::size_t) {
                      if (error || !keep_alive) return self->close();
                      self->read_request();
                    });
}

void Server::State::accept() {
  acceptor.async_accept([weak = weak_from_this()](error_code error, tcp::socket socket) {
    const auto self = weak.lock();
    if (!self || !self->acceptor.is_open()) return;
    if (error) {  // out of descriptors, most likely: wait for some to come back
      self->pause.expires_after(std::chrono::milliseconds{100});
      self->pause.async_wait([weak](error_code failed) {
        const auto waited = weak.lock();
        if (!failed && waited && waited->acceptor.is_open()) waited->accept();
      });
      return;
    }
    error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    const auto connection = std::make_shared<Connection>(self, std::move(socket));
    self->open.insert(connection);
    if (self->open.size() > self->limits.connections)
      connection->refuse(503, "Too many connections at once.");
    else
      connection->read_request();
    if (self->open.size() < self->limits.connections + refused_at_once) self->accept();
  });
}

Server::Server(asio::io_context& io, std::uint16_t port, ServerLimits limits, Handler handler)
    : state_(std::make_shared<State>(io, limits, std::move(handler))) {
  const tcp::endpoint here{asio::ip::address_v4::loopback(), port};
  error_code error;
  auto& acceptor = state_->acceptor;
  acceptor.open(here.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
  if (!error) acceptor.bind(here, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    throw std::runtime_error{"cannot listen on 127.0.0.1:" + std::to_string(port) + ": " + error.message()};
  state_->accept();
}

Server::~Server() {
  error_code ignored;
  state_->acceptor.close(ignored);
  const auto open = state_->open;
  for (const auto& connection : open) connection->close();
}

std::uint16_t Server::port() const {
  return state_->acceptor.local_endpoint().port();
}

std::size_t Server::connections() const {
  return state_->open.size();
}

void Server::drain() {
  state_->draining = true;
  error_code ignored;
  state_->acceptor.close(ignored);
  const auto open = state_->open;
  for (const auto& connection : open)
    if (!connection->busy || connection->stream.lock()) connection->close();
}

}  // namespace host::http
