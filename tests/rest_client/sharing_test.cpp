// What calls share: exchanges, connections, and the limits on both.
#include "rig.hpp"

using namespace rest_client;
using namespace rest_client::simulated;

TEST_CASE("identical GETs in flight are one exchange; each caller gets the answer") {
  Rig rig;
  for (int i = 0; i < 5; ++i) rig.send(Method::get, "/a");
  rig.send(Method::get, "/b");
  rig.world->run(seconds(1));
  CHECK(rig.world->asked.size() == 2);
  for (std::size_t i = 0; i < 6; ++i) CHECK(rig.status(i) == 200);
  rig.send(Method::get, "/a");
  rig.world->run(seconds(1));
  CHECK(rig.world->asked.size() == 3);
}

TEST_CASE("changes are never joined") {
  Rig rig;
  for (int i = 0; i < 3; ++i) rig.send(Method::post, "/a");
  rig.world->run(seconds(1));
  CHECK(rig.world->asked.size() == 3);
}

TEST_CASE("cancelling or timing out one who joined does not hurt the others") {
  Rig rig;
  rig.world->treatment = [](const Asked&) {
    Treatment treatment = Rig::answer(200);
    treatment.end_after = seconds(2);
    return treatment;
  };
  const CallId first = rig.send(Method::get, "/a");
  rig.send(Method::get, "/a", seconds(1));
  rig.send(Method::get, "/a");
  rig.world->run(milliseconds(100));
  rig.client->cancel(first);
  rig.client->cancel(first);
  rig.client->cancel(4711);
  rig.world->run(seconds(5));
  CHECK(rig.failure(0).kind == FailureKind::cancelled);
  CHECK(rig.failure(1).kind == FailureKind::timeout);
  CHECK(rig.status(2) == 200);
  CHECK(rig.world->asked.size() == 1);
}

TEST_CASE("when all who joined have gone the exchange ends") {
  Rig rig;
  rig.world->treatment = [](const Asked&) {
    Treatment treatment;
    treatment.never = true;
    return treatment;
  };
  const CallId first = rig.send(Method::get, "/a");
  const CallId second = rig.send(Method::get, "/a");
  rig.world->run(milliseconds(100));
  CHECK(rig.world->open_now[0] == 1);
  rig.client->cancel(first);
  rig.client->cancel(second);
  CHECK(rig.world->open_now[0] == 0);
}

TEST_CASE("a GET sent after a change does not join one from before it") {
  Rig rig;
  rig.world->treatment = [](const Asked& asked) {
    Treatment treatment = Rig::answer(200);
    treatment.end_after = asked.line.starts_with("GET") ? seconds(3) : seconds(1);
    return treatment;
  };
  rig.send(Method::get, "/state");
  rig.send(Method::put, "/change");
  rig.world->run(seconds(2));
  REQUIRE(rig.status(1) == 200);
  rig.send(Method::get, "/state");
  rig.world->run(seconds(10));
  CHECK(rig.world->asked.size() == 3);
}

TEST_CASE("connections are bounded; those who wait are served in turn; the queue is bounded too") {
  Limits limits;
  limits.connections_per_node = 2;
  limits.waiting = 3;
  Rig rig(1, limits);
  for (int i = 0; i < 6; ++i) rig.send(Method::get, "/" + std::to_string(i));
  rig.world->run(seconds(1));
  CHECK(rig.world->most_open == 2);
  for (std::size_t i = 0; i < 5; ++i) CHECK(rig.status(i) == 200);
  CHECK(rig.failure(5).kind == FailureKind::busy);
  for (std::size_t i = 0; i < 5; ++i) CHECK(rig.world->asked[i].line == "GET /" + std::to_string(i));
}

TEST_CASE("calls without an answer are bounded, joined ones included") {
  Limits limits;
  limits.calls = 3;
  Rig rig(1, limits);
  for (int i = 0; i < 4; ++i) rig.send(Method::get, "/a");
  rig.world->run(seconds(1));
  CHECK(rig.status(2) == 200);
  CHECK(rig.failure(3).kind == FailureKind::busy);
}
