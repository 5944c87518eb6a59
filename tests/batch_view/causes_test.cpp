// Causes as the section shows them: joined where many messages differ at one place, opened again, acted on.
#include <algorithm>

#include "catch.hpp"
#include "scene.hpp"

using namespace batch_view_tests;

namespace {

std::string name(std::size_t i) {
  std::string made = "N";
  for (auto rest = i + 1; rest > 0; rest /= 26) made += static_cast<char>('a' + rest % 26);
  return made;
}

// A batch whose failed jobs have the messages that are given, of an engine that is real in all else.
struct FailedBatch {
  FailedBatch(std::size_t jobs, std::function<Json(std::size_t)> message)
      : batch(blocked_batch(world, jobs)) {
    ids = failed_jobs(world, batch);
    std::sort(ids.begin(), ids.end());
    world.fate = [this, message = std::move(message)](const Asked& asked) {
      if (!asked.is("POST", "/job?") || asked.body.find("noRetriesLeft") == std::string::npos) return Fate{};
      const auto number = [&asked](const std::string& of) {
        return std::stoul(asked.target.substr(asked.target.find(of) + of.size()));
      };
      const auto first = number("firstResult=");
      const auto last = std::min(ids.size(), first + number("maxResults="));
      const auto definition = Json::parse(asked.body).at("jobDefinitionId");
      Json rows = Json::array();
      for (auto i = first; i < last; ++i)
        rows.push_back({{"id", ids[i]},
                        {"jobDefinitionId", definition},
                        {"retries", 0},
                        {"exceptionMessage", message(i)}});
      Fate fate;
      fate.status = 200;
      fate.content = rows.dump();
      return fate;
    };
  }
  Json causes() { return host.rows("causes", {{"batch", batch}}).at("rows"); }

  World world;
  Host host{world};
  std::string batch;
  std::vector<std::string> ids;
};

}  // namespace

TEST_CASE("one sentence with 2,000 names in it is one cause, which can be opened again", "[causes]") {
  FailedBatch failed(2005, [](std::size_t i) {
    return i < 2000 ? Json("Customer " + name(i) + " has no contract") : Json("Read timed out");
  });
  const auto rows = failed.causes();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].at("count") == 2000);
  CHECK_THAT(rows[0].at("label").dump(), ContainsSubstring("Customer … has no contract"));
  CHECK(rows[1].at("count") == 5);
  CHECK_FALSE(rows[1].contains("parts"));
  REQUIRE(rows[0].at("parts").size() == 50);
  CHECK(rows[0].at("of") >= 50);

  // Those of the group, of one of its parts, and of nothing else.
  const auto plan = [&failed](const Json& group) {
    auto request = Json{
        {"source", "causes"},
        {"sourceParams", {{"batch", failed.batch}}},
        {"query", {{"filters", Json::object()}, {"group", group.at("key")}, {"count", group.at("count")}}},
        {"dryRun", true}};
    const auto answer = failed.host.act("retry-jobs", request);
    INFO(answer.body);
    REQUIRE(answer.status == COCKPIT_OK);
    return answer.json().at("plan");
  };
  CHECK(plan(rows[0]).at("ids").size() == 2000);
  const auto one = rows[0].at("parts")[0];
  CHECK(plan(one).at("ids").size() == one.at("count"));
  CHECK(plan(one).at("ids")[0] == one.at("sample").at("id"));
  CHECK(plan(rows[1]).at("ids").size() == 5);
}

TEST_CASE("a few different words stay causes of their own", "[causes]") {
  FailedBatch failed(14, [](std::size_t i) { return Json("Missing field \"" + name(i % 7) + "\""); });
  const auto rows = failed.causes();
  CHECK(rows.size() == 7);
  for (const auto& row : rows) CHECK(row.at("count") == 2);
}

TEST_CASE("messages that are empty, blank or absent are one cause, named by the exception where there is one",
          "[causes]") {
  FailedBatch failed(9, [](std::size_t i) {
    return i % 3 == 0 ? Json("") : i % 3 == 1 ? Json("  \n") : Json{};
  });
  const auto with_traces = failed.world.fate;
  std::string trace;
  const auto label = [&] {
    failed.world.fate = [&, with_traces](const Asked& asked) {
      if (!asked.is("GET", "/stacktrace")) return with_traces(asked);
      Fate fate;
      fate.status = trace.empty() ? 204 : 200;
      fate.content = trace;
      return fate;
    };
    const auto rows = failed.causes();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].at("count") == 9);
    return rows[0].at("label").dump();
  };
  SECTION("with an exception") {
    trace = "java.lang.IllegalStateException\n\tat a.b.C.d(C.java:1)\n";
    CHECK_THAT(label(), ContainsSubstring("IllegalStateException, without a message"));
  }
  SECTION("with none") {
    CHECK_THAT(label(),
               ContainsSubstring("retries were set to 0 manually") && !ContainsSubstring("Exception"));
  }
}

TEST_CASE("an exception is not said twice", "[causes]") {
  const auto label = [](const std::string& message, const std::string& trace) {
    FailedBatch failed(3, [&message](std::size_t) { return Json(message); });
    failed.world.fate = [lists = failed.world.fate, &trace](const Asked& asked) {
      if (!asked.is("GET", "/stacktrace")) return lists(asked);
      Fate fate;
      fate.status = 200;
      fate.content = trace;
      return fate;
    };
    return failed.causes().at(0).at("label").get<std::string>();
  };
  const std::string trace = "java.lang.IllegalStateException: x\n\tat a.b.C.d(C.java:1)\n";
  CHECK(label("java.lang.IllegalStateException", trace) == "IllegalStateException");
  CHECK(label("java.lang.IllegalStateException: x", trace) == "IllegalStateException: x");
  CHECK(label("Customer unknown", trace) == "Customer unknown ← IllegalStateException");
  CHECK(label("IllegalStateExceptions are many", trace) ==
        "IllegalStateExceptions are many ← IllegalStateException");
}
