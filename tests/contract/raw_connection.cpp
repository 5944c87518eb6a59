#include "raw_connection.hpp"

#include <algorithm>
#include <rest_client/url.hpp>

#include "catch.hpp"

namespace contract {
namespace {

constexpr std::chrono::seconds kDeadline{20};

std::size_t content_length(const std::string& head) {
  const std::string name = "\r\ncontent-length: ";
  const auto at = head.find(name);
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + name.size()));
}

}  // namespace

RawConnection::RawConnection(const std::string& url) {
  const auto parsed = rest_client::parse_base_url(url);
  REQUIRE(std::holds_alternative<rest_client::BaseUrl>(parsed));
  const auto& base = std::get<rest_client::BaseUrl>(parsed);
  host_ = base.authority();
  path_ = base.path;
  stream_.expires_after(kDeadline);
  stream_.connect(base.host, std::to_string(base.port));
  REQUIRE(stream_);
}

RawAnswer RawConnection::get(const std::string& target, const std::string& more) {
  return send("GET " + path_ + target + " HTTP/1.1\r\nHost: " + host_ + "\r\n" + more + "\r\n");
}

RawAnswer RawConnection::send(const std::string& bytes) {
  stream_.expires_after(kDeadline);
  stream_ << bytes << std::flush;
  RawAnswer answer;
  std::string line;
  while (std::getline(stream_, line) && line != "\r") answer.head += line + '\n';
  answer.head += "\r\n";
  std::transform(answer.head.begin(), answer.head.end(), answer.head.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  REQUIRE(answer.head.starts_with("http/1.1 "));
  answer.status = std::stoi(answer.head.substr(9, 3));
  if (bytes.starts_with("HEAD ")) return answer;
  answer.body.resize(content_length(answer.head));
  stream_.read(answer.body.data(), static_cast<std::streamsize>(answer.body.size()));
  return answer;
}

bool RawConnection::ended() {
  stream_.expires_after(kDeadline);
  const bool end = stream_.peek() == std::char_traits<char>::eof();
  return end && stream_.error() == boost::asio::error::eof;
}

}  // namespace contract
