// Versions, named engines, persons and rights.
#include "catch.hpp"
#include "situations.hpp"

using namespace contract;

namespace {

/// A batch that mary sees, and one that only demo sees.
struct Shared {
  Engine demo = Engine::guarded("demo", "demo");
  Engine mary = Engine::guarded("mary", "mary");
  Json seen;
  Json hidden;

  Shared() {
    REQUIRE(eventually([&] {
      seen = hidden = nullptr;
      for (const Json& row : demo.read("/batch/statistics?maxResults=200")) {
        const std::string id = row.at("id");
        if (row.at("failedJobs") == 0 && row.at("suspended") == false) continue;
        const bool can_read = authorized(mary, "READ", id);
        const bool can_update = authorized(mary, "UPDATE", id);
        if (can_read && !can_update) seen = row;
        if (!can_read) hidden = row;
      }
      return !seen.is_null() && !hidden.is_null();
    }));
  }

  static bool authorized(Engine& engine, const std::string& permission, const std::string& id) {
    const Json answer = engine.read("/authorization/check?permissionName=" + permission +
                                    "&resourceName=Batch&resourceType=13&resourceId=" + id);
    CHECK(answer.at("permissionName") == permission);
    CHECK(answer.at("resourceName") == "Batch");
    CHECK(answer.at("resourceId") == id);
    return answer.at("authorized").get<bool>();
  }
};

std::string id_of(const Json& row) {
  return row.at("id").get<std::string>();
}

}  // namespace

TEST_CASE("an engine tells its version and its name, and answers under that name as on the plain path") {
  Engine& engine = Engine::open();
  CHECK_FALSE(engine.read("/version").at("version").get<std::string>().empty());
  CHECK(engine.read("/engine") == Json::array({{{"name", "default"}}}));
  const FailedBatch batch(1);
  CHECK(engine.read("/engine/default/batch/" + batch.id) == engine.read("/batch/" + batch.id));
  const Reply unknown = engine.get("/engine/nope/batch");
  CHECK(unknown.status == 400);
  CHECK(unknown.json().at("message") == "No process engine available");
}

TEST_CASE("below its name an engine answers all that a batch view asks, as on the plain path") {
  Engine& engine = Engine::open();
  const FailedBatch batch(2);
  const std::string named = "/engine/default";
  const auto job = id_of(batch.jobs(batch.execution_definition).at(0));
  for (const std::string& target :
       {std::string{"/version"}, std::string{"/user?idIn=demo&maxResults=1"},
        "/batch/statistics?batchId=" + batch.id, "/batch/statistics/count?batchId=" + batch.id,
        "/history/batch/" + batch.id, "/history/batch/count?batchId=" + batch.id, "/job/" + job,
        "/job/count?noRetriesLeft=true&jobDefinitionId=" + batch.execution_definition,
        "/history/job-log/count?failureLog=true&jobDefinitionConfiguration=" + batch.id}) {
    INFO(target);
    CHECK(engine.read(named + target) == engine.read(target));
  }
  CHECK(engine.get(named + "/job/" + job + "/stacktrace", "text/plain").body ==
        engine.get("/job/" + job + "/stacktrace", "text/plain").body);
  const Json failed{{"jobDefinitionId", batch.execution_definition}, {"noRetriesLeft", true}};
  CHECK(engine.post(named + "/job?maxResults=9", failed).json().size() == 2);
  CHECK(engine.get(named + "/authorization/check?permissionName=UPDATE&resourceName=Batch&resourceType=13")
            .status == 401);
  CHECK(engine.put(named + "/batch/" + batch.id + "/suspended", {{"suspended", true}}).status == 204);
  CHECK(engine.read("/batch/" + batch.id).at("suspended") == true);
  CHECK(engine.put(named + "/job/" + job + "/retries", {{"retries", 1}, {"dueDate", nullptr}}).status == 204);
  CHECK(engine.del(named + "/job/" + job).status == 204);
  CHECK(engine.del_batch(named + "/batch/" + batch.id + "?cascade=false").status == 204);
  CHECK(engine.del(named + "/history/batch/" + batch.id).status == 204);
}

TEST_CASE("persons are resolved by id, unknown ones left out") {
  Engine& engine = Engine::open();
  const Json users = engine.read("/user?maxResults=10&idIn=demo,nobody-at-all");
  REQUIRE(users.size() == 1);
  CHECK(users.at(0) ==
        Json({{"id", "demo"}, {"firstName", "Demo"}, {"lastName", "Demo"}, {"email", "demo@localhost"}}));
  CHECK(engine.read("/user/demo/profile") == users.at(0));
  const Reply nobody = engine.get("/user/nobody-at-all/profile");
  CHECK(nobody.status == 404);
  CHECK(nobody.json().at("message") == "User with id nobody-at-all does not exist");
}

TEST_CASE("without authentication an engine refuses to check permissions") {
  const Reply reply = Engine::open().get(
      "/authorization/check?permissionName=UPDATE&resourceName=Batch&resourceType=13&resourceId=x");
  CHECK(reply.status == 401);
  CHECK(reply.json().at("message") == "You must be authenticated in order to use this resource.");
}

TEST_CASE("without credentials only the names of the engines are answered") {
  Engine nobody = Engine::guarded();
  CHECK(nobody.get("/engine").status == 200);
  for (const char* path : {"/version", "/batch", "/nosuchpath"}) {
    const Reply refused = nobody.get(path);
    CHECK(refused.status == 401);
    CHECK(refused.body.empty());
  }
  CHECK(Engine::guarded("nobody", "at-all").get("/version").status == 401);
}

TEST_CASE("who has no right to read a batch does not find it") {
  Shared shared;
  CHECK(shared.mary.get("/batch/" + id_of(shared.seen)).status == 200);
  CHECK(shared.mary.get("/history/batch/" + id_of(shared.seen)).status == 200);
  for (const char* path : {"/batch/", "/history/batch/"})
    CHECK(shared.mary.get(path + id_of(shared.hidden)).status == 404);
  CHECK(shared.mary.count("/batch/count?batchId=" + id_of(shared.seen)) == 1);
  for (const char* path :
       {"/batch/count?batchId=", "/batch/statistics/count?batchId=", "/history/batch/count?batchId="})
    CHECK(shared.mary.count(path + id_of(shared.hidden)) == 0);
  CHECK(shared.demo.count("/batch/count?batchId=" + id_of(shared.hidden)) == 1);
  CHECK(shared.demo.read("/batch/" + id_of(shared.hidden)).at("createUserId").is_string());
}

TEST_CASE("the jobs of a batch are guarded by no right") {
  Shared shared;
  for (const char* definition : {"batchJobDefinitionId", "monitorJobDefinitionId"}) {
    const std::string jobs = "/job/count?jobDefinitionId=" + shared.hidden.at(definition).get<std::string>();
    CHECK(shared.mary.count(jobs) == shared.demo.count(jobs));
  }
  CHECK(shared.mary.count("/history/job-log/count?jobDefinitionConfiguration=" + id_of(shared.hidden)) > 0);
  // What tells a job's batch where the job itself does not: to this person the definition is not there.
  const std::string job = shared.mary
                              .read("/job?maxResults=1&jobDefinitionId=" +
                                    shared.seen.at("batchJobDefinitionId").get<std::string>())
                              .at(0)
                              .at("id");
  CHECK(
      shared.mary.read("/history/job-log?maxResults=1&jobId=" + job).at(0).at("jobDefinitionConfiguration") ==
      id_of(shared.seen));
  CHECK(shared.mary.get("/job-definition/" + shared.seen.at("batchJobDefinitionId").get<std::string>())
            .status == 404);
  const std::string definition =
      "/job-definition/" + shared.hidden.at("batchJobDefinitionId").get<std::string>();
  CHECK(shared.mary.get(definition).status == 404);
  CHECK(shared.demo.get(definition).status == 200);
}

TEST_CASE("a change without the right is 403 and names the right") {
  Shared shared;
  const std::string id = id_of(shared.seen);
  CHECK(Shared::authorized(shared.demo, "DELETE", id));
  CHECK_FALSE(Shared::authorized(shared.mary, "DELETE", id));
  const bool suspended = shared.seen.at("suspended").get<bool>();
  const Reply refused = shared.mary.put("/batch/" + id + "/suspended", {{"suspended", suspended}});
  CHECK(refused.status == 403);
  const Json missing = {{"permissionName", "UPDATE"}, {"resourceName", "Batch"}, {"resourceId", id}};
  Json expected =
      Json({{"type", "AuthorizationException"},
            {"message", "The user with id 'mary' does not have 'UPDATE' permission on resource '" + id +
                            "' of type 'Batch'."},
            {"userId", "mary"},
            {"resourceName", "Batch"},
            {"resourceId", id},
            {"permissionName", "UPDATE"},
            {"missingAuthorizations", {missing}}});
  if (shared.demo.since(18)) expected["code"] = 0;
  CHECK(refused.json() == expected);
  CHECK(shared.mary.del("/batch/" + id).status == 403);
  CHECK(shared.mary.del("/history/batch/" + id).status == 403);
  CHECK(shared.mary.post("/process-instance/delete", {{"processInstanceIds", made_up_ids(1)}}).status == 403);
  CHECK(shared.mary.post("/job/retries", {{"jobIds", made_up_ids(1)}, {"retries", 1}}).status == 403);
  CHECK(shared.demo.get("/batch/" + id).status == 200);
}

TEST_CASE("a person without rights sees only themselves among the persons") {
  Shared shared;
  const Json users = shared.mary.read("/user?maxResults=10&idIn=mary,demo");
  REQUIRE(users.size() == 1);
  CHECK(users.at(0).at("id") == "mary");
  CHECK(shared.mary.get("/user/demo/profile").status == 404);
  CHECK(shared.demo.read("/user?maxResults=10&idIn=mary,demo").size() == 2);
}
