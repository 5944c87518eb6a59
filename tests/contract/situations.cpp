#include "situations.hpp"

#include <array>
#include <cstdio>
#include <random>

#include "catch.hpp"

namespace contract {
namespace {

Json created(const Reply& reply) {
  INFO(reply.body);
  REQUIRE(reply.status == 200);
  return reply.json();
}

/// More than one run of the seed job creates, so that a suspension comes before it is done.
constexpr std::size_t kManyRunsOfTheSeedJob = 3000;

}  // namespace

std::string made_up_id() {
  static std::mt19937_64 random{std::random_device{}()};
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%08x-%04x-4%03x-8%03x-%012llx", static_cast<unsigned>(random()),
                static_cast<unsigned>(random() & 0xFFFF), static_cast<unsigned>(random() & 0xFFF),
                static_cast<unsigned>(random() & 0xFFF),
                static_cast<unsigned long long>(random() & 0xFFFFFFFFFFFF));
  return text.data();
}

std::vector<std::string> made_up_ids(std::size_t count) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < count; ++i) ids.push_back(made_up_id());
  return ids;
}

MadeBatch::MadeBatch(const Json& made)
    : id(made.at("id")),
      seed_definition(made.at("seedJobDefinitionId")),
      monitor_definition(made.at("monitorJobDefinitionId")),
      execution_definition(made.at("batchJobDefinitionId")) {}

MadeBatch::~MadeBatch() {
  Engine::open().del_batch("/batch/" + id + "?cascade=true");
}

std::optional<Json> MadeBatch::statistics() const {
  const Json rows = Engine::open().read("/batch/statistics?maxResults=2&batchId=" + id);
  if (rows.empty()) return std::nullopt;
  REQUIRE(rows.size() == 1);
  return rows.at(0);
}

Json MadeBatch::jobs(const std::string& definition, const std::string& more) const {
  return Engine::open().read("/job?maxResults=200&jobDefinitionId=" + definition + more);
}

std::string MadeBatch::waiting_monitor_job() const {
  Json found;
  REQUIRE(eventually([&] {
    found = jobs(monitor_definition);
    return found.size() == 1 && !found.at(0).at("dueDate").is_null();
  }));
  return found.at(0).at("id");
}

void MadeBatch::set_suspended(bool suspended) const {
  REQUIRE(Engine::open().put("/batch/" + id + "/suspended", {{"suspended", suspended}}).status == 204);
}

Reply retry_at(const std::string& job, int retries, const std::string& due) {
  Engine& engine = Engine::open();
  if (!engine.since(19)) REQUIRE(engine.put("/job/" + job + "/duedate", {{"duedate", due}}).status == 204);
  return engine.put("/job/" + job + "/retries", {{"retries", retries}, {"dueDate", due}});
}

std::string message_code(const char* code) {
  return Engine::open().since(19) ? std::string(code) + " " : std::string{};
}

Json create_succeeding(std::size_t jobs) {
  return created(
      Engine::open().post("/process-instance/delete", {{"processInstanceIds", made_up_ids(jobs)}}));
}

Json create_failing(std::size_t jobs) {
  return created(Engine::open().post("/external-task/retries-async",
                                     {{"externalTaskIds", made_up_ids(jobs)}, {"retries", 1}}));
}

FailedBatch::FailedBatch(std::size_t jobs) : MadeBatch(create_failing(jobs)) {
  REQUIRE(eventually([&] {
    const auto row = statistics();
    return row && row->at("failedJobs") == jobs;
  }));
}

UnseededBatch::UnseededBatch() : MadeBatch(create_succeeding(kManyRunsOfTheSeedJob)) {
  set_suspended(true);
  const auto row = statistics();
  REQUIRE(row);
  REQUIRE(row->at("jobsCreated") < row->at("totalJobs"));
}

BusyBatch::BusyBatch() {
  Engine& engine = Engine::open();
  int most = 0;
  for (const Json& row : engine.read("/batch/statistics?maxResults=200")) {
    if (row.at("failedJobs") != 0) continue;
    const int remaining = row.at("remainingJobs").get<int>();
    if (row.at("completedJobs") == 0 || row.at("jobsCreated") == 0 || remaining <= most) continue;
    most = remaining;
    id = row.at("id");
    execution_definition = row.at("batchJobDefinitionId");
  }
  REQUIRE(most > 100);
  REQUIRE(engine.put("/batch/" + id + "/suspended", {{"suspended", false}}).status == 204);
  REQUIRE(eventually([&] {
    return !engine.read("/job?maxResults=1&acquired=true&jobDefinitionId=" + execution_definition).empty();
  }));
}

BusyBatch::~BusyBatch() {
  Engine::open().put("/batch/" + id + "/suspended", {{"suspended", true}});
}

}  // namespace contract
