// Answers cut at every byte, in all three framings, by a proper close and by a reset: good only if whole.
#include "catch.hpp"
#include "fixture.hpp"

using namespace rest_client;
using namespace rest_client::tests;

namespace {

const std::string by_length = ok(R"([{"id":"a1"}])");
const std::string by_chunks =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: "
    "chunked\r\n\r\n5\r\n[{\"id\r\n8\r\n\":\"a1\"}]\r\n0\r\n\r\n";
const std::string by_close = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[{\"id\":\"a1\"}]";

void cut_everywhere(const std::string& whole, const Step& end, Method method) {
  Fixture f([&](std::size_t connection) {
    if (connection == 0) return Script{request(), end};
    return Script{request(), say(whole.substr(0, connection)), end};
  });
  for (std::size_t length = 0; length < whole.size(); ++length) {
    Request wish = method == Method::get ? get("/a") : put("/a");
    wish.method = method;
    const Answer answer = f.ask(std::move(wish));
    if (std::holds_alternative<Response>(answer)) FAIL("good after " << length << " bytes of " << whole);
    const Failure failure = std::get<Failure>(answer);
    if (method == Method::get) {
      const bool recognized = failure.kind == FailureKind::cut || failure.kind == FailureKind::malformed;
      if (!recognized) FAIL(length << " bytes: " << to_string(failure.kind) << ", " << failure.cause);
    } else if (failure.kind != FailureKind::outcome_unknown) {
      FAIL(length << " bytes: " << to_string(failure.kind) << ", " << failure.cause);
    }
  }
  CHECK(f.server->connections() == whole.size());  // a cut answer was never asked for again
  CHECK(f.server->requests().size() == whole.size());
}

}  // namespace

TEST_CASE("a read that is cut anywhere is a failure") {
  for (const std::string& whole : {by_length, by_chunks, by_close}) {
    cut_everywhere(whole, close(), Method::get);
    cut_everywhere(whole, reset(), Method::get);
  }
}

TEST_CASE("a change whose answer is cut anywhere has an unknown outcome, and is not repeated") {
  for (const std::string& whole : {by_length, by_chunks}) {
    for (const Method method : {Method::put, Method::post, Method::del})
      cut_everywhere(whole, close(), method);
  }
}

TEST_CASE("whole answers are good, whatever the server does after them") {
  for (const std::string& whole : {by_length, by_chunks}) {
    for (const Step& end : {close(), stall(), finish()}) {
      Fixture f(always({request(), say(whole), end}));
      CHECK(response_of(f.ask(get("/a"))).body == R"([{"id":"a1"}])");
    }
  }
}

TEST_CASE("JSON that ends with the connection is taken by a read when it is whole by its own brackets") {
  Fixture f(always({request(), say(by_close), close()}));
  CHECK(response_of(f.ask(get("/a"))).body == R"([{"id":"a1"}])");
}

TEST_CASE(
    "a change whose answer ends with the connection has an unknown outcome: nothing says that it is whole") {
  Fixture f(always({request(), say(by_close), close()}));
  CHECK(failure_of(f.ask(put("/a"))).kind == FailureKind::outcome_unknown);
}

TEST_CASE("a server that says less than it announced has cut its answer; one that says more has answered") {
  Fixture less(
      always({request(), say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[1]"), finish(), stall()}));
  CHECK(failure_of(less.ask(get("/a"))).kind == FailureKind::cut);
  Fixture more(always({request(), say("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[1], 2, 3]"), stall()}));
  CHECK(response_of(more.ask(get("/a"))).body == "[1]");
  CHECK(response_of(more.ask(get("/a"))).body == "[1]");
  CHECK(more.server->connections() == 2);  // nobody uses that connection again
}
