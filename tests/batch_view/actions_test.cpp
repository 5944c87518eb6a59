// What is done to an engine: once, never after a cancel or a deadline, and never said to have failed while
// nobody knows.
#include <algorithm>
#include <set>

#include "catch.hpp"
#include "description.hpp"
#include "scene.hpp"

using namespace batch_view_tests;

namespace {

struct Blocked {
  explicit Blocked(std::size_t count) : jobs(count) {
    world.run(seconds{1});
    batch = blocked_batch(world, jobs);
    world.asked.clear();
    world.changed.clear();
  }
  // What was sent to change something.
  std::size_t changes() const {
    return static_cast<std::size_t>(
        std::count_if(world.asked.begin(), world.asked.end(), [](const Asked& one) { return one.changes; }));
  }
  void fate_of_changes(const Fate& fate) {
    world.fate = [fate](const Asked& asked) { return asked.changes ? fate : Fate{}; };
  }
  Json plan(const std::string& action, Json request) {
    request["dryRun"] = true;
    const auto answer = host.act(action, request);
    INFO(answer.body);
    REQUIRE(answer.status == COCKPIT_OK);
    return answer.json().at("plan");
  }
  Json ids(const std::vector<std::string>& of) const { return {{"ids", of}}; }
  Json this_batch() const { return ids({batch}); }

  World world;
  Host host{world};
  std::size_t jobs;
  std::string batch;
};

Fate gateway(int status, milliseconds later = milliseconds{0}) {
  Fate fate;
  fate.status = status;
  fate.content = "<html>Gateway</html>";
  fate.carried_out_later = later;
  return fate;
}

}  // namespace

TEST_CASE("a gateway that gives up on a change which the engine carries out later: it is done", "[actions]") {
  for (const int status : {502, 503, 504}) {
    INFO(status);
    Blocked blocked(6);
    blocked.fate_of_changes(gateway(status, seconds{4}));
    const auto one = failed_jobs(blocked.world, blocked.batch).front();
    const auto retried = blocked.host.act("retry-job", blocked.ids({one}));
    INFO(retried.body);
    CHECK(retried.status == COCKPIT_OK);
    CHECK(retried.json().at("outcome") == "accepted");
    CHECK(blocked.changes() == 1);
    const auto suspended = blocked.host.act("suspend", blocked.this_batch());
    CHECK(suspended.json().at("outcome") == "ok");
    CHECK(blocked.host.act("delete-batch", blocked.this_batch()).json().at("outcome") == "ok");
    CHECK(blocked.changes() == 3);
  }
}

TEST_CASE("the outcome of an unanswered change is unknown, and nothing is sent again", "[actions]") {
  Fate lost;
  lost.arrives = false;
  for (const auto& fate : {gateway(504), gateway(502), lost}) {
    Blocked blocked(6);
    blocked.fate_of_changes(fate);
    const auto jobs = failed_jobs(blocked.world, blocked.batch);
    for (const auto* action : {"retry-job", "delete-job"}) {
      const auto one = blocked.host.act(action, blocked.ids({jobs.front()}));
      INFO(action << ": " << one.body);
      CHECK(one.status == COCKPIT_UNKNOWN_OUTCOME);
      const auto two = blocked.host.act(action, blocked.ids({jobs[0], jobs[1]})).json();
      CHECK(two.at("outcome") == "unknown");
      CHECK(two.at("affected") == 0);
      CHECK(two.at("failures").size() == 2);
    }
    CHECK(blocked.changes() == 6);
    const auto* key = fate.arrives ? "problemSilence" : "problemUnknown";
    for (const auto* action : {"suspend", "delete-batch", "retry-all"})
      CHECK_THAT(blocked.host.act(action, blocked.this_batch()).body, ContainsSubstring(key));
    CHECK(blocked.changes() == 9);
  }
}

TEST_CASE("after a cancel, or its deadline, nothing is begun, however long the reads before took",
          "[actions]") {
  const auto slow_reads = [](const Asked& asked) {
    return asked.changes ? Fate{} : Fate{milliseconds{10}, seconds{12}};
  };
  for (const auto* action : {"delete-batch", "suspend", "retry-all", "delete-job", "retry-job"}) {
    INFO(action);
    Blocked blocked(6);
    auto request = std::string{action}.find("job") == std::string::npos
                       ? blocked.this_batch()
                       : blocked.ids({failed_jobs(blocked.world, blocked.batch).front()});
    if (std::string{action} == "delete-batch") request["params"] = {{"history", true}};
    blocked.world.fate = slow_reads;
    const auto late = blocked.host.invoke(Host::action_of(action, request), 1, seconds{11});
    blocked.world.run(seconds{60});
    auto& record = blocked.host.record(late);
    INFO(record.body);
    REQUIRE(record.over());
    CHECK(record.status == COCKPIT_CANCELLED);
    CHECK(blocked.changes() == 0);
    // A host takes 30 s of silence for an end.
    CHECK(record.progress.size() >= 2);
    const auto cancelled = blocked.host.invoke(Host::action_of(action, request));
    blocked.world.run(seconds{11});
    blocked.host.cancel(cancelled);
    blocked.world.run(seconds{90});
    CHECK(blocked.host.record(cancelled).status == COCKPIT_CANCELLED);
    CHECK(blocked.changes() == 0);
  }
}

TEST_CASE("each action says beforehand to which things what would be done, and does nothing", "[actions]") {
  Blocked blocked(9);
  auto jobs = failed_jobs(blocked.world, blocked.batch);
  std::sort(jobs.begin(), jobs.end());
  const auto sorted = [](const Json& plan) {
    auto ids = plan.at("ids").get<std::vector<std::string>>();
    std::sort(ids.begin(), ids.end());
    return ids;
  };
  CHECK(sorted(blocked.plan("retry-all", blocked.this_batch())) == jobs);
  CHECK(sorted(blocked.plan("retry-jobs", all_failed(blocked.batch, 9))) == jobs);
  CHECK(sorted(blocked.plan("delete-jobs", all_failed(blocked.batch, 9))) == jobs);
  for (const auto* action : {"retry-job", "delete-job"})
    CHECK(sorted(blocked.plan(action, blocked.ids({jobs[3], jobs[4]}))) ==
          std::vector<std::string>{jobs[3], jobs[4]});
  for (const auto* action : {"suspend", "resume", "delete-batch"})
    CHECK(sorted(blocked.plan(action, blocked.this_batch())) == std::vector<std::string>{blocked.batch});
  // What could not be done is refused, or left out with its reason.
  auto dry = blocked.this_batch();
  dry["dryRun"] = true;
  CHECK(blocked.host.act("retry-stuck", dry).status == COCKPIT_CONFLICT);
  CHECK(blocked.host.act("delete-history", dry).status == COCKPIT_CONFLICT);
  const auto some = blocked.plan("suspend", blocked.ids({blocked.batch, "no-such"}));
  CHECK(some.at("ids") == Json{blocked.batch});
  CHECK(some.at("warnings").size() == 1);
  CHECK(blocked.changes() == 0);
}

TEST_CASE("what is confirmed is what the plan named, once", "[actions]") {
  Blocked blocked(9);
  auto request = blocked.this_batch();
  request["plan"] = blocked.plan("retry-all", request);
  // One of the plan is deleted by somebody else meanwhile.
  const auto jobs = failed_jobs(blocked.world, blocked.batch);
  blocked.world.ask(Host::node, "DELETE", "/job/" + jobs.front());
  const auto result = blocked.host.act("retry-all", request);
  INFO(result.body);
  CHECK(result.json().at("affected") == 8);
  CHECK(result.json().at("skipped").size() == 1);
  CHECK(blocked.host.act("retry-all", request).status == COCKPIT_CONFLICT);
  auto suspend = blocked.this_batch();
  suspend["plan"] = blocked.plan("suspend", suspend);
  CHECK(blocked.host.act("resume", suspend).status == COCKPIT_CONFLICT);
  CHECK(blocked.host.act("suspend", suspend).json().at("outcome") == "ok");
  CHECK(blocked.host.act("suspend", suspend).status == COCKPIT_CONFLICT);
}

TEST_CASE("an id that is named twice is refused, and nothing done", "[actions]") {
  Blocked blocked(3);
  const auto job = failed_jobs(blocked.world, blocked.batch).front();
  for (const auto* action : {"retry-job", "delete-job", "run-now"})
    CHECK(blocked.host.act(action, blocked.ids({job, job})).status == COCKPIT_INVALID);
  for (const auto* action : {"suspend", "delete-batch"})
    CHECK(blocked.host.act(action, blocked.ids({blocked.batch, blocked.batch})).status == COCKPIT_INVALID);
  CHECK(blocked.changes() == 0);
}

namespace {

// Every text for a person in an answer: with a key it has its translation, whole, and a fallback.
void check_texts(const Json& value, const Json& german, std::set<std::string>& keys) {
  if (value.is_array())
    for (const auto& one : value) check_texts(one, german, keys);
  if (!value.is_object()) return;
  if (value.contains("key") && value.contains("fallback")) {
    const auto key = value.at("key").get<std::string>();
    keys.insert(key);
    INFO(key);
    CHECK(german.contains(key));
    CHECK(value.at("fallback").is_string());
    CHECK_FALSE(value.at("fallback").get<std::string>().empty());
    CHECK(value.at("fallback").get<std::string>().find('{') == std::string::npos);
    // What its words name is there.
    const auto words = german.value(key, "");
    for (auto at = words.find('{'); at != std::string::npos; at = words.find('{', at + 1)) {
      const auto name = words.substr(at + 1, words.find('}', at) - at - 1);
      INFO("{" << name << "}");
      CHECK(value.value("args", Json::object()).contains(name));
    }
  }
  for (const auto& [member, one] : value.items()) check_texts(one, german, keys);
}

}  // namespace

TEST_CASE("whatever goes wrong in whichever action, each text of it is there in each language", "[actions]") {
  const auto german = Json::parse(batch_view::description()).at("strings").at("de");
  std::set<std::string> keys;
  std::vector<Fate> fates;
  for (const int status : {400, 401, 403, 404, 408, 409, 429, 500, 502, 503, 504})
    fates.push_back(gateway(status));
  using Kind = rest_client::FailureKind;
  for (const auto kind : {Kind::credentials, Kind::busy, Kind::unresolved, Kind::refused, Kind::unreachable,
                          Kind::tls, Kind::timeout, Kind::cut, Kind::too_large, Kind::malformed}) {
    Fate fate;
    fate.failure = kind;
    fates.push_back(fate);
  }
  for (const auto* action : {"retry-job", "delete-job", "run-now", "retry-jobs", "delete-jobs", "retry-all",
                             "retry-stuck", "suspend", "resume", "delete-batch", "delete-history"})
    for (const auto& fate : fates)
      for (const bool of_changes : {true, false}) {
        Blocked blocked(3);
        const auto jobs = failed_jobs(blocked.world, blocked.batch);
        const std::string name = action;
        auto request = name.find("jobs") != std::string::npos ? all_failed(blocked.batch, 3)
                       : name == "retry-job" || name == "delete-job" || name == "run-now"
                           ? blocked.ids({jobs[0], jobs[1], "gone"})
                           : blocked.ids({blocked.batch});
        std::size_t reads = 0;
        blocked.world.fate = [&](const Asked& asked) {
          if (asked.changes) return of_changes ? fate : Fate{};
          return !of_changes && reads++ > 0 ? fate : Fate{};
        };
        INFO(name << ", status " << fate.status.value_or(0));
        const auto answer = blocked.host.act(name, request);
        check_texts(answer.json(), german, keys);
        for (auto& [call, record] : blocked.host.records()) CHECK(record.completions <= 1);
      }
  CHECK(keys.size() > 15);
}
