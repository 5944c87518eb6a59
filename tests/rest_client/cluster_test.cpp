// Several nodes: turns, failover, and who is left out for how long.
#include <algorithm>

#include "rig.hpp"

using namespace rest_client;
using namespace rest_client::simulated;

namespace {

Failure refusal() {
  return make_failure(FailureKind::refused, "http://node refused the connection");
}

}  // namespace

TEST_CASE("requests take turns over the nodes") {
  Rig rig(3);
  for (int i = 0; i < 6; ++i) {
    rig.send(Method::get, "/" + std::to_string(i));
    rig.world->run(milliseconds(10));
  }
  for (std::size_t i = 0; i < 6; ++i) CHECK(rig.world->asked[i].node == i % 3);
}

TEST_CASE("a node that is down costs no call, is taken out, probed every 10 s, and comes back") {
  Rig rig(2);
  bool down = true;
  rig.world->opening = [&down](std::size_t node) {
    return node == 1 && down ? Opening{milliseconds(1), refusal(), false} : Opening{};
  };
  for (std::size_t i = 0; i < 30; ++i) {
    rig.send(i % 2 == 0 ? Method::get : Method::put, "/a");
    rig.world->run(milliseconds(200));
    CHECK(rig.status(i) == 200);
  }
  const auto to_node_1 = [&rig] {
    return std::count(rig.world->opened.begin(), rig.world->opened.end(), 1U);
  };
  CHECK(to_node_1() == failures_until_out);
  rig.world->run(seconds(30));
  CHECK(to_node_1() == failures_until_out + 3);

  down = false;
  rig.world->run(seconds(10));
  CHECK(rig.world->asked.back().line == "GET /probe");
  rig.send(Method::get, "/a");
  rig.send(Method::get, "/b");
  rig.world->run(seconds(1));
  CHECK(rig.world->asked.back().node + rig.world->asked[rig.world->asked.size() - 2].node == 1);
  rig.world->run(seconds(60));
  CHECK(rig.world->idle());  // probing has ended
}

TEST_CASE("the last node is asked even if it fails always") {
  Rig rig(2);
  rig.world->opening = [](std::size_t) { return Opening{milliseconds(1), refusal(), false}; };
  for (std::size_t i = 0; i < 40; ++i) {
    rig.send(Method::put, "/a");
    rig.world->run(milliseconds(50));
    CHECK(rig.failure(i).kind == FailureKind::refused);
  }
  CHECK(rig.world->opened.size() >= 40);
}

TEST_CASE("a probe without an answer ends, and the next one comes") {
  Rig rig(2);
  rig.world->opening = [](std::size_t node) { return Opening{milliseconds(1), std::nullopt, node == 1}; };
  for (int i = 0; i < 12; ++i) {
    rig.send(Method::put, "/a", seconds(5));
    rig.world->run(seconds(5));
  }
  const std::size_t before = rig.world->opened.size();
  rig.world->run(seconds(31));
  CHECK(rig.world->opened.size() == before + 3);
  CHECK(rig.world->open_now[1] <= 1);
}
