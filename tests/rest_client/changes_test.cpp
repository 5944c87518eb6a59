// A change is made once or its outcome is unknown; whoever calls is never left without an end.
#include "catch.hpp"
#include "fixture.hpp"

using namespace rest_client;
using namespace rest_client::tests;

TEST_CASE("a change whose answer is lost, broken or too large has an unknown outcome and is not repeated") {
  for (const Script& script :
       {Script{request(), close()}, Script{request(), reset()},
        Script{request(), say("rubbish\r\n\r\n"), stall()},
        Script{request(), say("HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n"), stall()}}) {
    for (const Method method : {Method::put, Method::post, Method::del}) {
      Fixture f(always(script));
      Request change = put("/a");
      change.method = method;
      const Failure failure = failure_of(f.ask(std::move(change)));
      CHECK(failure.kind == FailureKind::outcome_unknown);
      CHECK(failure.underlying != FailureKind::outcome_unknown);
      CHECK_THAT(failure.cause, ContainsSubstring("unknown"));
      CHECK(f.server->requests().size() == 1);
    }
  }
}

TEST_CASE("a change that ends by deadline, cancel or close after it was sent has an unknown outcome") {
  Fixture f(always({request(), stall()}));
  CHECK(failure_of(f.ask(put("/a", "{}", std::chrono::milliseconds(100)))).kind ==
        FailureKind::outcome_unknown);

  const std::size_t cancelled = f.send(put("/b"));
  f.run_until([&f] { return f.server->requests().size() == 2; });
  f.client->cancel(f.call(cancelled));
  CHECK(failure_of(f.wait_for(cancelled)).kind == FailureKind::outcome_unknown);

  const std::size_t closed = f.send(put("/c"));
  f.run_until([&f] { return f.server->requests().size() == 3; });
  f.client->close();
  const Failure failure = failure_of(f.wait_for(closed));
  CHECK(failure.kind == FailureKind::outcome_unknown);
  CHECK(failure.underlying == FailureKind::shutting_down);
}

TEST_CASE("a change that was never sent failed for certain") {
  Fixture f(always({stall()}));
  const std::size_t cancelled = f.send(put("/a"));
  f.client->cancel(f.call(cancelled));
  CHECK(failure_of(f.wait_for(cancelled)).kind == FailureKind::cancelled);
  f.client->close();
  CHECK(failure_of(f.ask(put("/a"))).kind == FailureKind::shutting_down);
  CHECK(f.server->requests().empty());
}

TEST_CASE("closing answers every call once, closes every connection, and leaves nothing to do") {
  Fixture f(always({request(), say(ok("[1]")), request(), stall()}),
            [](Options& options) { options.limits.connections_per_node = 2; });
  CHECK(response_of(f.ask(get("/idle"))).status == 200);
  std::vector<std::size_t> calls;
  for (int i = 0; i < 6; ++i) calls.push_back(f.send(get("/" + std::to_string(i))));
  f.run_until([&f] { return f.server->requests().size() >= 3; });
  f.client->close();
  for (const std::size_t call : calls) {
    const Answer answer = f.wait_for(call);
    if (const auto* failure = std::get_if<Failure>(&answer))
      CHECK(failure->kind == FailureKind::shutting_down);
  }
  f.server.reset();
  CHECK(f.run_out());
}

TEST_CASE("a client may go while its callback runs") {
  Fixture f(always({request(), say(ok("[1]")), stall()}));
  int ended = 0;
  for (int i = 0; i < 3; ++i) {
    f.client->send(get("/" + std::to_string(i)), [&f, &ended](const Answer&) {
      ++ended;
      f.client.reset();
    });
  }
  f.run_until([&ended] { return ended == 3; });
  f.server.reset();
  CHECK(f.run_out());
}
