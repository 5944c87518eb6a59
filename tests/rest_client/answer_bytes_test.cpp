// The reader of answers alone: every split, every cut, every lie about the length.
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include "answer_reader.hpp"
#include "catch.hpp"

using namespace rest_client;

namespace {

constexpr std::size_t max_body = 1000;

// Gives the bytes in pieces that end at `cuts`, then the end of the connection unless it stays open.
// Nothing: the reader still waits.
std::optional<Answer> read(std::string_view bytes, const std::vector<std::size_t>& cuts, bool ends,
                           bool body_expected = true, bool may_be_unframed = false) {
  AnswerReader reader("http://engine", 1024);
  reader.begin({body_expected, max_body, may_be_unframed});
  std::size_t at = 0;
  const auto give_until = [&](std::size_t end) {
    while (at < end) {
      const auto room = reader.room();
      const std::size_t count = std::min(room.size(), end - at);
      std::memcpy(room.data(), bytes.data() + at, count);
      at += count;
      if (reader.received(count)) return true;
    }
    return false;
  };
  for (const std::size_t cut : cuts) {
    if (give_until(cut)) return reader.take();
  }
  if (give_until(bytes.size())) return reader.take();
  if (!ends) return std::nullopt;
  reader.ended(true, "closed the connection");
  return reader.take();
}

bool is_good(const std::optional<Answer>& answer) {
  return answer && std::holds_alternative<Response>(*answer) && !std::get<Response>(*answer).possibly_cut;
}

FailureKind kind_of(const std::optional<Answer>& answer) {
  REQUIRE(answer.has_value());
  REQUIRE(std::holds_alternative<Failure>(*answer));
  CHECK_THAT(std::get<Failure>(*answer).cause, ContainsSubstring("http://engine"));
  return std::get<Failure>(*answer).kind;
}

const std::string by_length =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n[{\"id\":\"a1\"}]";
const std::string by_chunks =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5\r\n[{\"id\r\n8;x=y\r\n\":\"a1\"}]\r\n0\r\nX-Trailer: 1\r\n\r\n";
const std::string by_close = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[{\"id\":\"a1\"}]";

}  // namespace

TEST_CASE("an answer is the same however its bytes are split") {
  for (const std::string& whole : {by_length, by_chunks, "HTTP/1.1 100 Continue\r\n\r\n" + by_length}) {
    for (std::size_t first = 0; first <= whole.size(); ++first) {
      for (std::size_t second = first; second <= whole.size(); second += 7) {
        const auto answer = read(whole, {first, second}, false);
        if (!is_good(answer) || std::get<Response>(*answer).body != R"([{"id":"a1"}])") {
          FAIL("split at " << first << " and " << second << " of " << whole);
        }
      }
    }
  }
}

TEST_CASE("an answer cut at any byte is never good") {
  for (const std::string& whole : {by_length, by_chunks, by_close}) {
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
      const auto answer = read(std::string_view(whole).substr(0, cut), {}, true);
      if (is_good(answer)) FAIL("cut after " << cut << " bytes of " << whole);
      REQUIRE(answer.has_value());
      const FailureKind kind = std::get<Failure>(*answer).kind;
      CHECK((kind == FailureKind::cut || kind == FailureKind::malformed));
    }
  }
  CHECK(is_good(read(by_length, {}, true)));
  CHECK(is_good(read(by_chunks, {}, true)));
}

TEST_CASE("a body that ends with the connection is refused: nobody can tell whether it is whole") {
  CHECK(kind_of(read(by_close, {}, true)) == FailureKind::malformed);
  CHECK(kind_of(read("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\ntrace", {}, true)) ==
        FailureKind::malformed);
  CHECK(kind_of(read("HTTP/1.0 500 Oops\r\nContent-Type: application/problem+json; x=1\r\n\r\n{}", {},
                     true)) == FailureKind::malformed);
  SECTION("but a proxy's page about an error is shown, marked as possibly cut") {
    const auto answer = read("HTTP/1.0 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<h1>no", {}, true);
    REQUIRE(std::holds_alternative<Response>(*answer));
    CHECK(std::get<Response>(*answer).status == 502);
    CHECK(std::get<Response>(*answer).possibly_cut);
    CHECK_FALSE(is_good(answer));
  }
}

TEST_CASE("answers without a body") {
  CHECK(is_good(read("HTTP/1.1 204 No Content\r\n\r\n", {}, false)));
  CHECK(is_good(read("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", {}, false)));
  CHECK(is_good(read("HTTP/1.1 304 Not Modified\r\n\r\n", {}, false)));
  CHECK(is_good(read("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", {}, false)));
  CHECK(is_good(read("HTTP/1.1 200 OK\r\nContent-Length: 1234567\r\n\r\n", {}, false, false)));
}

TEST_CASE("answers that are not whole are waited for") {
  CHECK_FALSE(read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n1234", {}, false).has_value());
  CHECK_FALSE(
      read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", {}, false).has_value());
  CHECK_FALSE(read("HTTP/1.1 100 Continue\r\n\r\n", {}, false).has_value());
}

TEST_CASE("the size of everything is bounded") {
  const std::string head = "HTTP/1.1 200 OK\r\n";
  CHECK(kind_of(read(head + "Content-Length: 1001\r\n\r\n", {}, false)) == FailureKind::too_large);
  CHECK(kind_of(read(head + "Content-Length: 104857600\r\n\r\n", {}, false)) == FailureKind::too_large);
  CHECK(kind_of(read(
            head + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'x') + "\r\n0\r\n\r\n", {},
            false)) == FailureKind::too_large);
  CHECK(kind_of(read(head + "X: " + std::string(2000, 'x') + "\r\n\r\n", {}, false)) ==
        FailureKind::malformed);
  CHECK(kind_of(read(head + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(200000, 'x'), {}, false)) ==
        FailureKind::malformed);
  CHECK(kind_of(read(head + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + std::string(200000, 'x'), {},
                     false)) == FailureKind::malformed);
  std::string interim;
  for (int i = 0; i < 11; ++i) interim += "HTTP/1.1 102 Processing\r\n\r\n";
  CHECK(kind_of(read(interim, {}, false)) == FailureKind::malformed);
}

TEST_CASE("answers with two meanings, or none, are refused") {
  const std::string head = "HTTP/1.1 200 OK\r\n";
  for (const std::string& text :
       {head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
        head + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        head + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        head + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        head + "Transfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        head + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        std::string("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
        head + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        head + "Content-Length: -1\r\n\r\n",
        head + "Content-Length: 2x\r\n\r\n{}",
        head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        head + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx\r\n",
        std::string("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
        std::string("HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n"),
        std::string("HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"),
        std::string("SSH-2.0-OpenSSH_9.2\r\n"),
        std::string("<html>\r\n\r\n"),
        std::string(64, '\0'),
        head + "no colon\r\n\r\n"}) {
    INFO(text);
    CHECK(kind_of(read(text, {}, true)) == FailureKind::malformed);
  }
}

TEST_CASE("random bytes and broken answers: an answer or a failure, never a crash, never good by accident") {
  std::uint32_t state = 12345;
  const auto next = [&state] { return state = state * 1664525U + 1013904223U; };
  std::size_t failures = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string bytes = round % 2 == 0 ? by_length : by_chunks;
    for (std::uint32_t i = 0; i <= next() % 4; ++i)
      bytes[(next() >> 8U) % bytes.size()] = static_cast<char>(next() >> 16U);
    const auto answer = read(bytes, {(next() >> 8U) % bytes.size()}, true);
    REQUIRE(answer.has_value());
    if (std::holds_alternative<Failure>(*answer)) ++failures;
  }
  CHECK(failures > 1000);
}

TEST_CASE("the connection stays only after a good answer of a server that keeps it, and nothing more") {
  const auto stays = [](const std::string& bytes) {
    AnswerReader reader("http://engine", 1024);
    reader.begin({true, max_body});
    std::memcpy(reader.room().data(), bytes.data(), bytes.size());
    REQUIRE(reader.received(bytes.size()));
    reader.take();
    return reader.connection_stays();
  };
  CHECK(stays(by_length));
  CHECK(stays(by_chunks));
  CHECK_FALSE(stays(by_length + "H"));
  CHECK_FALSE(stays(by_length + by_length));
  CHECK_FALSE(stays("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n12345"));
  CHECK_FALSE(stays("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
  CHECK_FALSE(stays("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"));
  CHECK_FALSE(stays("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"));
}

TEST_CASE(
    "JSON that only the connection's end ends is taken for a read when it is whole, cut anywhere it is not") {
  for (const char* start : {"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=UTF-8\r\n\r\n",
                            "HTTP/1.0 400 No\r\nContent-Type: application/problem+json\r\n\r\n"}) {
    const std::string head = start;
    const std::string whole = R"([{"id":"a]\"}","b":[1,{}]},"{"] )";
    const auto answer = read(head + whole, {}, true, true, true);
    REQUIRE(is_good(answer));
    CHECK(std::get<Response>(*answer).body == whole);
    for (std::size_t size = 0; size + 2 < whole.size(); ++size)
      CHECK(kind_of(read(head + whole.substr(0, size), {}, true, true, true)) == FailureKind::cut);
    CHECK_FALSE(read(head + whole, {}, false, true, true));  // the connection has not ended
    for (const char* body : {"", "12", "true", "\"text\"", "[1]]", "[1}", "{}{}", "[] x", "<html>"})
      CHECK(kind_of(read(head + body, {}, true, true, true)) == FailureKind::cut);
  }
  CHECK(kind_of(read("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n[1]", {}, true, true, true)) ==
        FailureKind::malformed);
}

namespace {

std::string zipped(const std::string& text) {
  z_stream stream{};
  REQUIRE(::deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string in = text, out(::deflateBound(&stream, static_cast<uLong>(in.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  ::deflateEnd(&stream);
  return out;
}

std::string gzip_answer(const std::string& body, const std::string& coding = "gzip") {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: " + coding +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("an answer that is compressed unasked is unpacked, within the limit of the body") {
  for (const char* coding : {"gzip", "GZIP", "x-gzip"}) {
    const auto answer = read(gzip_answer(zipped("[1,2]"), coding), {}, true);
    REQUIRE(is_good(answer));
    CHECK(std::get<Response>(*answer).body == "[1,2]");
  }
  CHECK(std::get<Response>(*read(gzip_answer(zipped("[1,") + zipped("2]")), {}, true)).body == "[1,2]");
  CHECK(std::get<Response>(*read(gzip_answer(zipped("")), {}, true)).body.empty());
  CHECK(is_good(read(gzip_answer(zipped(std::string(max_body, 'x'))), {}, true)));
  CHECK(kind_of(read(gzip_answer(zipped(std::string(max_body + 1, 'x'))), {}, true)) ==
        FailureKind::too_large);
  CHECK(kind_of(read(gzip_answer(zipped(std::string(50U << 20U, 'x')).substr(0, 900)), {}, true)) ==
        FailureKind::too_large);
  const auto body = zipped(R"([{"id":"a1"}])");
  for (std::size_t size = 1; size < body.size(); ++size)
    CHECK(kind_of(read(gzip_answer(body.substr(0, size)), {}, true)) == FailureKind::malformed);
  CHECK(kind_of(read(gzip_answer("[1,2]"), {}, true)) == FailureKind::malformed);
  CHECK(kind_of(read(gzip_answer(body + "more"), {}, true)) == FailureKind::malformed);
  CHECK(kind_of(read(gzip_answer("[1,2]", "br"), {}, true)) == FailureKind::malformed);
  // With the connection's end for its end, too.
  const std::string head =
      "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n\r\n";
  CHECK(is_good(read(head + body, {}, true, true, true)));
  CHECK(kind_of(read(head + body.substr(0, body.size() - 3), {}, true, true, true)) == FailureKind::cut);
}

TEST_CASE("a redirect says where to, in characters that can be shown") {
  const auto answer =
      read("HTTP/1.1 302 Found\r\nLocation: https://login.example/?a=\x01\xff b\r\nContent-Length: 0\r\n\r\n",
           {}, true);
  REQUIRE(answer);
  if (const auto* response = std::get_if<Response>(&*answer))
    CHECK(response->location == "https://login.example/?a=b");
  CHECK(std::get<Response>(
            *read("HTTP/1.1 302 Found\r\nLocation: https://login.example/\r\nContent-Length: 0\r\n\r\n", {},
                  true))
            .location == "https://login.example/");
}
