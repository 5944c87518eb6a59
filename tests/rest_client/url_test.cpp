#include "catch.hpp"
#include "rest_client/client.hpp"

using namespace rest_client;

namespace {

BaseUrl good(std::string_view text) {
  const auto parsed = parse_base_url(text);
  INFO(text);
  REQUIRE(std::holds_alternative<BaseUrl>(parsed));
  return std::get<BaseUrl>(parsed);
}

std::string refused(std::string_view text) {
  const auto parsed = parse_base_url(text);
  INFO(text);
  REQUIRE(std::holds_alternative<UrlProblem>(parsed));
  return std::get<UrlProblem>(parsed).cause;
}

}  // namespace

TEST_CASE("a base URL has a scheme, a host, a port and a path") {
  const BaseUrl plain = good("http://Engine.example/engine-rest");
  CHECK_FALSE(plain.tls);
  CHECK(plain.host == "engine.example");
  CHECK(plain.port == 80);
  CHECK(plain.path == "/engine-rest");
  CHECK(plain.origin() == "http://engine.example");

  const BaseUrl deep = good("HTTPS://engine:8443/engine-rest/engine/foo//");
  CHECK(deep.tls);
  CHECK(deep.port == 8443);
  CHECK(deep.path == "/engine-rest/engine/foo");
  CHECK(deep.authority() == "engine:8443");

  CHECK(good("http://localhost:8080").path.empty());
  CHECK(good("http://localhost:8080/").path.empty());
  CHECK(good("https://engine").port == 443);

  const BaseUrl numbered = good("http://10.0.0.1.example:8080/engine-rest");
  CHECK(numbered.authority() == "10.0.0.1.example:8080");
  CHECK(numbered.path == "/engine-rest");
  CHECK(good("http://127.0.0.1:8080").authority() == "127.0.0.1:8080");

  const BaseUrl six = good("http://[::1]:8080/engine-rest");
  CHECK(six.host == "::1");
  CHECK(six.authority() == "[::1]:8080");
}

TEST_CASE("addresses that cannot be meant are refused") {
  for (const char* text : {"",
                           "engine:8080",
                           "ftp://engine",
                           "http://",
                           "http:///x",
                           "http://engine:0",
                           "http://engine:",
                           "http://engine:65536",
                           "http://engine:8a",
                           "http://engine?x=1",
                           "http://engine/#x",
                           "http://engine /x",
                           "http://engine\r\nX: 1",
                           "http://[::1",
                           "http://[::1]8080",
                           "http://[]",
                           "http://eng%69ne",
                           "http://\xc3\xa9ngine",
                           "http://engine/a/../b",
                           "http://engine/%2E%2e",
                           "http://engine/./a",
                           "http://1.2.3.4:8a",
                           "http://[v1.a]/",
                           "http://engine/%zz"}) {
    CHECK_FALSE(refused(text).empty());
  }
}

TEST_CASE("an address with a password is refused, and the refusal does not repeat it") {
  const std::string cause = refused("http://demo:hunter2@engine/engine-rest");
  CHECK_THAT(cause, ContainsSubstring("credentials"));
  CHECK(cause.find("hunter2") == std::string::npos);
  refused("http://demo@engine/engine-rest");
}

TEST_CASE("a target must be clean: nothing in it can become a second header or another path") {
  CHECK(problem_of_target("/batch/statistics?maxResults=50&sortBy=a%20b", 8000).empty());
  CHECK(problem_of_target("/a/..b/...?x=/../", 8000).empty());
  for (const char* text : {"", "batch", "/a b", "/a\r\nX: 1", "/a\n", "/a#b", "/\xc3\xa9", "/\x7f", "/a/../b",
                           "/..", "/./a", "/a/%2e%2E", "/a/.%2e?x"}) {
    INFO(text);
    CHECK_FALSE(problem_of_target(text, 8000).empty());
  }
  CHECK_FALSE(problem_of_target("/" + std::string(8000, 'a'), 8000).empty());
}

TEST_CASE("encoded text stays within its segment") {
  CHECK(encode("a-B_9.~") == "a-B_9.~");
  CHECK(encode("a/b?c#d%e\"f g\r\n") == "a%2Fb%3Fc%23d%25e%22f%20g%0D%0A");
  CHECK(encode("\xc3\xa9") == "%C3%A9");
}
