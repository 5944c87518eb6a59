#include "connection.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <chrono>
#include <concepts>
#include <utility>

#include "answer_reader.hpp"
#include "connection_factory.hpp"
#include "resolver.hpp"
#include "tls.hpp"

namespace rest_client {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;
using Socket = asio::ip::tcp::socket;
using TlsStream = ssl::stream<Socket>;

// A server may never answer the farewell of TLS.
constexpr std::chrono::milliseconds tls_farewell_limit{500};

Socket& socket_of(Socket& stream) {
  return stream;
}
Socket& socket_of(TlsStream& stream) {
  return stream.next_layer();
}

// The connection itself; outlives its handle until the system has ended its operations. Reading never stops
// between exchanges: that is how the end of an idle connection is seen.
template <class Stream>
class Link : public std::enable_shared_from_this<Link<Stream>> {
 public:
  Link(Stream stream, BaseUrl node, std::shared_ptr<Resolver> resolver, std::size_t max_header)
      : stream_(std::move(stream)),
        node_(std::move(node)),
        origin_(node_.origin()),
        resolver_(std::move(resolver)),
        reader_(origin_, max_header) {}

  void open(std::function<void(std::optional<Failure>)> done) {
    opened_ = std::move(done);
    resolver_->resolve(
        node_.host, node_.port,
        [self = this->shared_from_this()](const error_code& error, const Resolver::Endpoints& found) {
          self->resolved(error, found);
        });
  }

  void exchange(Exchange exchange, std::function<void(ExchangeEnd)> done) {
    exchange_ = std::move(exchange);
    ended_ = std::move(done);
    lost_ = nullptr;
    progress_ = Progress{true, false, 0};
    finished_ = false;
    reader_.begin({exchange_.body_expected, exchange_.max_body, exchange_.may_be_unframed});
    const std::string_view head = exchange_.head.view();
    const std::array<asio::const_buffer, 2> parts{asio::buffer(head.data(), head.size()),
                                                  asio::buffer(*exchange_.body)};
    writing_ = true;
    asio::async_write(stream_, parts,
                      [self = this->shared_from_this()](const error_code& error, std::size_t count) {
                        self->wrote(error, count);
                      });
    if (!reading_) read();
  }

  const Progress& progress() const { return progress_; }
  void rest(std::function<void()> lost) { lost_ = std::move(lost); }

  bool is_clean() {
    if (dead_) return false;
    char byte = 0;
    const auto got = ::recv(socket_of(stream_).native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }

  // The handle is gone: nobody is called any more.
  void release() {
    opened_ = nullptr;
    ended_ = nullptr;
    lost_ = nullptr;
    if constexpr (std::same_as<Stream, TlsStream>) {
      if (is_open_ && finished_ && !dead_) {
        say_farewell();
        return;
      }
    }
    close();
  }

 private:
  auto with_self(void (Link::*member)(const error_code&)) {
    return [self = this->shared_from_this(), member](const error_code& error) { ((*self).*member)(error); };
  }

  void resolved(const error_code& error, const Resolver::Endpoints& found) {
    if (!opened_) return;
    if (error || found.empty()) {
      fail_opening(FailureKind::unresolved,
                   "no address was found for the host name of " + origin_ + " (" + error.message() + ")");
      return;
    }
    endpoints_ = found;
    asio::async_connect(socket_of(stream_), endpoints_,
                        [self = this->shared_from_this()](const error_code& failed, const auto&) {
                          self->connected(failed);
                        });
  }

  void connected(const error_code& error) {
    if (!opened_) return;
    if (error) {
      resolver_->forget(node_.host, node_.port);
      const bool refused = error == asio::error::connection_refused;
      fail_opening(refused ? FailureKind::refused : FailureKind::unreachable,
                   refused ? origin_ + " refused the connection: no server is listening there"
                           : origin_ + " cannot be reached (" + error.message() + ")");
      return;
    }
    error_code ignored;  // without it all works, only slower
    socket_of(stream_).set_option(asio::ip::tcp::no_delay(true), ignored);
    if constexpr (std::same_as<Stream, TlsStream>) {
      if (!expect_host(stream_.native_handle(), node_.host)) {
        fail_opening(FailureKind::tls, origin_ + ": its host name cannot be verified");
        return;
      }
      stream_.async_handshake(ssl::stream_base::client, with_self(&Link::shook_hands));
    } else {
      finish_opening(std::nullopt);
    }
  }

  void shook_hands(const error_code& error) {
    if (!opened_) return;
    if constexpr (std::same_as<Stream, TlsStream>) {
      if (error) {
        fail_opening(FailureKind::tls, origin_ + " has no trustworthy TLS connection to offer: " +
                                           words_for_handshake(stream_.native_handle(), error));
        return;
      }
    }
    finish_opening(std::nullopt);
  }

  void fail_opening(FailureKind kind, std::string cause) {
    finish_opening(make_failure(kind, std::move(cause)));
  }

  void finish_opening(std::optional<Failure> failure) {
    is_open_ = !failure;
    const auto done = std::exchange(opened_, nullptr);
    done(std::move(failure));
  }

  void read() {
    reading_ = true;
    const std::span<char> room = reader_.room();
    stream_.async_read_some(asio::buffer(room.data(), room.size()),
                            [self = this->shared_from_this()](const error_code& error, std::size_t count) {
                              self->was_read(error, count);
                            });
  }

  void was_read(const error_code& error, std::size_t count) {
    reading_ = false;
    if (finished_) {  // between exchanges: whatever it is, nobody asked for it
      dead_ = true;
      if (const auto lost = std::exchange(lost_, nullptr)) lost();
      return;
    }
    if (!ended_) return;
    progress_.received += count;
    if (error) {
      dead_ = true;
      reader_.ended(error == asio::error::eof, error == asio::error::eof
                                                   ? "closed the connection"
                                                   : "broke the connection (" + error.message() + ")");
      if (writing_) {
        close();  // ends the write, which knows whether anything was sent
        end_when_written_ = true;
      } else {
        end();
      }
      return;
    }
    if (reader_.received(count)) {
      end();
    } else {
      read();
    }
  }

  void wrote(const error_code& error, std::size_t count) {
    writing_ = false;
    exchange_.head.wipe();
    if (finished_ || !ended_) return;
    progress_.request_written = !error;
    // Whether the server has answered all the same, the read will tell; it ends as surely as the write did.
    if (error && count == 0) progress_.request_sent = false;
    if (error) dead_ = true;
    if (end_when_written_) end();
  }

  void end() {
    finished_ = true;
    ExchangeEnd end{reader_.take(), progress_, false};
    end.reusable = reader_.connection_stays() && !writing_ && !dead_;
    if (std::holds_alternative<Failure>(end.answer)) dead_ = true;
    if (!writing_) exchange_.body.reset();
    if (end.reusable) read();
    const auto done = std::exchange(ended_, nullptr);
    done(std::move(end));
  }

  void say_farewell() {
    if constexpr (std::same_as<Stream, TlsStream>) {
      auto limit = std::make_shared<asio::steady_timer>(stream_.get_executor(), tls_farewell_limit);
      limit->async_wait([self = this->shared_from_this(), limit](const error_code&) { self->close(); });
      stream_.async_shutdown(
          [self = this->shared_from_this(), limit](const error_code&) { limit->cancel(); });
    }
  }

  void close() {
    error_code ignored;  // it is gone either way
    socket_of(stream_).close(ignored);
    exchange_.head.wipe();
  }

  Stream stream_;
  const BaseUrl node_;
  const std::string origin_;
  const std::shared_ptr<Resolver> resolver_;
  AnswerReader reader_;
  Resolver::Endpoints endpoints_;
  Exchange exchange_;
  Progress progress_;
  std::function<void(std::optional<Failure>)> opened_;
  std::function<void(ExchangeEnd)> ended_;
  std::function<void()> lost_;
  bool is_open_ = false;
  bool reading_ = false;
  bool writing_ = false;
  bool end_when_written_ = false;
  bool finished_ = false;  // no exchange is under way, and one was before
  bool dead_ = false;      // no exchange may follow
};

template <class Stream>
class Handle final : public Connection {
 public:
  explicit Handle(std::shared_ptr<Link<Stream>> link) : link_(std::move(link)) {}
  ~Handle() override { link_->release(); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  void open(std::function<void(std::optional<Failure>)> done) override { link_->open(std::move(done)); }
  void exchange(Exchange exchange, std::function<void(ExchangeEnd)> done) override {
    link_->exchange(std::move(exchange), std::move(done));
  }
  Progress progress() const override { return link_->progress(); }
  void rest(std::function<void()> lost) override { link_->rest(std::move(lost)); }
  bool is_clean() override { return link_->is_clean(); }

 private:
  std::shared_ptr<Link<Stream>> link_;
};

}  // namespace

struct ConnectionFactory::Parts {
  asio::io_context& context;
  std::vector<BaseUrl> nodes;
  std::shared_ptr<Resolver> resolver;
  std::optional<ssl::context> tls;
  std::size_t max_header = 0;
};

ConnectionFactory::ConnectionFactory(asio::io_context& context, const std::vector<BaseUrl>& nodes,
                                     const TlsFiles& files, const Limits& limits)
    : parts_(std::make_unique<Parts>(
          Parts{context, nodes, std::make_shared<Resolver>(context), std::nullopt, limits.header_bytes})) {
  for (const BaseUrl& node : nodes) {
    if (node.tls && !parts_->tls) parts_->tls = make_tls_context(files);
  }
}

ConnectionFactory::~ConnectionFactory() = default;

std::unique_ptr<Connection> ConnectionFactory::connection_to(std::size_t index) {
  const BaseUrl& node = parts_->nodes[index];
  Parts& parts = *parts_;
  if (node.tls) {
    TlsStream stream(Socket(parts.context), *parts.tls);
    return std::make_unique<Handle<TlsStream>>(
        std::make_shared<Link<TlsStream>>(std::move(stream), node, parts.resolver, parts.max_header));
  }
  return std::make_unique<Handle<Socket>>(
      std::make_shared<Link<Socket>>(Socket(parts.context), node, parts.resolver, parts.max_header));
}

}  // namespace rest_client
