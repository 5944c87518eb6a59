#include "http/poll_stream.hpp"

#include <utility>

namespace host::http {

PollStream::PollStream(IoContext& io) : answer_timer_(io), patience_timer_(io) {}

bool PollStream::write(std::string bytes) {
  if (closed_) return false;
  if (waiting_.size() + bytes.size() > most_waiting_bytes) {
    close();
    return false;
  }
  const bool first = waiting_.empty();
  waiting_ += bytes;
  if (asked_ && first) answer_after(collect);
  return true;
}

void PollStream::take(std::shared_ptr<Exchange> exchange) {
  if (asked_) answer();
  asked_ = std::move(exchange);
  patience_timer_.stop();
  if (closed_) return answer();
  answer_after(waiting_.empty() ? std::chrono::duration_cast<std::chrono::milliseconds>(longest_wait)
                                : collect);
}

void PollStream::answer_after(std::chrono::milliseconds time) {
  answer_timer_.start(time, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->answer();
  });
}

void PollStream::answer() {
  const auto to = std::exchange(asked_, nullptr);
  if (!to) return;
  answer_timer_.stop();
  Response response;
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
  response.body = std::exchange(waiting_, {});
  to->respond(std::move(response));
  if (closed_) return;
  be_patient();
  if (on_drained) on_drained();
}

void PollStream::be_patient() {
  patience_timer_.start(patience, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->close();
  });
}

void PollStream::close() {
  if (std::exchange(closed_, true)) return;
  patience_timer_.stop();
  answer();
  on_drained = nullptr;
  if (const auto notify = std::exchange(on_closed, nullptr)) notify();
}

}  // namespace host::http
