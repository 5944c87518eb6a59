// How calls end: each once, whatever ends around them.
#include "catch.hpp"
#include "scene.hpp"

using namespace batch_view_tests;
namespace {

// What a person who looks at a batch has open, and one run.
struct OpenScene {
  World world;
  Host host{world};
  std::string batch;
  std::vector<cockpit_call> calls;

  OpenScene() {
    world.run(seconds{1});
    batch = blocked_batch(world, 12);
  }
  void open_all() {
    calls.push_back(host.watch(
        Host::rows_of("running", Json::object(), {{"sort", {{"key", "start"}, {"order", "desc"}}}})));
    calls.push_back(host.watch(Host::details_of("batch", {{"id", batch}})));
    calls.push_back(host.watch(Host::rows_of("causes", {{"batch", batch}})));
    calls.push_back(host.invoke(Host::rows_of("need")));
    calls.push_back(host.invoke(Host::rows_of("failed-jobs", {{"batch", batch}})));
    calls.push_back(host.invoke(Host::action_of("retry-jobs", all_failed(batch, 12))));
  }
};

// Everything is open, and then something happens: after each so many steps of the world, anew.
void at_any_step(const std::function<void(OpenScene&)>& then) {
  for (std::size_t steps = 0; steps < 160; steps += 3) {
    INFO("after " << steps << " steps");
    OpenScene scene;
    scene.open_all();
    for (std::size_t i = 0; i < steps; ++i) scene.world.step(scene.world.time() + seconds{60});
    then(scene);
  }
}

}  // namespace

TEST_CASE("stopped at any step, each call ends once and nobody is reached afterwards", "[lifetime]") {
  at_any_step([](OpenScene& scene) {
    scene.host.stop();
    CHECK(scene.world.run_until([&] { return scene.host.stopped(); }, seconds{120}));
    for (const auto call : scene.calls) CHECK(scene.host.record(call).completions == 1);
    CHECK(scene.host.complaint.empty());
    scene.host.destroy();
    scene.world.run(seconds{120});
    CHECK(scene.world.open_transports == 0);
    CHECK(scene.host.complaint.empty());
  });
}

TEST_CASE("a plugin that is destroyed at any step answers every call, and late answers reach nobody",
          "[lifetime]") {
  at_any_step([](OpenScene& scene) {
    scene.host.destroy();
    scene.world.run(seconds{120});
    for (const auto call : scene.calls) CHECK(scene.host.record(call).completions == 1);
    CHECK(scene.host.complaint.empty());
  });
}

TEST_CASE("an exception ends its call, and every other call goes on", "[lifetime]") {
  std::size_t ended = 0;
  for (std::size_t at = 1; at < 240; ++at) {
    INFO("the world throws at its call " << at);
    OpenScene scene;
    scene.open_all();
    scene.world.throws_at = at;
    scene.world.run(seconds{20});
    scene.world.throws_at = 0;
    scene.world.run(seconds{60});
    for (std::size_t i = 0; i < scene.calls.size(); ++i) {
      const auto& record = scene.host.record(scene.calls[i]);
      if (record.watch && !record.over()) continue;
      INFO("call " << i);
      REQUIRE(record.completions == 1);
      CHECK((record.status == COCKPIT_OK || record.status == COCKPIT_INTERNAL));
      if (record.status == COCKPIT_INTERNAL) ++ended;
    }
    // Watches that go on are still answered.
    for (const auto call : scene.calls) {
      auto& record = scene.host.record(call);
      if (!record.watch || record.over()) continue;
      const auto before = record.updates.size();
      scene.world.run(seconds{70});
      INFO("a watch of call " << call);
      CHECK((record.over() || record.updates.size() > before));
    }
    // And nothing is stuck.
    CHECK(scene.host.ask(Host::rows_of("need")).status == COCKPIT_OK);
    CHECK(scene.host.ask(Host::rows_of("failed-jobs", {{"batch", scene.batch}})).status == COCKPIT_OK);
    const auto causes = scene.host.ask(Host::rows_of("causes", {{"batch", scene.batch}}));
    INFO(causes.body);
    for (const auto& line : scene.world.reports) UNSCOPED_INFO(line);
    CHECK(causes.status == COCKPIT_OK);
    CHECK(scene.host.complaint.empty());
  }
  CHECK(ended > 20);
}

TEST_CASE("rights that are closed end their calls and polls, and no others'", "[lifetime]") {
  OpenScene scene;
  scene.world.fate = [](const Asked&) { return Fate{milliseconds{100}, milliseconds{100}}; };
  scene.open_all();
  scene.host.open_authority(2);
  const auto theirs =
      scene.host.watch(Host::rows_of("running", Json::object(), {{"sort", {{"key", "start"}}}}), 2);
  scene.world.run(milliseconds{50});
  scene.host.close_authority(1);
  scene.world.run(seconds{5});
  for (const auto call : scene.calls) CHECK(scene.host.record(call).completions == 1);
  CHECK(scene.host.record(scene.calls[0]).status == COCKPIT_CANCELLED);
  CHECK(scene.host.record(scene.calls[3]).status == COCKPIT_CANCELLED);
  CHECK_FALSE(scene.host.record(theirs).over());
  CHECK(scene.world.open_transports == 1);
  CHECK(scene.host.record(theirs).updates.size() > 1);
}
