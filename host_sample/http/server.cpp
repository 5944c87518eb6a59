#include "http/server.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <stdexcept>

#include "http/connection.hpp"

namespace host::http {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t refused_at_once = 64;  // connections over the limit that are being refused

// No child of this process inherits it: what is started here is often somebody else's code.
template <class Socket>
void close_on_exec(Socket& socket) {
  ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
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
  return static_cast<std::size_t>(std::count_if(headers.begin(), headers.end(),
                                                [name](const auto& header) { return header.first == name; }));
}

void Server::State::accept() {
  acceptor.async_accept([weak = weak_from_this()](error_code error, tcp::socket socket) {
    const auto self = weak.lock();
    if (!self || !self->acceptor.is_open()) return;
    if (error) {  // out of descriptors, most likely: wait for some to come back
      self->make_room();
      self->pause.expires_after(std::chrono::milliseconds{100});
      self->pause.async_wait([weak](error_code failed) {
        const auto waited = weak.lock();
        if (!failed && waited && waited->acceptor.is_open()) waited->accept();
      });
      return;
    }
    self->accepted(std::move(socket));
  });
}

void Server::State::accepted(tcp::socket socket) {
  close_on_exec(socket);
  error_code ignored;
  socket.set_option(tcp::no_delay{true}, ignored);
  // A peer that vanished without a word is found out by what it does not confirm.
  const int patience = static_cast<int>(std::chrono::milliseconds{limits.peer_patience}.count());
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof patience);
  const bool room = open.size() < limits.connections || make_room();
  const auto connection = std::make_shared<Connection>(shared_from_this(), std::move(socket));
  open.insert(connection);
  if (room)
    connection->read_request();
  else
    connection->refuse(503, "Too many connections at once.");
  if (open.size() < limits.connections + refused_at_once) accept();
}

bool Server::State::make_room() {
  std::shared_ptr<Connection> least;
  for (const auto& one : open) {
    const auto rank = one->expendable();
    if (rank == 0) continue;
    if (!least || rank > least->expendable() || (rank == least->expendable() && one->used() < least->used()))
      least = one;
  }
  if (!least) return false;
  least->close();
  return true;
}

void Server::State::closed(const std::shared_ptr<Connection>& connection) {
  const bool was_full = open.size() == limits.connections + refused_at_once;
  open.erase(connection);
  if (was_full && acceptor.is_open()) accept();
}

Server::Server(IoContext& io, std::uint16_t port, ServerLimits limits, Handler handler)
    : state_(std::make_shared<State>(io, limits, std::move(handler))) {
  const tcp::endpoint here{asio::ip::address_v4::loopback(), port};
  error_code error;
  auto& acceptor = state_->acceptor;
  acceptor.open(here.protocol(), error);
  if (!error) close_on_exec(acceptor);
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
    if (connection->idle() || connection->streams()) connection->close();
}

}  // namespace host::http
