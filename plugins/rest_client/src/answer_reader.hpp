// Bytes of a connection to answers: strict HTTP/1.1, all sizes bounded, an answer is good only if it is
// whole. Touches no socket. One reader a connection. Thread: the client's.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "rest_client/message.hpp"

namespace rest_client {

struct Expectation {
  bool body_expected = true;  // false: the answer to HEAD
  std::size_t max_body = 0;
  // JSON whose end only the end of the connection marks is taken when it is whole by its own brackets.
  bool may_be_unframed = false;
};

class AnswerReader {
 public:
  // `origin` names the server in the causes of failures.
  AnswerReader(std::string origin, std::size_t max_header);
  ~AnswerReader();
  AnswerReader(const AnswerReader&) = delete;
  AnswerReader& operator=(const AnswerReader&) = delete;

  // A new answer is expected.
  void begin(const Expectation& expectation);

  // Where the next bytes go; never empty while an answer is being read. Valid until the next call.
  std::span<char> room();
  // `count` bytes stand in room(). True: the answer is complete, or has failed; then take() it.
  bool received(std::size_t count);
  // The connection has ended (`cleanly`: by a proper close) before received() said true; then take().
  void ended(bool cleanly, const std::string& how);

  Answer take();
  // After take(): the answer was good, the server keeps the connection open, and it said nothing more.
  bool connection_stays() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rest_client
