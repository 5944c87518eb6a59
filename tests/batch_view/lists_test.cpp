// Lists and details as people read them: names, batches without jobs, process instances.
#include "catch.hpp"
#include "scene.hpp"

using namespace batch_view_tests;

namespace {

Json listed(Host& host, const Json& filters, const std::string& source = "running") {
  return host.rows(source, Json::object(), {{"filters", filters}});
}

// The engine runs one batch, with these counts.
void has_one_batch(World& world, Json counts) {
  counts.update({{"id", "one"},
                 {"type", "instance-deletion"},
                 {"batchJobsPerSeed", 100},
                 {"invocationsPerBatchJob", 1},
                 {"seedJobDefinitionId", "s"},
                 {"monitorJobDefinitionId", "m"},
                 {"batchJobDefinitionId", "b"},
                 {"suspended", false}});
  world.fate = [counts](const Asked& asked) {
    Fate fate;
    if (!asked.is("GET", "/batch/statistics")) return fate;
    fate.status = 200;
    fate.content = asked.is("GET", "/count") ? R"({"count":1})" : Json::array({counts}).dump();
    return fate;
  };
}

}  // namespace

TEST_CASE("who began a batch is found by the name that is shown, and by the id", "[lists]") {
  World world;
  world.engine_options.content.empty = false;
  world.engine_options.authentication = true;  // then batches have people who began them
  Host host{world};
  host.open_authority(1, "a", "demo", "demo");
  std::map<std::string, std::string> names;  // by id
  std::map<std::string, int> begun;
  const auto all = host.rows("running");
  for (const auto& row : all.at("rows")) {
    if (!row.contains("user")) continue;
    names[row.at("user").at("id")] = row.at("user").at("name");
    ++begun[row.at("user").at("id")];
  }
  REQUIRE(names.size() > 1);
  std::size_t with_a_name = 0;
  for (const auto& [id, name] : names) {
    CAPTURE(id, name);
    if (name != id) ++with_a_name;
    for (const auto& wanted : {id, name}) {
      const auto found = listed(host, {{"user", wanted}});
      CHECK(found.at("total") == begun.at(id));
      for (const auto& row : found.at("rows")) CHECK(row.at("user").at("id") == id);
    }
  }
  CHECK(with_a_name > 0);
  CHECK(listed(host, {{"user", "Nobody Of That Name"}}).at("total") == 0);
}

TEST_CASE("a batch without jobs says so, and counts no part of nothing", "[lists]") {
  World world;
  Host host{world};
  has_one_batch(
      world,
      {{"totalJobs", 0}, {"jobsCreated", 0}, {"remainingJobs", 0}, {"completedJobs", 0}, {"failedJobs", 0}});
  const auto rows = host.rows("running").at("rows");
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].at("state") == "withoutJobs");
  CHECK_FALSE(rows[0].contains("completed"));
  CHECK_FALSE(rows[0].contains("done"));
}

TEST_CASE("counts of one moment never exceed the whole", "[lists]") {
  World world;
  Host host{world};
  has_one_batch(world, {{"totalJobs", 10},
                        {"jobsCreated", 14},
                        {"remainingJobs", -2},
                        {"completedJobs", 12},
                        {"failedJobs", 11}});
  const auto rows = host.rows("running").at("rows");
  REQUIRE(rows.size() == 1);
  for (const char* count : {"created", "completed", "remaining", "failed", "working"}) {
    CAPTURE(count);
    CHECK(rows[0].at(count) >= 0);
    CHECK(rows[0].at(count) <= 10);
  }
}

TEST_CASE("the process instance of a failed job: shown, linked and filtered where the engine tells it",
          "[lists]") {
  const auto named = GENERATE(true, false);
  World world;
  Host host{world};
  host.configure({{"engines", {{{"id", "a"}, {"nodes", {Host::node}}}}},
                  {"settings", {{"instance_link", "https://cockpit.example/#/process-instance/{id}"}}}});
  const auto batch = blocked_batch(world, 6);
  const auto ids = failed_jobs(world, batch);
  world.fate = [&](const Asked& asked) {
    Fate fate;
    if (!asked.is("POST", "/job?") && !asked.is("GET", "/job/count")) return fate;
    const bool one = asked.body.find("\"i/1\"") != std::string::npos || asked.is("GET", "processInstanceId=");
    Json rows = Json::array();
    const auto definition =
        asked.is("POST", "/job?") ? Json::parse(asked.body).at("jobDefinitionId") : Json{};
    for (std::size_t i = 0; i < ids.size(); ++i)
      if (!one || (named && i == 1))
        rows.push_back({{"id", ids[i]},
                        {"jobDefinitionId", definition},
                        {"retries", 0},
                        {"processInstanceId", named ? Json("i/" + std::to_string(i)) : Json{}}});
    fate.status = 200;
    fate.content = asked.is("GET", "/job/count") ? Json{{"count", rows.size()}}.dump() : rows.dump();
    return fate;
  };
  const auto all = host.rows("failed-jobs", {{"batch", batch}});
  REQUIRE(all.at("rows").size() == ids.size());
  const auto some = host.rows("failed-jobs", {{"batch", batch}}, {{"filters", {{"instance", "i/1"}}}});
  if (named) {
    CHECK(all.at("rows")[1].at("instance") == "i/1");
    REQUIRE(some.at("rows").size() == 1);
    CHECK(some.at("rows")[0].at("id") == ids[1]);
    CHECK(some.at("total") == 1);
  } else {
    for (const auto& row : all.at("rows")) CHECK(row.at("instance").is_null());
    CHECK(some.at("rows").empty());
  }
}
