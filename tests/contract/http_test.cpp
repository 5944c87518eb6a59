// HTTP as the server around an engine speaks it.
#include "catch.hpp"
#include "engine.hpp"
#include "raw_connection.hpp"

using namespace contract;

TEST_CASE("a connection is kept for a hundred answers; the hundredth says that it closes") {
  RawConnection connection(Engine::open().url());
  for (int i = 1; i < 100; ++i) {
    const RawAnswer answer = connection.get("/version");
    REQUIRE(answer.status == 200);
    REQUIRE_FALSE(answer.has("connection: close"));
  }
  CHECK(connection.get("/version").has("connection: close"));
  CHECK(connection.ended());
}

TEST_CASE("answers to GET are not to be cached and carry no validator or compression") {
  RawConnection connection(Engine::open().url());
  const RawAnswer answer =
      connection.get("/batch/count", "Accept-Encoding: gzip\r\nIf-None-Match: \"x\"\r\n");
  CHECK(answer.status == 200);
  CHECK(answer.has("cache-control: no-cache"));
  CHECK(answer.head.find("\r\ndate: ") != std::string::npos);
  for (const char* header :
       {"\r\netag:", "\r\nlast-modified:", "\r\ncontent-encoding:", "\r\naccess-control-"})
    CHECK(answer.head.find(header) == std::string::npos);
}

TEST_CASE("after 400 and 500 the server closes, after 404 and 405 it does not") {
  const std::string& url = Engine::open().url();
  const auto closes = [&](const std::string& target) {
    return RawConnection(url).get(target).has("connection: close");
  };
  CHECK(closes("/batch?sortBy=nope&sortOrder=asc"));
  CHECK_FALSE(closes("/batch/nope"));
  CHECK_FALSE(closes("/job/nope/suspended"));
}

TEST_CASE("a slash or a NUL escaped in the path never reaches the engine") {
  const std::string& url = Engine::open().url();
  for (const char* target : {"/batch/a%2Fb", "/batch/a%00b"}) {
    const RawAnswer answer = RawConnection(url).get(target);
    CHECK(answer.status == 400);
    CHECK_THAT(answer.head, ContainsSubstring("content-type: text/html"));
    CHECK(answer.has("connection: close"));
  }
}

TEST_CASE("8 kB of request line and headers are the limit") {
  const std::string& url = Engine::open().url();
  CHECK(RawConnection(url).get("/batch/count?x=" + std::string(7500, 'x')).status == 200);
  const RawAnswer refused = RawConnection(url).get("/batch/count?x=" + std::string(8300, 'x'));
  CHECK(refused.status == 400);
  CHECK_THAT(refused.head, ContainsSubstring("content-type: text/html"));
}

TEST_CASE("a request without Host, or with two, is refused") {
  for (const char* headers : {"", "Host: a\r\nHost: b\r\n"}) {
    RawConnection connection(Engine::open().url());
    CHECK(connection.send("GET " + connection.path() + "/version HTTP/1.1\r\n" + headers + "\r\n").status ==
          400);
  }
}

TEST_CASE("HEAD answers as GET does, without the body") {
  RawConnection connection(Engine::open().url());
  const std::string request = "HEAD " + connection.path() +
                              "/version HTTP/1.1\r\nHost: " + connection.host() +
                              "\r\nConnection: close\r\n\r\n";
  RawConnection other(Engine::open().url());
  const RawAnswer get = other.get("/version");
  // The length announced is that of GET, and nothing follows it.
  CHECK_THAT(get.head, ContainsSubstring("content-length: " + std::to_string(get.body.size())));
  const RawAnswer head = connection.send(request);
  CHECK(head.status == 200);
  // Not every server behind an engine says it.
  if (head.head.find("content-length: ") != std::string::npos)
    CHECK_THAT(head.head, ContainsSubstring("content-length: " + std::to_string(get.body.size())));
  CHECK(connection.ended());
}

TEST_CASE("the demo engine refuses what lets two servers disagree about where a request ends",
          "[demo-only]") {
  const auto refused = [](const std::string& headers, const std::string& rest) {
    RawConnection connection(Engine::open().url());
    const std::string line =
        "PUT " + connection.path() + "/job/x/retries HTTP/1.1\r\nHost: " + connection.host() + "\r\n";
    return connection.send(line + "Content-Type: application/json\r\n" + headers + "\r\n" + rest);
  };
  const std::string chunk = "d\r\n{\"retries\":1}\r\n0\r\n\r\n";
  for (const char* headers :
       {"Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\nContent-Length: 13\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "Content-Length: x\r\n"}) {
    const RawAnswer answer = refused(headers, chunk);
    CHECK(answer.status == 400);
    CHECK(answer.has("connection: close"));
  }
}

TEST_CASE("the demo engine answers 413 to a body over its limit, and 400 to what is no HTTP", "[demo-only]") {
  RawConnection large(Engine::open().url());
  const std::string start = "POST " + large.path() + "/job HTTP/1.1\r\nHost: " + large.host() + "\r\n";
  CHECK(large.send(start + "Content-Length: 100000000\r\n\r\n{").status == 413);
  RawConnection garbage(Engine::open().url());
  CHECK(garbage.send("\x16\x03\x01 what is this\r\n\r\n").status == 400);
  CHECK(Engine::open().get("/version").status == 200);
}

TEST_CASE("a trailing slash changes nothing") {
  RawConnection connection(Engine::open().url());
  CHECK(connection.get("/version/").body == connection.get("/version").body);
}
