#include "http/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace host::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t read_buffer = 16u << 10;
constexpr std::size_t most_dropped = 1u << 20;  // of what comes after a refusal
constexpr auto linger_patience = std::chrono::seconds{2};

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

}  // namespace

// Bounded and reserved: a buffer that may grow without bound lets one request end the process.
struct Connection::Reader {
  explicit Reader(std::size_t most) : buffer(most) { buffer.reserve(read_buffer); }
  beast::flat_buffer buffer;
  std::optional<beast::http::request_parser<beast::http::string_body>> parser;
};

class OneExchange final : public Exchange {
 public:
  OneExchange(std::shared_ptr<Connection> of, Request what, bool keep)
      : connection_(std::move(of)), asked_(std::move(what)), keep_alive_(keep) {}
  ~OneExchange() override {
    if (connection_) respond(plain_refusal(500, "This request was not answered."));
  }
  OneExchange(const OneExchange&) = delete;
  OneExchange& operator=(const OneExchange&) = delete;

  const Request& request() const override { return asked_; }
  void known() override {
    if (connection_) connection_->known_ = true;
  }
  void on_gone(std::function<void()> gone) override {
    if (connection_) connection_->watch_peer(std::move(gone));
  }
  void respond(Response response) override {
    const auto to = std::exchange(connection_, nullptr);
    if (to) to->answer(std::move(response), keep_alive_ && !to->server_->draining);
  }
  std::shared_ptr<Stream> stream(Response head, Framing framing) override {
    const auto to = std::exchange(connection_, nullptr);
    if (!to || to->closed_) return nullptr;
    auto live = std::make_shared<LiveStream>(to, framing);
    to->stream_ = live;
    live->begin(head_of(head, std::nullopt, false, framing));
    return live;
  }

 private:
  std::shared_ptr<Connection> connection_;  // null once answered
  Request asked_;
  bool keep_alive_;
};

Connection::Connection(std::shared_ptr<Server::State> of, tcp::socket with)
    : server_(std::move(of)),
      socket_(std::move(with)),
      timer_(server_->io),
      reader_(std::make_unique<Reader>(read_buffer + server_->limits.header_bytes)),
      used_(++server_->uses) {}

Connection::~Connection() = default;

void Connection::begin_patience(std::chrono::seconds time, std::function<void()> over) {
  timer_.expires_after(time);
  timer_.async_wait([weak = weak_from_this(), over = std::move(over)](error_code error) {
    const auto self = weak.lock();
    if (!error && self && !self->closed_) over();
  });
}

// Who never showed a credential goes first: idle or slow ones, then those that wait for their refusal. Who
// did goes only while nothing is asked on it: a browser opens another.
int Connection::expendable() const {
  if (!known_) return doing_ == Doing::handling ? 2 : doing_ == Doing::writing ? 0 : 3;
  return doing_ == Doing::waiting ? 1 : 0;
}

void Connection::close() {
  if (std::exchange(closed_, true)) return;
  timer_.cancel();
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
  if (const auto live = stream_.lock()) live->closed();
  server_->closed(shared_from_this());
}

void Connection::refuse(unsigned status, std::string_view why) {
  answer(plain_refusal(status, why), false);
}

void Connection::read_request() {
  doing_ = Doing::waiting;
  head_only_ = false;
  if (server_->draining) return close();
  reader_->parser.emplace();
  reader_->parser->header_limit(static_cast<std::uint32_t>(server_->limits.header_bytes));
  reader_->parser->body_limit(server_->limits.body_bytes);
  if (reader_->buffer.size() > 0) return read_begun({});
  begin_patience(server_->limits.idle_patience, [this] { close(); });
  socket_.async_wait(tcp::socket::wait_read,
                     [self = shared_from_this()](error_code error) { self->read_begun(error); });
}

// The first byte ends the idle time and begins the time a request may take.
void Connection::read_begun(error_code error) {
  if (error || closed_) return close();
  doing_ = Doing::reading;
  begin_patience(server_->limits.read_patience, [this] {
    late_ = true;
    error_code ignored;
    socket_.cancel(ignored);
  });
  beast::http::async_read_header(
      socket_, reader_->buffer, *reader_->parser,
      [self = shared_from_this()](error_code failed, std::size_t) { self->got_head(failed); });
}

// Why a request is refused for what stands in its head; 0: it is not.
std::pair<unsigned, std::string_view> Connection::why_bad_head() const {
  const auto& head = reader_->parser->get();
  if (head.version() != 11) return {505, "HTTP/1.1 is spoken here."};
  if (head.count(beast::http::field::transfer_encoding) != 0)
    return {411, "Send a Content-Length instead of a Transfer-Encoding."};
  if (head.count(beast::http::field::content_length) > 1) return {400, "Two Content-Lengths."};
  if (head.count(beast::http::field::host) != 1) return {400, "Exactly one Host is needed."};
  if (head.target().empty() || head.target().front() != '/')
    return {400, "The path has to begin with a slash."};
  return {0, {}};
}

// Before the body: who is refused for the head is not waited for.
void Connection::got_head(error_code error) {
  if (closed_) return;
  if (reader_->parser->is_header_done())
    head_only_ = reader_->parser->get().method() == beast::http::verb::head;
  if (error) return got_request(error);
  if (const auto [status, why] = why_bad_head(); status != 0) {
    timer_.cancel();
    return refuse(status, why);
  }
  if (reader_->parser->is_done()) return got_request({});
  beast::http::async_read(
      socket_, reader_->buffer, *reader_->parser,
      [self = shared_from_this()](error_code failed, std::size_t) { self->got_request(failed); });
}

void Connection::got_request(error_code error) {
  if (closed_) return;
  timer_.cancel();
  if (error && late_) return refuse(408, "The request did not come whole in time.");
  if (error == beast::http::error::body_limit) return refuse(413, "The body is too large.");
  if (error == beast::http::error::header_limit || error == beast::http::error::buffer_overflow)
    return refuse(431, "The headers are too large.");
  if (error == beast::http::error::end_of_stream || error == asio::error::connection_reset ||
      error == asio::error::eof)
    return close();
  if (error) return refuse(400, "This is no HTTP request.");
  doing_ = Doing::handling;
  used_ = ++server_->uses;
  auto message = reader_->parser->release();
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
  const bool keep_alive = message.keep_alive();
  server_->handler(std::make_shared<OneExchange>(shared_from_this(), std::move(request), keep_alive));
}

// A peer that ends its side while it waits is gone: browsers and proxies do so when nobody wants the answer
// any more.
void Connection::watch_peer(std::function<void()> gone) {
  gone_ = std::move(gone);
  socket_.async_wait(tcp::socket::wait_read, [weak = weak_from_this()](error_code error) {
    const auto self = weak.lock();
    if (error || !self || self->closed_ || !self->gone_) return;
    char byte = 0;
    if (::recv(self->socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0)
      return;  // the next request
    const auto notify = std::exchange(self->gone_, nullptr);
    self->close();
    notify();
  });
}

void Connection::answer(Response response, bool keep_alive) {
  if (closed_) return;
  if (std::exchange(gone_, nullptr)) {
    error_code ignored;
    socket_.cancel(ignored);  // nobody waits for the peer's end any more
  }
  doing_ = Doing::writing;
  struct Out {
    std::string head;
    Response response;
  };
  auto out = std::make_shared<Out>();
  const auto length = response.fixed.empty() ? response.body.size() : response.fixed.size();
  out->head = head_of(response, length, keep_alive);
  out->response = std::move(response);
  auto body = out->response.fixed.empty()
                  ? asio::buffer(out->response.body)
                  : asio::buffer(out->response.fixed.data(), out->response.fixed.size());
  if (head_only_) body = {};
  write_parts({asio::buffer(out->head), body}, [this, out, keep_alive](bool whole) {
    if (!whole) return close();
    if (!keep_alive) return linger();
    read_request();
  });
}

// The peer may be sending still: a connection closed over what it sent takes the answer from it. So what
// comes is read away, for a while and up to a bound.
void Connection::linger() {
  error_code ignored;
  doing_ = Doing::leaving;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  begin_patience(linger_patience, [this] { close(); });
  reader_->buffer.clear();
  drop_rest(most_dropped);
}

void Connection::drop_rest(std::size_t most) {
  socket_.async_read_some(reader_->buffer.prepare(read_buffer),
                          [self = shared_from_this(), most](error_code error, std::size_t count) {
                            if (error || count >= most || self->closed_) return self->close();
                            self->drop_rest(most - count);
                          });
}

void Connection::write_parts(std::array<asio::const_buffer, 2> parts, Wrote wrote) {
  begin_patience(server_->limits.write_patience, [this] { close(); });
  socket_.async_write_some(parts, [self = shared_from_this(), parts, wrote = std::move(wrote)](
                                      error_code error, std::size_t count) mutable {
    if (self->closed_) return wrote(false);
    self->timer_.cancel();
    if (error) return wrote(false);
    for (auto& part : parts) {
      const auto taken = std::min(part.size(), count);
      part += taken;
      count -= taken;
    }
    if (parts[0].size() + parts[1].size() == 0) return wrote(true);
    self->write_parts(parts, std::move(wrote));
  });
}

}  // namespace host::http
