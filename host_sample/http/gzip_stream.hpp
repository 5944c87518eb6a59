// gzip of something that goes on: each piece can be read by the other side as soon as it has it. I/O thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace host::http {

class GzipStream {
 public:
  GzipStream();
  ~GzipStream();

  // The piece, compressed and flushed. The first one carries the header. There is no end: a stream is cut
  // when it is over.
  std::string add(std::string_view piece);

 private:
  struct State;  // about 100 KiB
  std::unique_ptr<State> state_;
};

// A whole gzip file of ours, unpacked. What is no such file gives less than it promises, never more memory
// than it holds.
std::string gunzip(std::span<const unsigned char> packed);

}  // namespace host::http
