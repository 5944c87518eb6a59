#include "scripted_server.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <utility>

namespace rest_client::tests {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;
using Socket = asio::ip::tcp::socket;
using TlsStream = ssl::stream<Socket>;

Socket& socket_of(Socket& stream) {
  return stream;
}
Socket& socket_of(TlsStream& stream) {
  return stream.next_layer();
}

class Peer {
 public:
  virtual ~Peer() = default;
  virtual void close() = 0;
  virtual bool is_open() const = 0;
};

}  // namespace

struct ScriptedServer::Parts : std::enable_shared_from_this<ScriptedServer::Parts> {
  Parts(asio::io_context& context_, Plan plan_)
      : context(context_),
        plan(std::move(plan_)),
        acceptor(context_, {asio::ip::address_v4::loopback(), 0}) {}

  void accept();

  asio::io_context& context;
  Plan plan;
  asio::ip::tcp::acceptor acceptor;
  std::optional<ssl::context> tls;
  std::size_t connections = 0;
  std::vector<std::string> requests;
  std::vector<std::shared_ptr<Peer>> peers;
};

namespace {

// The size of the first whole request in the bytes; 0 if there is none yet.
std::size_t whole_request(const std::string& bytes) {
  const std::size_t head = bytes.find("\r\n\r\n");
  if (head == std::string::npos) return 0;
  std::size_t body = 0;
  const std::string name = "Content-Length: ";
  if (const std::size_t field = bytes.find(name); field < head)
    body = std::stoul(bytes.substr(field + name.size()));
  const std::size_t size = head + 4 + body;
  return bytes.size() >= size ? size : 0;
}

template <class Stream>
class StreamPeer final : public Peer, public std::enable_shared_from_this<StreamPeer<Stream>> {
 public:
  StreamPeer(Stream stream, Script script, std::shared_ptr<ScriptedServer::Parts> server)
      : stream_(std::move(stream)),
        script_(std::move(script)),
        server_(server),
        timer_(stream_.get_executor()) {}

  void start() {
    if constexpr (std::same_as<Stream, TlsStream>) {
      // A script that begins with bytes speaks them instead of TLS; one that stalls never shakes hands.
      if (script_.front().kind == Step::Kind::request) {
        stream_.async_handshake(ssl::stream_base::server,
                                [self = this->shared_from_this()](const error_code& error) {
                                  if (error) {
                                    self->close();
                                  } else {
                                    self->next();
                                  }
                                });
        return;
      }
      if (script_.front().kind == Step::Kind::say) {
        asio::write(stream_.next_layer(), asio::buffer(script_.front().bytes));
        return;
      }
    }
    next();
  }

  void close() override {
    error_code ignored;
    socket_of(stream_).close(ignored);
    timer_.cancel();
  }
  bool is_open() const override { return stream_.lowest_layer().is_open(); }

 private:
  void next() {
    if (at_ >= script_.size()) {
      close();
      return;
    }
    const Step& step = script_[at_++];
    error_code ignored;
    switch (step.kind) {
      case Step::Kind::request:
        take_request();
        return;
      case Step::Kind::say:
      case Step::Kind::flood:
        left_ = step.times;
        write(step.bytes);
        return;
      case Step::Kind::say_bytewise:
        left_ = step.bytes.size();
        write_bytewise(step.bytes);
        return;
      case Step::Kind::pause:
        timer_.expires_after(step.time);
        timer_.async_wait([self = this->shared_from_this()](const error_code& error) {
          if (!error) self->next();
        });
        return;
      case Step::Kind::finish:
        socket_of(stream_).shutdown(Socket::shutdown_send, ignored);
        next();
        return;
      case Step::Kind::close:
        close();
        return;
      case Step::Kind::reset:
        socket_of(stream_).set_option(asio::socket_base::linger(true, 0), ignored);
        close();
        return;
      case Step::Kind::deaf:
        drop_what_comes();
        return;
      case Step::Kind::stall:
        wait_for_end();
        return;
    }
  }

  void take_request() {
    if (const std::size_t size = whole_request(received_); size > 0) {
      if (const auto server = server_.lock()) server->requests.push_back(received_.substr(0, size));
      received_.erase(0, size);
      next();
      return;
    }
    stream_.async_read_some(asio::buffer(room_),
                            [self = this->shared_from_this()](const error_code& error, std::size_t count) {
                              if (error) {
                                self->close();
                                return;
                              }
                              self->received_.append(self->room_.data(), count);
                              self->take_request();
                            });
  }

  void drop_what_comes() {
    socket_of(stream_).async_read_some(
        asio::buffer(room_), [self = this->shared_from_this()](const error_code& error, std::size_t) {
          if (error) {
            self->close();
          } else {
            self->drop_what_comes();
          }
        });
  }

  void write(const std::string& bytes) {
    if (left_-- == 0) {
      next();
      return;
    }
    asio::async_write(stream_, asio::buffer(bytes),
                      [self = this->shared_from_this(), &bytes](const error_code& error, std::size_t) {
                        if (error) {
                          self->close();
                        } else {
                          self->write(bytes);
                        }
                      });
  }

  void write_bytewise(const std::string& bytes) {
    if (left_ == 0) {
      next();
      return;
    }
    const std::size_t index = bytes.size() - left_--;
    asio::async_write(
        stream_, asio::buffer(bytes.data() + index, 1),
        [self = this->shared_from_this(), &bytes](const error_code& error, std::size_t) {
          if (error) {
            self->close();
            return;
          }
          // Behind whatever the client has to do: it reads each byte alone.
          self->timer_.expires_after(std::chrono::microseconds(50));
          self->timer_.async_wait([self, &bytes](const error_code&) { self->write_bytewise(bytes); });
        });
  }

  // Keeps the connection, says nothing, reads nothing; notices only when the server ends.
  void wait_for_end() {
    timer_.expires_at(asio::steady_timer::time_point::max());
    timer_.async_wait([self = this->shared_from_this()](const error_code&) {});
  }

  Stream stream_;
  const Script script_;
  std::weak_ptr<ScriptedServer::Parts> server_;
  asio::steady_timer timer_;
  std::array<char, 16384> room_{};
  std::string received_;
  std::size_t at_ = 0;
  std::size_t left_ = 0;
};

}  // namespace

void ScriptedServer::Parts::accept() {
  acceptor.async_accept([self = shared_from_this()](const error_code& error, Socket socket) {
    if (error) return;
    socket.set_option(asio::ip::tcp::no_delay(true));
    Script script = self->plan(self->connections++);
    if (self->tls) {
      const auto session = std::make_shared<StreamPeer<TlsStream>>(TlsStream(std::move(socket), *self->tls),
                                                                   std::move(script), self);
      self->peers.push_back(session);
      session->start();
    } else {
      const auto session = std::make_shared<StreamPeer<Socket>>(std::move(socket), std::move(script), self);
      self->peers.push_back(session);
      session->start();
    }
    self->accept();
  });
}

ScriptedServer::ScriptedServer(asio::io_context& context, Plan plan, const ServerTls* tls)
    : parts_(std::make_shared<Parts>(context, std::move(plan))) {
  if (tls != nullptr) {
    parts_->tls.emplace(ssl::context::tls_server);
    parts_->tls->use_certificate_chain_file(tls->certificate);
    parts_->tls->use_private_key_file(tls->key, ssl::context::pem);
    if (!tls->client_authority.empty()) {
      parts_->tls->load_verify_file(tls->client_authority);
      parts_->tls->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
    }
  }
  parts_->accept();
}

ScriptedServer::~ScriptedServer() {
  stop_listening();
  close_all();
}

std::uint16_t ScriptedServer::port() const {
  return parts_->acceptor.local_endpoint().port();
}
std::size_t ScriptedServer::connections() const {
  return parts_->connections;
}
const std::vector<std::string>& ScriptedServer::requests() const {
  return parts_->requests;
}

std::size_t ScriptedServer::open_connections() const {
  return static_cast<std::size_t>(std::count_if(parts_->peers.begin(), parts_->peers.end(),
                                                [](const auto& session) { return session->is_open(); }));
}

void ScriptedServer::close_all() {
  for (const auto& session : parts_->peers) session->close();
}

void ScriptedServer::stop_listening() {
  error_code ignored;
  parts_->acceptor.close(ignored);
}

Step request() {
  return {Step::Kind::request, {}, 1, {}};
}
Step say(std::string bytes) {
  return {Step::Kind::say, std::move(bytes), 1, {}};
}
Step say_bytewise(std::string bytes) {
  return {Step::Kind::say_bytewise, std::move(bytes), 1, {}};
}
Step flood(std::string bytes, std::size_t times) {
  return {Step::Kind::flood, std::move(bytes), times, {}};
}
Step pause(std::chrono::milliseconds time) {
  return {Step::Kind::pause, {}, 1, time};
}
Step finish() {
  return {Step::Kind::finish, {}, 1, {}};
}
Step close() {
  return {Step::Kind::close, {}, 1, {}};
}
Step reset() {
  return {Step::Kind::reset, {}, 1, {}};
}
Step deaf() {
  return {Step::Kind::deaf, {}, 1, {}};
}
Step stall() {
  return {Step::Kind::stall, {}, 1, {}};
}

std::string ok(const std::string& json) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(json.size()) + "\r\n\r\n" + json;
}

}  // namespace rest_client::tests
