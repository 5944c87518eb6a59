// One connection to one server: opened once, then one exchange after the other. Thread: the client's.
//
// Callbacks are never called from inside the call that was given them, never after the connection object is
// gone, and each at most once; a callback may destroy the connection. Destroying it drops what is under way.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "rest_client/message.hpp"
#include "secret.hpp"

namespace rest_client {

struct Exchange {
  Secret head;
  std::shared_ptr<const std::string> body;
  bool body_expected = true;  // false: answers to HEAD have none
  std::size_t max_body = 0;
  bool may_be_unframed = false;  // see Expectation
};

struct Progress {
  bool request_sent = false;     // at least a byte of the request may have left
  bool request_written = false;  // all of it was handed to the system
  std::size_t received = 0;      // bytes of the answer
};

struct ExchangeEnd {
  Answer answer;
  Progress progress;
  bool reusable = false;  // another exchange may follow on this connection
};

class Connection {
 public:
  virtual ~Connection() = default;

  // Resolves, connects, and does the TLS handshake.
  virtual void open(std::function<void(std::optional<Failure>)> done) = 0;

  // After open(), or after an exchange that ended reusable.
  virtual void exchange(Exchange exchange, std::function<void(ExchangeEnd)> done) = 0;
  virtual Progress progress() const = 0;  // of the latest exchange

  // Between exchanges: `lost` is called when the server closes the connection or sends something unasked.
  virtual void rest(std::function<void()> lost) = 0;
  // Asks the system: neither closed by the server nor with bytes nobody asked for.
  virtual bool is_clean() = 0;
};

}  // namespace rest_client
