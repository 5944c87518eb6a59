#include "retry_after.hpp"

#include "catch.hpp"

using namespace rest_client;
using std::chrono::seconds;

namespace {

// 1994-11-06 08:49:37 UTC, the example of RFC 9110
constexpr std::chrono::sys_seconds example{seconds{784111777}};

}  // namespace

TEST_CASE("the three forms of an HTTP date mean the same moment") {
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == example);
  CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == example);
  CHECK(parse_http_date("Sun Nov  6 08:49:37 1994") == example);
  CHECK(parse_http_date("Wed, 29 Feb 2040 23:59:60 GMT").has_value());
}

TEST_CASE("what is not a date is none") {
  for (const char* text :
       {"", "x", "Sun, 06 Nov 1994 08:49:37", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT+1", "Sun, -6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT", "Sun Nov  6 08:49:37", "Sunday, 06-Nov-94 08:49 GMT"}) {
    INFO(text);
    CHECK_FALSE(parse_http_date(text).has_value());
  }
}

TEST_CASE("Retry-After is a number of seconds or a date") {
  CHECK(parse_retry_after("120", "", example) == seconds{120});
  CHECK(parse_retry_after(" 0 ", "", example) == seconds{0});
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", "", example) == seconds{60});
}

TEST_CASE("a date is measured by the server's own clock where it tells it") {
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", "Sun, 06 Nov 1994 08:50:07 GMT", example) ==
        seconds{30});
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", "rubbish", example) == seconds{60});
}

TEST_CASE("the past is now, and no wait is endless") {
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", "", example) == seconds{0});
  CHECK(parse_retry_after("99999999", "", example) == longest_retry_after);
  CHECK(parse_retry_after("99999999999999999999999999", "", example) == longest_retry_after);
  CHECK(parse_retry_after("Sun, 06 Nov 2094 08:00:00 GMT", "", example) == longest_retry_after);
}

TEST_CASE("rubbish is not obeyed") {
  for (const char* text : {"", "-1", "1.5", "soon", "12 s"}) {
    INFO(text);
    CHECK_FALSE(parse_retry_after(text, "", example).has_value());
  }
}
