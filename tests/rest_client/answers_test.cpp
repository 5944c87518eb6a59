// What servers answer, good and bad, over real sockets.
#include "catch.hpp"
#include "fixture.hpp"

using namespace rest_client;
using namespace rest_client::tests;

namespace {

const std::string trickle =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

Answer ask_once(Script script, Request wish) {
  Fixture f(always(std::move(script)));
  return f.ask(std::move(wish));
}

}  // namespace

TEST_CASE("a request goes out as it was meant, below the base path") {
  Fixture f(always({request(), say(ok("[]")), request(), say("HTTP/1.1 204 No Content\r\n\r\n"), stall()}));
  const Response read = response_of(f.ask(get("/batch?maxResults=5")));
  CHECK(read.status == 200);
  CHECK(read.content_type == "application/json");
  CHECK(read.body == "[]");
  Request change = put("/batch/1/suspended", R"({"suspended":true})");
  change.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const Response changed = response_of(f.ask(std::move(change)));
  CHECK(changed.status == 204);
  CHECK(changed.body.empty());

  REQUIRE(f.server->requests().size() == 2);
  CHECK_THAT(f.server->requests()[0],
             ContainsSubstring("GET /engine-rest/batch?maxResults=5 HTTP/1.1\r\nHost: 127.0.0.1:" +
                               std::to_string(f.server->port()) + "\r\n"));
  CHECK(f.server->requests()[0].find("Authorization") == std::string::npos);
  CHECK_THAT(f.server->requests()[1], ContainsSubstring("PUT /engine-rest/batch/1/suspended HTTP/1.1\r\n"));
  CHECK_THAT(f.server->requests()[1], ContainsSubstring("traceparent: 00-0af7651916cd43dd8448eb211c80319c"));
  CHECK_THAT(f.server->requests()[1], ContainsSubstring("\r\n\r\n{\"suspended\":true}"));
}

TEST_CASE("answers that come byte by byte are put together") {
  CHECK(response_of(ask_once({request(), say_bytewise(ok(R"([{"id":1}])")), stall()}, get("/a"))).body ==
        R"([{"id":1}])");
  CHECK(response_of(ask_once({request(), say_bytewise(trickle + "2\r\n[1\r\n1\r\n]\r\n0\r\n\r\n"), stall()},
                             get("/a")))
            .body == "[1]");
}

TEST_CASE("a large answer is read whole") {
  const std::string json = "[\"" + std::string(3U << 20U, 'x') + "\"]";
  CHECK(response_of(ask_once({request(), say(ok(json)), stall()}, get("/a"))).body == json);
}

TEST_CASE("a large request is written whole") {
  Fixture f(always({request(), say(ok("{}")), stall()}));
  const std::string body = "\"" + std::string(4U << 20U, 'x') + "\"";
  CHECK(response_of(f.ask(put("/a", body))).status == 200);
  REQUIRE(f.server->requests().size() == 1);
  CHECK(f.server->requests()[0].ends_with(body));
}

TEST_CASE("interim answers are passed over") {
  CHECK(response_of(
            ask_once({request(),
                      say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
                      say(ok("[7]")), stall()},
                     get("/a")))
            .body == "[7]");
}

TEST_CASE("redirects are answers") {
  Fixture f(always(
      {request(), say("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"), stall()}));
  CHECK(response_of(f.ask(get("/a"))).status == 302);
  CHECK(f.server->requests().size() == 1);
}

TEST_CASE("HEAD has no body, whatever the length says") {
  Fixture f(always(
      {request(), say("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"), request(), say(ok("1")), stall()}));
  Request head = get("/a");
  head.method = Method::head;
  CHECK(response_of(f.ask(std::move(head))).body.empty());
  CHECK(response_of(f.ask(get("/b"))).body == "1");
  CHECK(f.server->connections() == 1);
}

TEST_CASE("errors of the server, and pages of proxies, are handed on") {
  const std::string error = R"({"type":"RestException","message":"no batch"})";
  const Response missing = response_of(
      ask_once({request(),
                say("HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: " +
                    std::to_string(error.size()) + "\r\n\r\n" + error),
                stall()},
               get("/a")));
  CHECK(missing.status == 404);
  CHECK(missing.body == error);
  const Response page = response_of(ask_once(
      {request(),
       say("HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<h1>Bad</h1>"),
       close()},
      get("/a")));
  CHECK(page.status == 400);
  CHECK(page.content_type == "text/html");
  CHECK(page.possibly_cut);
}

TEST_CASE("an answer may come before the request was read") {
  Fixture f(always({say("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"), stall()}));
  CHECK(response_of(f.ask(put("/a", std::string(32U << 20U, 'x')))).status == 413);
}

TEST_CASE("Retry-After is reported, as seconds or as a date") {
  const auto retry_after = [](const std::string& value) {
    return response_of(
               ask_once({request(),
                         say("HTTP/1.1 503 Busy\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: " +
                             value + "\r\nContent-Length: 0\r\n\r\n"),
                         stall()},
                        put("/a")))
        .retry_after;
  };
  CHECK(retry_after("17") == std::chrono::seconds(17));
  CHECK(retry_after("Sun, 06 Nov 1994 08:50:07 GMT") == std::chrono::seconds(30));
  CHECK_FALSE(retry_after("later").has_value());
}

TEST_CASE("100 MB are refused: when announced, and when they just come") {
  const Failure announced =
      failure_of(ask_once({request(), say("HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n"),
                           flood(std::string(1U << 20U, 'x'), 100), stall()},
                          get("/a")));
  CHECK(announced.kind == FailureKind::too_large);
  CHECK_THAT(announced.cause, ContainsSubstring("http://127.0.0.1:"));

  Fixture f(always(
      {request(), say(trickle), flood("100000\r\n" + std::string(1U << 20U, 'x') + "\r\n", 100), stall()}));
  CHECK(failure_of(f.ask(get("/a"))).kind == FailureKind::too_large);
  f.run_until([&f] { return f.server->open_connections() == 0; });  // the rest is not taken
}

TEST_CASE("the limit of a request stands above the client's") {
  Request small = get("/a");
  small.max_body = 3;
  CHECK(failure_of(ask_once({request(), say(ok("[12]")), stall()}, small)).kind == FailureKind::too_large);
  small.max_body = 4;
  CHECK(response_of(ask_once({request(), say(ok("[12]")), stall()}, small)).body == "[12]");
}

TEST_CASE("what is not HTTP is refused, at once") {
  for (const std::string& garbage :
       {std::string("SSH-2.0-OpenSSH_9.2\r\n\r\n"), std::string("<html><body>hello</body></html>\r\n\r\n"),
        std::string(100, '\0'), std::string("HTTP/1.1 200 OK\r\nno colon\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}")}) {
    const Failure failure = failure_of(ask_once({request(), say(garbage), stall()}, get("/a")));
    CHECK(failure.kind == FailureKind::malformed);
    CHECK_THAT(failure.cause, ContainsSubstring("http://127.0.0.1:"));
  }
}

TEST_CASE("a header without end is refused") {
  Fixture f(always({request(), say("HTTP/1.1 200 OK\r\n"), flood("X-More: yes\r\n", 1000000), stall()}));
  CHECK(failure_of(f.ask(get("/a"))).kind == FailureKind::malformed);
}

TEST_CASE("a server that stalls is left at the deadline, wherever it stalls") {
  const std::chrono::milliseconds soon{150};
  for (const Script& script :
       {Script{stall()}, Script{request(), stall()}, Script{request(), say("HTTP/1.1 200"), stall()},
        Script{request(), say(ok("[1]").substr(0, 70)), stall()}}) {
    Fixture f(always(script));
    const Failure failure = failure_of(f.ask(get("/a", soon)));
    CHECK(failure.kind == FailureKind::timeout);
    CHECK_THAT(failure.cause, ContainsSubstring("http://127.0.0.1:"));
  }
  // nothing was read of a request larger than all buffers
  Fixture f(always({stall()}));
  const Failure failure = failure_of(f.ask(put("/a", std::string(32U << 20U, 'x'), soon)));
  CHECK(failure.kind == FailureKind::outcome_unknown);
  CHECK_THAT(failure.cause, ContainsSubstring("sending the request"));
}

TEST_CASE("requests that could smuggle something are refused before anything is sent") {
  Fixture f(always({request(), say(ok("[]")), stall()}));
  Request bad = get("/a\r\nX-Evil: 1");
  CHECK(failure_of(f.ask(bad)).kind == FailureKind::invalid_request);
  bad = get("/a");
  bad.accept = "text/plain\r\nX-Evil: 1";
  CHECK(failure_of(f.ask(bad)).kind == FailureKind::invalid_request);
  CHECK(f.server->connections() == 0);
}
