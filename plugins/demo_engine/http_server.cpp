#include "http_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <csignal>
#include <optional>
#include <stdexcept>

namespace demo_engine {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kBufferLimit = 64 * 1024;
constexpr std::size_t kBufferReserved = 16 * 1024;
/// Longer bodies are sent chunked, as the engine's server does with what its output buffer cannot hold.
constexpr std::size_t kChunkedAbove = 8 * 1024;
constexpr std::chrono::milliseconds kTick{500};

std::string header(const http::request<http::string_body>& request, http::field field) {
  const auto value = request[field];
  return {value.data(), value.size()};
}

tcp::acceptor listening(asio::io_context& context, std::uint16_t port) {
  try {
    return tcp::acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), port));
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error("cannot listen on 127.0.0.1:" + std::to_string(port) + ": " +
                             error.code().message());
  }
}

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const HttpServer::Handler& handler, std::size_t& connections)
      : stream_(std::move(socket)), handler_(handler), connections_(connections) {
    ++connections_;
    buffer_.reserve(kBufferReserved);
  }
  ~Session() { --connections_; }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void read() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(kMaxHeaderBytes));
    parser_->body_limit(kMaxBodyBytes);
    stream_.expires_after(kIdleTimeout);
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](error_code error, std::size_t) { self->on_read(error); });
  }

 private:
  void on_read(const error_code& error) {
    if (error == http::error::body_limit) {
      Answer too_large;
      too_large.status = 413;
      too_large.close = true;
      return write(too_large, false, 11);
    }
    const bool refused = error.category() == http::make_error_code(http::error::bad_method).category() &&
                         error != http::error::end_of_stream && error != http::error::partial_message;
    if (refused) return write(html_bad_request(), false, 11);
    if (error) return close();
    const auto& request = parser_->get();
    if (!acceptable(request)) return write(html_bad_request(), false, 11);
    const Answer answer =
        handler_({std::string(request.method_string()), std::string(request.target()),
                  header(request, http::field::accept), header(request, http::field::content_type),
                  header(request, http::field::authorization), request.body()});
    write(answer, request.keep_alive(), request.version());
  }

  /// Exactly one Host, and no Transfer-Encoding: this parser accepts combinations of it that let two servers
  /// disagree about where a request ends.
  static bool acceptable(const http::request<http::string_body>& request) {
    const bool known_version = request.version() == 11 || request.version() == 10;
    return known_version && request.count(http::field::host) == 1 &&
           request.count(http::field::transfer_encoding) == 0;
  }

  void write(const Answer& answer, bool keep_alive, unsigned version) {
    ++answers_;
    const bool head = parser_->is_header_done() && parser_->get().method() == http::verb::head;
    response_.emplace();
    response_->version(version);
    response_->result(answer.status);
    response_->keep_alive(keep_alive && !answer.close && answers_ < kAnswersPerConnection);
    const auto now = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
    response_->set(http::field::date, to_http_date(now + answer.clock_ahead));
    if (!answer.content_type.empty()) response_->set(http::field::content_type, answer.content_type);
    if (!answer.allow.empty()) response_->set(http::field::allow, answer.allow);
    if (answer.no_cache) response_->set(http::field::cache_control, "no-cache");
    if (answer.challenge) response_->set(http::field::www_authenticate, "Basic realm=\"default\"");
    if (head) {
      response_->content_length(answer.body.size());
    } else {
      response_->body() = answer.body;
      if (version == 11 && answer.body.size() > kChunkedAbove)
        response_->chunked(true);
      else if (answer.status != 204)
        response_->content_length(answer.body.size());
    }
    serializer_.emplace(*response_);
    serializer_->split(false);
    stream_.expires_after(kIdleTimeout);
    const auto written = [self = shared_from_this()](error_code error, std::size_t) {
      self->on_written(error);
    };
    if (head)
      http::async_write_header(stream_, *serializer_, written);
    else
      http::async_write(stream_, *serializer_, written);
  }

  void on_written(const error_code& error) {
    if (error || !response_->keep_alive()) return close();
    read();
  }

  void close() {
    error_code ignored;  // The peer may be gone already; there is nobody to tell.
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  beast::tcp_stream stream_;
  const HttpServer::Handler& handler_;
  std::size_t& connections_;
  beast::flat_buffer buffer_{kBufferLimit};
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<http::response<http::string_body>> response_;
  std::optional<http::response_serializer<http::string_body>> serializer_;
  unsigned answers_ = 0;
};

}  // namespace

class HttpServer::Impl {
 public:
  Impl(std::uint16_t port, Handler handler, std::function<void()> tick)
      : handler_(std::move(handler)),
        tick_(std::move(tick)),
        acceptor_(listening(context_, port)),
        signals_(context_, SIGINT, SIGTERM),
        timer_(context_),
        retry_(context_) {}

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  void run() {
    signals_.async_wait([this](error_code, int) { context_.stop(); });
    accept();
    wait_for_tick();
    context_.run();
  }

 private:
  void accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (error) {  // Out of descriptors, for instance: asking again at once would spin.
        retry_.expires_after(kTick);
        retry_.async_wait([this](error_code stopped) {
          if (!stopped) accept();
        });
        return;
      }
      // Over the limit the socket closes here.
      if (connections_ < kMaxConnections)
        std::make_shared<Session>(std::move(socket), handler_, connections_)->read();
      accept();
    });
  }

  void wait_for_tick() {
    timer_.expires_after(kTick);
    timer_.async_wait([this](error_code error) {
      if (error) return;
      tick_();
      wait_for_tick();
    });
  }

  Handler handler_;
  std::function<void()> tick_;
  std::size_t connections_ = 0;  // Before the context: sessions that die with it still count down.
  asio::io_context context_{1};
  tcp::acceptor acceptor_;
  asio::signal_set signals_;
  asio::steady_timer timer_;
  asio::steady_timer retry_;
};

HttpServer::HttpServer(std::uint16_t port, Handler handler, std::function<void()> tick)
    : impl_(std::make_unique<Impl>(port, std::move(handler), std::move(tick))) {}
HttpServer::~HttpServer() = default;
std::uint16_t HttpServer::port() const {
  return impl_->port();
}
void HttpServer::run() {
  impl_->run();
}

}  // namespace demo_engine
