// Deadlines, pauses and ends, in simulated time.
#include "retry_policy.hpp"
#include "rig.hpp"

using namespace rest_client;
using namespace rest_client::simulated;

TEST_CASE("a connection is used again, and closed when it was idle for 30 s") {
  Rig rig;
  rig.send(Method::get, "/a");
  rig.world->run(seconds(29));
  rig.send(Method::get, "/b");
  rig.world->run(seconds(29));
  CHECK(rig.world->opened.size() == 1);
  CHECK(rig.world->open_now[0] == 1);
  rig.world->run(seconds(2));
  CHECK(rig.world->open_now[0] == 0);
  CHECK(rig.world->idle());
}

TEST_CASE("a deadline holds wherever a call is: it is answered then, and not later") {
  Rig rig;
  SECTION("while connecting") {
    rig.world->opening = [](std::size_t) { return Opening{milliseconds(1), std::nullopt, true}; };
    rig.send(Method::get, "/a", milliseconds(700));
    rig.world->run(seconds(10));
    CHECK_THAT(rig.failure(0).cause, ContainsSubstring("connecting to http://node0:8080"));
  }
  SECTION("while waiting for the answer") {
    rig.world->treatment = [](const Asked&) {
      Treatment treatment;
      treatment.never = true;
      return treatment;
    };
    rig.send(Method::get, "/a", milliseconds(700));
    rig.world->run(seconds(10));
    CHECK_THAT(rig.failure(0).cause, ContainsSubstring("waiting for the answer of http://node0:8080"));
  }
  SECTION("before anything is sent") {
    rig.send(Method::get, "/a", milliseconds(0));
    rig.world->run(seconds(10));
    CHECK(rig.world->opened.empty());
  }
  CHECK(rig.failure(0).kind == FailureKind::timeout);
  CHECK(rig.answered_at[0] <= rig.world->now() - seconds(10) + milliseconds(700));
  for (const std::size_t open : rig.world->open_now) CHECK(open == 0);
}

TEST_CASE("connecting has a limit of its own, and a read is then tried again") {
  Rig rig;
  int attempts = 0;
  rig.world->opening = [&attempts](std::size_t) {
    return Opening{milliseconds(1), std::nullopt, ++attempts == 1};
  };
  rig.send(Method::get, "/a");
  rig.world->run(seconds(20));
  CHECK(rig.status(0) == 200);
  CHECK(rig.world->opened.size() == 2);
}

TEST_CASE("reads are repeated with growing pauses, and the last answer is handed on") {
  Rig rig;
  rig.world->treatment = [](const Asked&) { return Rig::answer(503); };
  rig.send(Method::get, "/a");
  rig.world->run(seconds(60));
  CHECK(rig.status(0) == 503);
  REQUIRE(rig.world->asked.size() == most_attempts);
  auto ceiling = backoff_base;
  for (std::size_t i = 1; i < rig.world->asked.size(); ++i) {
    CHECK(rig.world->asked[i].when - rig.world->asked[i - 1].when <= ceiling + milliseconds(10));
    ceiling *= 2;
  }
}

TEST_CASE("changes are not repeated after an answer, whatever it says") {
  for (const Method method : {Method::put, Method::post, Method::del}) {
    Rig rig(2);
    rig.world->treatment = [](const Asked&) { return Rig::answer(503); };
    rig.send(method, "/a");
    rig.world->run(seconds(60));
    CHECK(rig.status(0) == 503);
    CHECK(rig.world->asked.size() == 1);
  }
}

TEST_CASE("a POST that only reads is repeated like a GET") {
  Rig rig;
  rig.world->treatment = [](const Asked&) { return Rig::answer(503); };
  Request request;
  request.method = Method::post;
  request.only_reads = true;
  request.target = "/a";
  request.deadline = rig.world->now() + seconds(60);
  rig.client->send(std::move(request), [](const Answer&) {});
  rig.world->run(seconds(60));
  CHECK(rig.world->asked.size() == most_attempts);
}

TEST_CASE("Retry-After is obeyed") {
  Rig rig;
  rig.world->treatment = [&rig](const Asked&) {
    Treatment treatment = Rig::answer(rig.world->asked.size() == 1 ? 503 : 200);
    if (rig.world->asked.size() == 1) std::get<Response>(treatment.end.answer).retry_after = seconds(7);
    return treatment;
  };
  SECTION("by waiting as long as asked") {
    rig.send(Method::get, "/a", seconds(30));
    rig.world->run(seconds(30));
    CHECK(rig.status(0) == 200);
    REQUIRE(rig.world->asked.size() == 2);
    CHECK(rig.world->asked[1].when - rig.world->asked[0].when >= seconds(7));
  }
  SECTION("by handing the answer on at once if the deadline comes first") {
    rig.send(Method::get, "/a", seconds(5));
    rig.world->run(seconds(30));
    CHECK(rig.status(0) == 503);
    CHECK(std::get<Response>(*rig.answers[0]).retry_after == seconds(7));
    CHECK(rig.world->asked.size() == 1);
    CHECK(rig.answered_at[0] - rig.world->asked[0].when < seconds(1));
  }
}

TEST_CASE("in a long outage the server gets at most a fifth more requests") {
  Rig rig;
  rig.world->treatment = [](const Asked&) { return Rig::answer(503); };
  for (int i = 0; i < 500; ++i) {
    rig.send(Method::get, "/a");
    rig.world->run(seconds(30));
  }
  CHECK(rig.world->asked.size() <= 500 + 100 + 5);
  CHECK(rig.world->asked.size() >= 600);
}

TEST_CASE("after a change was sent, no ending is certain but its answer") {
  Rig rig;
  rig.world->treatment = [](const Asked&) {
    Treatment treatment;
    treatment.never = true;
    return treatment;
  };
  const CallId call = rig.send(Method::put, "/a", seconds(5));
  SECTION("cancelled before it was sent: it was not made") {
    rig.client->cancel(call);
    rig.world->run(seconds(1));
    CHECK(rig.failure(0).kind == FailureKind::cancelled);
    CHECK(rig.world->asked.empty());
    return;
  }
  rig.world->run(seconds(1));
  FailureKind underlying = FailureKind::timeout;
  SECTION("deadline") {
    rig.world->run(seconds(5));
  }
  SECTION("cancelled") {
    rig.client->cancel(call);
    underlying = FailureKind::cancelled;
  }
  SECTION("closed") {
    rig.client->close();
    underlying = FailureKind::shutting_down;
  }
  rig.world->run(seconds(1));
  CHECK(rig.failure(0).kind == FailureKind::outcome_unknown);
  CHECK(rig.failure(0).underlying == underlying);
}

TEST_CASE("closing ends everything, once, and later calls get an error") {
  Limits limits;
  limits.connections_per_node = 1;
  Rig rig(1, limits);
  rig.world->treatment = [](const Asked&) {
    Treatment treatment;
    treatment.never = true;
    return treatment;
  };
  for (int i = 0; i < 4; ++i) rig.send(Method::get, "/" + std::to_string(i));
  rig.world->run(seconds(1));
  rig.client->close();
  rig.client->close();
  for (const auto& answer : rig.answers) CHECK_FALSE(answer.has_value());
  rig.send(Method::get, "/late");
  rig.world->run(seconds(1));
  for (std::size_t i = 0; i < 5; ++i) CHECK(rig.failure(i).kind == FailureKind::shutting_down);
  CHECK(rig.world->open_now[0] == 0);
  CHECK(rig.world->idle());
}

TEST_CASE("the client may be destroyed from a callback, and every call still gets its answer") {
  Rig rig;
  int ended = 0;
  for (int i = 0; i < 3; ++i) {
    Request request;
    request.target = "/" + std::to_string(i);
    request.deadline = rig.world->now() + seconds(5);
    rig.client->send(std::move(request), [&rig, &ended](const Answer&) {
      ++ended;
      rig.client.reset();
    });
  }
  rig.world->run(seconds(10));
  CHECK(ended == 3);
  CHECK(rig.world->idle());
}

TEST_CASE("a read on an old connection that stays silent is asked once more on a fresh one, soon") {
  Rig rig;
  rig.send(Method::get, "/first");
  rig.send(Method::get, "/second");
  rig.world->run(seconds(1));
  CHECK(rig.world->open_now[0] == 2);
  rig.world->treatment = [](const Asked& asked) {
    auto treatment = Rig::answer(200);
    treatment.never = asked.reused;
    return treatment;
  };
  rig.send(Method::get, "/a", seconds(15));
  rig.world->run(seconds(20));
  CHECK(rig.status(2) == 200);
  REQUIRE(rig.world->asked.size() == 4);
  CHECK(rig.world->asked[2].reused);
  CHECK_FALSE(rig.world->asked[3].reused);
  CHECK(rig.world->asked[3].when - rig.world->asked[2].when ==
        Time::duration{reused_patience} + milliseconds{1});
  // The other old one is not tried either.
  CHECK(rig.world->open_now[0] == 1);
}

TEST_CASE("a fresh connection has the time of the deadline, and a change is never sent twice") {
  Rig rig;
  rig.send(Method::get, "/first");
  rig.world->run(seconds(1));
  rig.world->treatment = [](const Asked&) {
    Treatment treatment;
    treatment.never = true;
    return treatment;
  };
  SECTION("a read") {
    rig.send(Method::get, "/a", seconds(15));
    rig.world->run(seconds(20));
    CHECK(rig.failure(1).kind == FailureKind::timeout);
    CHECK(rig.world->asked.size() == 3);
  }
  SECTION("a change") {
    rig.send(Method::put, "/a", seconds(15));
    rig.world->run(seconds(20));
    CHECK(rig.failure(1).kind == FailureKind::outcome_unknown);
    CHECK(rig.world->asked.size() == 2);
  }
}
