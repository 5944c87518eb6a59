// The failed jobs of a batch on a demo engine: their causes, and what is done to many of them at once.
#include <set>

#include "catch.hpp"
#include "demo_engine.hpp"

using namespace batch_view_tests;

namespace {

// A batch of so many failed jobs of three causes, which fail again when they are retried or run.
struct Blocked {
  explicit Blocked(std::size_t jobs, std::vector<std::string> more = {})
      : engine([&] {
          more.insert(more.end(), {"--failed", std::to_string(jobs), "--speed", "0.01"});
          return more;
        }()),
        plugin(engine),
        batch(plugin.most_failed().at("id")) {
    REQUIRE(plugin.failed(batch) == jobs);
  }

  Json causes() {
    const auto answer = plugin.read("causes", {{"batch", batch}});
    REQUIRE(answer.status == COCKPIT_OK);
    return answer.body;
  }
  // From the groups of the batch, or from its list of failed jobs.
  Json from(const char* source) const { return {{"source", source}, {"sourceParams", {{"batch", batch}}}}; }
  Json of_group(const Json& group) const {
    auto request = from("causes");
    request["query"] = {
        {"filters", Json::object()}, {"group", group.at("key")}, {"count", group.at("count")}};
    return request;
  }
  Json of_all(std::size_t count) const {
    auto request = from("failed-jobs");
    request["query"] = {{"filters", Json::object()}, {"count", count}};
    return request;
  }
  Json plan(const std::string& action, Json request) {
    request["dryRun"] = true;
    const auto answer = plugin.act(action, request);
    INFO(answer.body.dump());
    REQUIRE(answer.status == COCKPIT_OK);
    return answer.body.at("plan");
  }

  DemoEngine engine;
  Plugin plugin;
  std::string batch;
};

std::size_t number(const Json& value) {
  return value.get<std::size_t>();
}

}  // namespace

TEST_CASE(
    "thousands of failed jobs read as three causes, each with its count, times, example and exception") {
  Blocked blocked(5000);
  const auto answer = blocked.causes();
  CHECK(answer.at("scanned") == 5000);
  CHECK(answer.at("of") == 5000);
  const auto& rows = answer.at("rows");
  REQUIRE(rows.size() == 3);
  CHECK(number(rows[0].at("count")) + number(rows[1].at("count")) + number(rows[2].at("count")) == 5000);
  CHECK(rows[0].at("count") > rows[1].at("count"));
  CHECK(rows[0].at("exception") == "java.io.IOException");
  CHECK(rows[0].at("activity") == "approve");
  CHECK(rows[2].at("exception") == "java.net.SocketException");
  CHECK_THAT(rows[2].at("label").get<std::string>(), ContainsSubstring("Read timed out after ‹duration›"));
  for (const auto& row : rows) {
    CHECK(row.at("first") <= row.at("last"));
    const auto job = blocked.plugin.read("job", {{"id", row.at("sample").at("id")}});
    CHECK(job.status == COCKPIT_OK);
    CHECK(row.at("_actions").at("retry-jobs") == true);
  }
}

TEST_CASE("an engine that allows only 50 rows an answer is asked for 50") {
  Blocked blocked(300, {"--max-results", "50"});
  const auto answer = blocked.causes();
  CHECK(answer.at("scanned") == 300);
  CHECK(answer.at("rows").size() == 3);
  auto request = blocked.of_group(answer.at("rows")[2]);
  const auto count = number(answer.at("rows")[2].at("count"));
  request["plan"] = blocked.plan("delete-jobs", request);
  CHECK(blocked.plugin.act("delete-jobs", request).body.at("affected") == count);
  CHECK(blocked.plugin.failed(blocked.batch) == 300 - count);
}

TEST_CASE("a watch gets at once what is read so far, a single read waits for all of it") {
  Blocked blocked(5000);
  const auto first = blocked.plugin.watch("causes", {{"batch", blocked.batch}});
  CHECK(first.body.at("scanned") > 0);
  CHECK(first.body.at("scanned") < 5000);
  CHECK(first.body.at("rows").size() == 3);
  CHECK(first.body.at("of") == 5000);
  const auto whole = blocked.causes();
  CHECK(whole.at("scanned") == 5000);
  CHECK(whole.at("rows").size() == 3);
  // It is remembered: asked again nothing is read.
  CHECK(blocked.plugin.watch("causes", {{"batch", blocked.batch}}).body == whole);
}

TEST_CASE("one cause is retried alone: exactly the jobs of the plan") {
  Blocked blocked(5000);
  const auto groups = blocked.causes().at("rows");
  auto request = blocked.of_group(groups[1]);
  request["params"] = {{"retries", 2}, {"due", ""}};
  const auto plan = blocked.plan("retry-jobs", request);
  CHECK(plan.at("count") == groups[1].at("count"));
  CHECK(plan.at("counts").size() == 1);
  CHECK(plan.at("ids").size() == number(plan.at("count")));
  CHECK(blocked.plugin.failed(blocked.batch) == 5000);  // nothing is done yet
  request["plan"] = plan;
  const auto result = blocked.plugin.act("retry-jobs", request);
  INFO(result.body.dump().substr(0, 500));
  REQUIRE(result.status == COCKPIT_OK);
  CHECK(result.body.at("outcome") == "accepted");
  CHECK(result.body.at("affected") == groups[1].at("count"));
  CHECK(blocked.plugin.failed(blocked.batch) == 5000 - number(groups[1].at("count")));
  const auto left = blocked.causes().at("rows");
  REQUIRE(left.size() == 2);
  CHECK(left[0].at("key") == groups[0].at("key"));
  CHECK(left[0].at("count") == groups[0].at("count"));
  CHECK(left[1].at("count") == groups[2].at("count"));
  // They wait for the engine now, with the retries that were asked for.
  const auto waiting = blocked.plugin.read("retrying", {{"batch", blocked.batch}});
  CHECK(waiting.body.at("total") == groups[1].at("count"));
  CHECK(waiting.body.at("rows")[0].at("retries") == 2);
  CHECK(waiting.body.at("rows")[0].at("state") == "waiting");
  // And the list of the failed ones begins with failed ones.
  const auto listed = blocked.plugin.read("failed-jobs", {{"batch", blocked.batch}}).body.at("rows");
  CHECK(listed[0].at("state") == "failed");
  // A plan is good for once.
  CHECK(blocked.plugin.act("retry-jobs", request).status == COCKPIT_CONFLICT);
}

TEST_CASE("all failed jobs are retried with one call of the engine") {
  Blocked blocked(3000);
  auto request = blocked.of_all(3000);
  request["plan"] = blocked.plan("retry-jobs", request);
  CHECK(request.at("plan").at("counts").size() == 3);
  std::size_t read_so_far = 0;
  const auto result = blocked.plugin.act(
      "retry-jobs", request, {}, [&read_so_far](const Json& progress) { read_so_far = progress.at("done"); });
  CHECK(result.body.at("outcome") == "accepted");
  CHECK(result.body.at("affected") == 3000);
  CHECK(blocked.plugin.failed(blocked.batch) == 0);
}

TEST_CASE("a plan acts on no job that is gone, and says which these are") {
  Blocked blocked(700);
  const auto groups = blocked.causes().at("rows");
  auto request = blocked.of_group(groups[2]);
  const auto plan = blocked.plan("delete-jobs", request);
  const auto gone = plan.at("ids")[3].get<std::string>();
  CHECK(blocked.plugin.act("delete-job", {{"ids", {gone}}}).body.at("outcome") == "ok");
  request["plan"] = plan;
  const auto result = blocked.plugin.act("delete-jobs", request);
  CHECK(result.body.at("outcome") == "partial");
  CHECK(number(result.body.at("affected")) == number(plan.at("count")) - 1);
  REQUIRE(result.body.at("skipped").size() == 1);
  CHECK(result.body.at("skipped")[0].at("id") == gone);
  CHECK(blocked.plugin.failed(blocked.batch) == 700 - number(plan.at("count")));
}

TEST_CASE("a plan names jobs of its batch only, whatever ids come back") {
  Blocked blocked(50);
  const auto list = blocked.plugin.read("running", Json::object(), {{"page", {{"size", 100}}}});
  std::string other;
  for (const auto& row : list.body.at("rows"))
    if (row.at("id") != blocked.batch && row.at("failed") > 0) other = row.at("id");
  REQUIRE_FALSE(other.empty());
  const auto foreign = blocked.plugin.read("failed-jobs", {{"batch", other}}).body.at("rows")[0].at("id");
  auto request = blocked.of_all(50);
  const auto before = blocked.plugin.failed(other);
  request["plan"] = {{"ids", {foreign}}};
  CHECK(blocked.plugin.act("delete-jobs", request).status == COCKPIT_CONFLICT);
  request.erase("plan");
  request["plan"] = blocked.plan("delete-jobs", request);
  request["plan"]["ids"][0] = foreign;
  CHECK(blocked.plugin.act("delete-jobs", request).status == COCKPIT_CONFLICT);
  CHECK(blocked.plugin.failed(other) == before);
  CHECK(blocked.plugin.failed(blocked.batch) == 50);
}

TEST_CASE("what has not begun when it is cancelled is skipped, and said so") {
  Blocked blocked(12000);
  auto request = blocked.of_all(12000);
  request["plan"] = blocked.plan("delete-jobs", request);
  const auto result = blocked.plugin.act("delete-jobs", request, [](std::size_t steps, auto& cancelled) {
    if (steps == 10000) cancelled = true;
  });
  CHECK(result.body.at("outcome") == "partial");
  INFO(result.body.at("message").dump());
  const auto affected = number(result.body.at("affected"));
  CHECK(affected > 100);
  CHECK(affected < 12000);
  CHECK(result.body.at("skipped").size() == 1000);  // at most so many are listed
  CHECK(result.body.at("message").at("args").at("rest") == 12000 - affected);
  CHECK(blocked.plugin.failed(blocked.batch) == 12000 - affected);
}

TEST_CASE(
    "when the engine dies in the middle it says what was done, what was not begun and what is unknown") {
  Blocked blocked(12000);
  auto request = blocked.of_all(12000);
  request["plan"] = blocked.plan("delete-jobs", request);
  const auto result = blocked.plugin.act("delete-jobs", request, [&](std::size_t steps, auto&) {
    if (steps == 10000) blocked.engine.kill();
  });
  const auto& args = result.body.at("message").at("args");
  INFO(args.dump());
  CHECK(result.body.at("outcome") == "partial");
  CHECK(result.body.at("message").at("key") == "saidStopped");
  CHECK(number(args.at("count")) > 100);
  CHECK(number(args.at("rest")) > 0);
  CHECK(number(args.at("count")) + number(args.at("rest")) + number(args.at("failed")) +
            number(args.at("unknown")) ==
        12000);
}

TEST_CASE("an unknown request, or one that differs from what was shown, is refused and nothing is done") {
  Blocked blocked(60);
  auto request = blocked.of_all(60);
  const auto status = [&](const Json& with, const char* action = "retry-jobs") {
    auto asked = request;
    asked.update(with);
    return blocked.plugin.act(action, asked).status;
  };
  CHECK(status({{"params", {{"retries", 0}}}}) == COCKPIT_INVALID);
  CHECK(status({{"params", {{"retries", 11}}}}) == COCKPIT_INVALID);
  CHECK(status({{"params", {{"due", "tomorrow"}}}}) == COCKPIT_INVALID);
  CHECK(status({{"params", {{"colour", "red"}}}}) == COCKPIT_UNSUPPORTED);
  CHECK(status({{"params", {{"retries", 2}}}}, "delete-jobs") == COCKPIT_UNSUPPORTED);
  CHECK(status({{"sourceParams", Json::object()}}) == COCKPIT_INVALID);
  CHECK(status({{"query", {{"filters", Json::object()}, {"count", 7}}}}) == COCKPIT_CONFLICT);
  CHECK(status({{"query", {{"filters", Json::object()}, {"group", "no-such"}, {"count", 60}}}}) ==
        COCKPIT_CONFLICT);
  CHECK(status({{"plan", {{"key", "no-such"}}}}) == COCKPIT_CONFLICT);
  for (const auto* action : {"retry-jobs", "delete-jobs"}) {
    for (const auto& count : {Json(nullptr), Json(0), Json(-1)}) {
      auto query = Json{{"filters", Json::object()}};
      if (!count.is_null()) query["count"] = count;
      CHECK(status({{"query", query}}, action) == COCKPIT_INVALID);
    }
    CHECK(status({{"query", {{"filters", Json::object()}, {"count", 1'000'000}}}}, action) ==
          COCKPIT_CONFLICT);
  }
  // A plan is of its own action, and what is deleted is exactly what was seen.
  CHECK(status({{"plan", blocked.plan("retry-jobs", request)}}, "delete-jobs") == COCKPIT_CONFLICT);
  CHECK(status({{"query", {{"filters", Json::object()}, {"count", 59}}}}, "delete-jobs") == COCKPIT_CONFLICT);
  CHECK(status({{"query", {{"filters", Json::object()}, {"count", 61}}}}, "delete-jobs") == COCKPIT_CONFLICT);
  CHECK(status(Json::object(), "retry-job") == COCKPIT_UNSUPPORTED);
  CHECK(status(Json::object(), "suspend") == COCKPIT_UNSUPPORTED);
  CHECK(status({{"dryRun", true}}, "suspend") == COCKPIT_UNSUPPORTED);
  CHECK(blocked.plugin.failed(blocked.batch) == 60);
}

TEST_CASE("a retry says what came on top of what was seen, and names each job") {
  Blocked blocked(60);
  auto request = blocked.of_all(57);
  const auto result = blocked.plugin.act("retry-jobs", request);
  REQUIRE(result.status == COCKPIT_OK);
  CHECK(result.body.at("affected") == 60);
  CHECK(result.body.at("message").at("args").at("more") == 3);
  CHECK_THAT(result.body.at("message").at("fallback").get<std::string>(),
             ContainsSubstring("60 retries were accepted, 3 more than shown"));
  CHECK(result.body.at("ids").size() == 60);
}

TEST_CASE("a retry with a date waits for it") {
  Blocked blocked(20);
  auto request = blocked.of_all(20);
  request["params"] = {{"retries", 3}, {"due", "2039-01-31T14:31:05+01:00"}};
  CHECK(blocked.plugin.act("retry-jobs", request).body.at("outcome") == "accepted");
  const auto rows = blocked.plugin.read("retrying", {{"batch", blocked.batch}}).body.at("rows");
  REQUIRE(rows.size() == 20);
  CHECK(rows[0].at("state") == "scheduled");
  CHECK(rows[0].at("due") == "2039-01-31T13:31:05.000+00:00");
}

TEST_CASE("several batches are suspended and resumed together, and each that fails is named") {
  Blocked blocked(40);
  const auto list = blocked.plugin.read("running", Json::object(), {{"page", {{"size", 100}}}});
  const auto other = list.body.at("rows")[0].at("id").get<std::string>();
  const auto result = blocked.plugin.act("suspend", {{"ids", {blocked.batch, "no-such-batch"}}});
  CHECK(result.body.at("outcome") == "partial");
  CHECK(result.body.at("failures")[0].at("id") == "no-such-batch");
  CHECK(blocked.plugin.act("resume", {{"ids", {blocked.batch}}}).body.at("message").at("key") ==
        "saidResumed");
}

TEST_CASE("the job log of a batch is paged, sorted by time and filtered by state; an entry has its trace") {
  Blocked blocked(30);
  const auto log = [&](const Json& more) {
    return blocked.plugin.read("batch-log", {{"batch", blocked.batch}}, more).body;
  };
  const auto failures = log({{"filters", {{"log-state", "failure"}}}, {"page", {{"size", 10}}}});
  CHECK(failures.at("rows").size() == 10);
  CHECK(failures.at("total") == 90);  // three tries each
  const auto& entry = failures.at("rows")[0];
  CHECK(entry.at("state") == "failure");
  CHECK(entry.at("host") == "127.0.0.1$default");
  const auto up = log({{"sort", {{"key", "at"}, {"order", "asc"}}}, {"page", {{"size", 5}}}}).at("rows");
  CHECK(up[0].at("kind") == "seed");
  CHECK(up[0].at("state") == "creation");
  const auto id = entry.at("id").get<std::string>();
  const auto one = blocked.plugin.read("log-entry", {{"id", id}});
  CHECK(one.body.at("fields").at("job") == entry.at("job"));
  const auto trace = blocked.plugin.read("log-trace", {{"entry", id}});
  CHECK_THAT(trace.body.at("fields").at("stackTrace").get<std::string>(), ContainsSubstring("\tat "));
  const auto of_job = blocked.plugin.read("job-log", {{"job", entry.at("job")}});
  CHECK(of_job.body.at("total") == 4);  // created, and failed three times
  CHECK(blocked.plugin.read("log-entry", {{"id", "no-such"}}).status == COCKPIT_NOT_FOUND);
}

TEST_CASE("an id in a message is recognized, and leads where the configuration says") {
  Blocked blocked(40);
  const auto job = blocked.causes().at("rows")[2].at("sample").at("id");
  const auto plain = blocked.plugin.read("job", {{"id", job}}).body;
  const auto id = plain.at("fields").at("named").get<std::string>();
  CHECK(id.size() == 36);
  CHECK_FALSE(plain.at("fields").contains("namedLink"));
  blocked.plugin.link_instances("https://cockpit.example/#/process-instance/{id}?x");
  const auto linked = blocked.plugin.read("job", {{"id", job}}).body;
  CHECK(linked.at("fields").at("namedLink").at("href") ==
        "https://cockpit.example/#/process-instance/" + id + "?x");
  CHECK(linked.at("caps").at("linked") == true);
}

TEST_CASE("who may not see a batch sees neither causes nor log of it, and acts on none of its jobs") {
  const DemoEngine engine({"--auth", "--failed", "40", "--speed", "0.01"});
  Plugin demo(engine, "demo"), mary(engine, "mary");
  const auto batch = demo.most_failed().at("id").get<std::string>();
  CHECK(mary.read("causes", {{"batch", batch}}).status == COCKPIT_NOT_FOUND);
  CHECK(mary.read("retrying", {{"batch", batch}}).status == COCKPIT_NOT_FOUND);
  CHECK(mary.read("batch-log", {{"batch", batch}}).status == COCKPIT_NOT_FOUND);
  const auto entry =
      demo.read("batch-log", {{"batch", batch}}).body.at("rows")[0].at("id").get<std::string>();
  CHECK(mary.read("log-entry", {{"id", entry}}).status == COCKPIT_NOT_FOUND);
  CHECK(mary.read("log-trace", {{"entry", entry}}).status == COCKPIT_NOT_FOUND);
  const Json all{{"source", "causes"},
                 {"sourceParams", {{"batch", batch}}},
                 {"query", {{"filters", Json::object()}, {"count", 1}}}};
  CHECK(mary.act("delete-jobs", all).status == COCKPIT_NOT_FOUND);
  const auto jobs = demo.read("failed-jobs", {{"batch", batch}}).body.at("rows");
  const auto several = mary.act("delete-job", {{"ids", {jobs[0].at("id"), jobs[1].at("id")}}});
  CHECK(several.body.at("outcome") == "failed");
  CHECK(several.body.at("failures").size() == 2);
  CHECK(demo.failed(batch) == 40);
}
