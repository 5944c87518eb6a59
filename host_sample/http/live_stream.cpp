// The writing side of a stream: event streams and downloads.
#include <boost/asio/write.hpp>
#include <cstdio>

#include "http/connection.hpp"

namespace host::http {
namespace {

using boost::system::error_code;

std::string chunk_of(const std::string& bytes) {
  char size[24];
  const auto length = std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  std::string chunk;
  chunk.reserve(bytes.size() + sizeof size + 2);
  chunk.append(size, static_cast<std::size_t>(length)).append(bytes).append("\r\n");
  return chunk;
}

}  // namespace

LiveStream::LiveStream(std::shared_ptr<Connection> of, Framing framing)
    : connection_(std::move(of)), framing_(framing) {}

void LiveStream::begin(std::string head) {
  connection_->doing_ = Connection::Doing::writing;
  queue(std::move(head));
  watch_peer();
}

bool LiveStream::write(std::string bytes) {
  if (!connection_ || ending_) return false;
  if (bytes.empty()) return true;
  return queue(framing_ == Framing::chunked ? chunk_of(bytes) : std::move(bytes));
}

bool LiveStream::queue(std::string bytes) {
  queued_ += bytes.size();
  if (queued_ > connection_->server_->limits.stream_bytes) {
    closed();
    return false;
  }
  queue_.push_back(std::move(bytes));
  if (!writing_) write_next();
  return true;
}

void LiveStream::finish() {
  if (!connection_ || ending_) return;
  if (framing_ == Framing::chunked && !queue("0\r\n\r\n")) return;
  abort();
}

void LiveStream::abort() {
  ending_ = true;
  if (!writing_) closed();
}

void LiveStream::write_next() {
  writing_ = true;
  connection_->write_parts({boost::asio::buffer(queue_.front()), {}},
                           [self = shared_from_this()](bool whole) {
                             if (!self->connection_) return;
                             if (!whole) return self->closed();
                             self->queued_ -= self->queue_.front().size();
                             self->queue_.pop_front();
                             if (!self->queue_.empty()) return self->write_next();
                             self->writing_ = false;
                             if (self->ending_) return self->closed();
                             if (self->on_drained) self->on_drained();
                           });
}

// The peer sends nothing on a stream; when its side ends, so do we.
void LiveStream::watch_peer() {
  connection_->socket_.async_wait(boost::asio::ip::tcp::socket::wait_read,
                                  [self = shared_from_this()](error_code) { self->closed(); });
}

void LiveStream::closed() {
  const auto gone = std::exchange(connection_, nullptr);
  if (!gone) return;
  gone->close();
  on_drained = nullptr;
  if (const auto notify = std::exchange(on_closed, nullptr)) notify();
}

}  // namespace host::http
