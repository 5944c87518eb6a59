// An event stream for who cannot have one, as behind a proxy that keeps an answer until it is whole: what
// would have been written waits here, and is taken by one plain request after another.
//
// I/O thread. Owner: the tab, and the requests that wait.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/io.hpp"
#include "http/server.hpp"

namespace host::http {

class PollStream final : public Stream, public std::enable_shared_from_this<PollStream> {
 public:
  static constexpr std::size_t most_waiting_bytes = 8u << 20;     // then it is over
  static constexpr auto longest_wait = std::chrono::seconds{10};  // of a request for something to come
  static constexpr auto collect = std::chrono::milliseconds{50};  // what comes together goes together
  static constexpr auto patience = std::chrono::seconds{30};      // without a request; then it is over

  explicit PollStream(IoContext& io);
  void begin() { be_patient(); }

  bool write(std::string bytes) override;
  std::size_t waiting_bytes() const override { return waiting_.size(); }
  void finish() override { close(); }
  void abort() override { close(); }

  // Answers with what waits, as soon as something does. One that waits already is answered with nothing.
  void take(std::shared_ptr<Exchange> exchange);

 private:
  void answer();
  void answer_after(std::chrono::milliseconds time);
  void be_patient();
  void close();

  std::string waiting_;
  std::shared_ptr<Exchange> asked_;
  Timer answer_timer_, patience_timer_;
  bool closed_ = false;
};

}  // namespace host::http
