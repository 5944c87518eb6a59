// Live answers: one watch for all who look at the same thing, kept over errors and over a change of the
// plugin.
#include <nlohmann/json.hpp>

#include "bench.hpp"

using bench::Bench;
using host::views::LiveUpdate;
using nlohmann::json;

namespace {

// Somebody who looks, and what they heard.
struct Viewer {
  std::vector<LiveUpdate> heard;
  host::views::Live::Id id = 0;

  void look(const Bench& bench, const host::views::Question& question) {
    id = bench.service->listen(question, [this](const LiveUpdate& update) { heard.push_back(update); });
  }
  const LiveUpdate& last() const { return heard.back(); }
  json answer() const { return last().body ? json::parse(*last().body) : json{}; }
};

}  // namespace

TEST_CASE("any number of viewers of one question are one watch, which ends with the last of them") {
  Bench bench;
  bench.drop("well_behaved");
  bench.start();
  std::vector<Viewer> viewers(20);
  for (auto& viewer : viewers) viewer.look(bench, bench.question());
  CHECK(bench.service->watches() == 1);
  bench.until([&] { return !viewers.back().heard.empty(); });
  for (const auto& viewer : viewers) {
    CHECK(viewer.last().status == COCKPIT_OK);
    CHECK(viewer.answer().at("watches") == 1);
  }
  SECTION("a later viewer gets the current state at once") {
    Viewer later;
    later.look(bench, bench.question());
    REQUIRE(later.heard.size() == 1);
    CHECK(later.answer().at("watches") == 1);
    CHECK(later.last().as_of_ms == 1'700'000'000'000);
  }
  SECTION("another question is another watch") {
    auto second_page = bench.question();
    second_page.first = 20;
    Viewer other;
    other.look(bench, second_page);
    CHECK(bench.service->watches() == 2);
    bench.until([&] { return !other.heard.empty(); });
    CHECK(other.answer().at("watches") == 2);
  }
  SECTION("the plugin is notified only when the last viewer left") {
    for (std::size_t i = 1; i < viewers.size(); ++i) bench.service->leave_watch(viewers[i].id);
    CHECK(bench.service->watches() == 1);
    bench.service->leave_watch(viewers.front().id);
    CHECK(bench.service->watches() == 0);
    const auto& runtime = *bench.service->registry().find("hostile")->runtime;
    CHECK(runtime.counts().stale == 0);
    Viewer again;
    again.look(bench, bench.question());
    bench.until([&] { return !again.heard.empty(); });
    CHECK(again.answer().at("watches") == 2);
    CHECK(again.answer().at("cancelled") == 1);
  }
}

TEST_CASE("an error leaves the last answer to be shown, also to who comes later") {
  Bench bench;
  bench.drop("watch_fails_once");
  bench.start();
  Viewer viewer;
  viewer.look(bench, bench.question());
  bench.until([&] { return !viewer.heard.empty() && viewer.last().status == COCKPIT_UNAVAILABLE; });
  CHECK_FALSE(viewer.last().final);
  CHECK_THAT(*viewer.last().body, ContainsSubstring("It did not answer."));
  Viewer later;
  later.look(bench, bench.question());
  REQUIRE_FALSE(later.heard.empty());
  CHECK(later.last().status == COCKPIT_UNAVAILABLE);
}

TEST_CASE("a watch moves to the plugin that replaced its own, and viewers are not notified of the change") {
  Bench bench;
  bench.drop("well_behaved", "plugin");
  bench.start();
  Viewer viewer;
  viewer.look(bench, bench.question());
  bench.until([&] { return !viewer.heard.empty(); });
  bench.drop("well_behaved_2", "plugin");
  bench.until([&] { return viewer.answer().value("from", "") == "2.0.0"; });
  for (const auto& update : viewer.heard) CHECK(update.status == COCKPIT_OK);
}

TEST_CASE("viewers of a removed plugin are notified, and see it again when it is back") {
  Bench bench;
  bench.drop("well_behaved");
  bench.start();
  Viewer viewer;
  viewer.look(bench, bench.question());
  bench.until([&] { return !viewer.heard.empty(); });
  bench.remove("well_behaved.so");
  bench.until([&] { return viewer.last().status == COCKPIT_UNAVAILABLE; });
  CHECK_FALSE(viewer.last().final);
  bench.drop("well_behaved");
  bench.until([&] { return viewer.last().status == COCKPIT_OK && viewer.last().body; });
}

TEST_CASE("a plugin without watches is asked instead") {
  Bench bench;
  bench.drop("smallest");
  bench.start();
  Viewer viewer;
  viewer.look(bench, bench.question("smallest"));
  bench.until([&] { return !viewer.heard.empty(); });
  CHECK(viewer.answer().at("total") == 2);
}

TEST_CASE("an invalid question is reported once, as the end") {
  Bench bench;
  bench.drop("well_behaved");
  bench.start();
  auto question = bench.question();
  question.at = "views/stones/lists/none";
  Viewer viewer;
  viewer.look(bench, question);
  REQUIRE(viewer.heard.size() == 1);
  CHECK(viewer.last().final);
  CHECK(viewer.last().status == COCKPIT_INVALID);
  CHECK(bench.service->watches() == 0);
}
