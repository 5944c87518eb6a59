// One plain connection to an engine, for what a client hides: who closes it, headers, and requests no client
// sends.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <string>

namespace contract {

struct RawAnswer {
  int status = 0;
  std::string head;  ///< Lower case: the status line and the header lines.
  std::string body;  ///< As it came; a chunked one stays so.
  bool has(const std::string& line) const { return head.find("\r\n" + line + "\r\n") != std::string::npos; }
};

class RawConnection {
 public:
  /// `url`: the base URL of an engine.
  explicit RawConnection(const std::string& url);

  /// Sends GET for `target` below the base URL and reads the answer. `more`: header lines, each with its line
  /// end.
  RawAnswer get(const std::string& target, const std::string& more = {});
  /// Sends the bytes as they are and reads one answer, without a body after HEAD.
  RawAnswer send(const std::string& bytes);
  /// Whether the peer has closed: waits for the end or for bytes.
  bool ended();

  const std::string& host() const { return host_; }
  const std::string& path() const { return path_; }

 private:
  std::string host_;
  std::string path_;
  boost::asio::ip::tcp::iostream stream_;
};

}  // namespace contract
