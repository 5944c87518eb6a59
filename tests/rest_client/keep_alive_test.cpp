// Connections that are used again, and those that must not be.
#include "catch.hpp"
#include "fixture.hpp"

using namespace rest_client;
using namespace rest_client::tests;

namespace {

Script answers(std::size_t count, const Step& end) {
  Script script;
  for (std::size_t i = 0; i < count; ++i) {
    script.push_back(request());
    script.push_back(say(ok("[" + std::to_string(i) + "]")));
  }
  script.push_back(end);
  return script;
}

}  // namespace

TEST_CASE("requests follow each other on one connection") {
  Fixture f(always(answers(50, stall())));
  for (int i = 0; i < 50; ++i) CHECK(response_of(f.ask(get("/a"))).body == "[" + std::to_string(i) + "]");
  CHECK(f.server->connections() == 1);
}

TEST_CASE("requests at the same time use several connections, a bounded number") {
  Fixture f(always(answers(50, stall())), [](Options& options) { options.limits.connections_per_node = 3; });
  std::vector<std::size_t> calls;
  for (int i = 0; i < 30; ++i) calls.push_back(f.send(get("/" + std::to_string(i))));
  for (const std::size_t call : calls) CHECK(response_of(f.wait_for(call)).status == 200);
  CHECK(f.server->connections() == 3);
  CHECK(f.server->requests().size() == 30);
}

TEST_CASE("a server that closes is believed: with a word, or as HTTP/1.0") {
  for (const std::string& answer :
       {std::string("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"),
        std::string("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}")}) {
    Fixture f(always({request(), say(answer), stall()}));
    CHECK(response_of(f.ask(get("/a"))).body == "{}");
    CHECK(response_of(f.ask(put("/b"))).body == "{}");
    CHECK(f.server->connections() == 2);
  }
}

TEST_CASE("an idle connection that was closed in silence costs nothing, not even for a change") {
  Fixture f(always(answers(1, stall())));
  for (int i = 0; i < 5; ++i) {
    CHECK(response_of(f.ask(put("/a"))).status == 200);
    f.server->close_all();  // and the client is not given the time to notice
  }
  CHECK(f.server->requests().size() == 5);
}

TEST_CASE("bytes that nobody asked for end an idle connection") {
  Fixture f(in_turn(
      {{request(), say(ok("[1]")), pause(std::chrono::milliseconds(10)), say(ok("[\"forged\"]")), deaf()},
       answers(2, stall())}));
  CHECK(response_of(f.ask(get("/a"))).body == "[1]");
  f.run_until([&f] { return f.server->open_connections() == 0; });
  CHECK(response_of(f.ask(get("/a"))).body == "[0]");
}

TEST_CASE("two answers to one request: the second is nobody's") {
  Fixture f(in_turn({{request(), say(ok("[1]") + ok("[\"forged\"]")), stall()}, answers(1, stall())}));
  CHECK(response_of(f.ask(get("/a"))).body == "[1]");
  CHECK(response_of(f.ask(get("/b"))).body == "[0]");
  CHECK(f.server->connections() == 2);
}

TEST_CASE("a reused connection that dies before it answers: a read is sent once more, on a fresh one") {
  for (const Step& end : {close(), reset()}) {
    Fixture f(in_turn({{request(), say(ok("[1]")), request(), end}, answers(5, stall())}));
    CHECK(response_of(f.ask(get("/a"))).body == "[1]");
    CHECK(response_of(f.ask(get("/b"))).body == "[0]");
    CHECK(f.server->requests().size() == 3);
  }
}

TEST_CASE("it is sent once more only: if the fresh connection dies too, the read has failed") {
  Fixture f(in_turn({{request(), say(ok("[1]")), request(), close()}, {request(), close()}}));
  CHECK(response_of(f.ask(get("/a"))).body == "[1]");
  CHECK(failure_of(f.ask(get("/b"))).kind == FailureKind::cut);
  CHECK(f.server->requests().size() == 3);
}

TEST_CASE("after the first byte of an answer nothing is sent again") {
  Fixture f(in_turn({{request(), say(ok("[1]")), request(), say("H"), close()}, answers(5, stall())}));
  CHECK(response_of(f.ask(get("/a"))).body == "[1]");
  CHECK(failure_of(f.ask(get("/b"))).kind == FailureKind::cut);
  CHECK(f.server->connections() == 1);
}

TEST_CASE("a reused connection that dies under a change: its outcome is unknown, and it is not sent again") {
  for (const Step& end : {close(), reset()}) {
    Fixture f(in_turn({{request(), say(ok("[1]")), request(), end}, answers(5, stall())}));
    CHECK(response_of(f.ask(get("/a"))).body == "[1]");
    const Failure failure = failure_of(f.ask(put("/b")));
    CHECK(failure.kind == FailureKind::outcome_unknown);
    CHECK(failure.underlying == FailureKind::cut);
    CHECK(f.server->requests().size() == 2);
  }
}

TEST_CASE("an idle connection is closed after its time") {
  Fixture f(always({request(), say(ok("[1]")), request()}),
            [](Options& options) { options.limits.idle = std::chrono::milliseconds(30); });
  CHECK(response_of(f.ask(get("/a"))).body == "[1]");
  f.run_until([&f] { return f.server->open_connections() == 0; });
}

TEST_CASE(
    "identical GETs in flight are one request; unlike ones and those that shall not join are their own") {
  Fixture f(always({request(), pause(std::chrono::milliseconds(30)), say(ok("[1]")), stall()}));
  Request own = get("/a");
  own.may_join = false;
  Request other = get("/a");
  other.accept = "text/plain";
  std::vector<std::size_t> calls{f.send(get("/a")), f.send(get("/a")), f.send(get("/a")), f.send(own),
                                 f.send(other)};
  f.client->cancel(f.call(calls[0]));
  CHECK(failure_of(f.wait_for(calls[0])).kind == FailureKind::cancelled);
  for (std::size_t i = 1; i < calls.size(); ++i) CHECK(response_of(f.wait_for(calls[i])).body == "[1]");
  CHECK(f.server->requests().size() == 3);
}
