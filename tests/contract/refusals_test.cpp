// What engines refuse, and in which words.
#include "catch.hpp"
#include "situations.hpp"

using namespace contract;

namespace {

void check_error(const Reply& reply, int status, const std::string& type, const std::string& message) {
  CHECK(reply.status == status);
  CHECK_THAT(reply.type, ContainsSubstring("application/json"));
  const Json body = Json::parse(reply.body, nullptr, false);
  REQUIRE(body.is_object());
  CHECK(body.at("type") == type);
  CHECK(body.at("message") == message);
  CHECK(body.contains("code") == Engine::open().since(18));
}

constexpr const char* kInvalid = "InvalidRequestException";

}  // namespace

TEST_CASE("what is not there is 404, in the engine's words") {
  Engine& engine = Engine::open();
  check_error(engine.get("/batch/nope"), 404, kInvalid, "Batch with id 'nope' does not exist");
  check_error(engine.get("/history/batch/nope"), 404, kInvalid,
              "Historic batch with id 'nope' does not exist");
  check_error(engine.get("/job/nope"), 404, kInvalid, "Job with id nope does not exist");
  check_error(engine.get("/job/nope/stacktrace", "text/plain"), 404, kInvalid,
              "No job found with id nope: job is null");
  check_error(engine.get("/job-definition/nope"), 404, kInvalid,
              "Job Definition with id nope does not exist");
  check_error(engine.get("/history/job-log/nope"), 404, kInvalid,
              "Historic job log with id nope does not exist");
  check_error(engine.get("/history/job-log/nope/stacktrace", "text/plain"), 404, kInvalid,
              "No historic job log found with id nope: historicJobLog is null");
  check_error(engine.get("/nosuchpath"), 404, "NotFoundException", "HTTP 404 Not Found");
}

TEST_CASE("changes of what is not there are refused each in its own way, or not at all") {
  Engine& engine = Engine::open();
  check_error(engine.del("/batch/nope"), 400, kInvalid, "Unable to delete batch with id 'nope'");
  check_error(engine.put("/batch/nope/suspended", {{"suspended", true}}), 400, kInvalid,
              "Unable to suspend batch with id 'nope'");
  check_error(engine.put("/batch/nope/suspended", {{"suspended", false}}), 400, kInvalid,
              "Unable to activate batch with id 'nope'");
  check_error(engine.del("/history/batch/nope"), 400, kInvalid,
              "Unable to delete historic batch with id 'nope'");
  check_error(engine.del("/job/nope"), 404, kInvalid, "No job found with id 'nope': job is null");
  check_error(engine.put("/job/nope/retries", {{"retries", 1}}), 500, kInvalid,
              message_code("ENGINE-13053") + "No job found with id 'nope'." + (engine.since(19) ? "'" : ""));
  CHECK(engine.put("/job-definition/nope/retries", {{"retries", 1}}).status == 204);
  CHECK(engine.put("/job/nope/suspended", {{"suspended", true}}).status == 204);
}

TEST_CASE("ids with unusual characters are just unknown") {
  Engine& engine = Engine::open();
  for (const char* id : {"a b", "a'b", "100%", "ä€", "a\"b<c>", "a+b", "a?b", "a#b"})
    CHECK(engine.get("/batch/" + encoded(id)).status == 404);
}

TEST_CASE("bad values of a query are refused") {
  Engine& engine = Engine::open();
  const std::string list = "/batch/statistics?";
  const auto message = [](const std::string& name, const std::string& value, const std::string& why) {
    return "Cannot set query parameter '" + name + "' to value '" + value + "'" + why;
  };
  check_error(engine.get(list + "sortBy=nope&sortOrder=asc"), 400, kInvalid, message("sortBy", "nope", ""));
  check_error(engine.get(list + "sortBy=batchId&sortOrder=up"), 400, kInvalid,
              message("sortOrder", "up", ""));
  const std::string single = "Only a single sorting parameter specified. sortBy and sortOrder required";
  check_error(engine.get(list + "sortBy=batchId"), 400, kInvalid, single);
  check_error(engine.get(list + "sortOrder=asc"), 400, kInvalid, single);
  check_error(engine.get("/batch/count?sortBy=startTime&sortOrder=asc"), 400, kInvalid,
              message("sortBy", "startTime", ""));
  check_error(engine.get("/job?sortBy=createTime&sortOrder=asc"), 400, kInvalid,
              message("sortBy", "createTime", ""));
  check_error(engine.get(list + "suspended=maybe"), 400, kInvalid,
              message("suspended", "maybe", ": Cannot convert value maybe to java type java.lang.Boolean"));
  if (!engine.since(18)) return;  // The next are unknown, and so ignored.
  check_error(engine.get(list + "startedAfter=yesterday"), 400, kInvalid,
              message("startedAfter", "yesterday",
                      ": Cannot convert value \"yesterday\" to java type java.util.Date"));
  for (const char* date : {"2030-01-01T00:00:00.000Z", "2030-01-01T00:00:00.000+01:00",
                           "2030-01-01T00:00:00+0000", "2030-01-01", "2030-01-01T00:00:00.000 0000"})
    CHECK(engine.get(list + "startedBefore=" + encoded(date)).status == 400);
}

TEST_CASE("a page that is no 32-bit number is 404") {
  Engine& engine = Engine::open();
  for (const char* page : {"maxResults=2147483648", "maxResults=text", "firstResult=text", "maxResults=1.5"})
    check_error(engine.get(std::string("/batch/statistics?") + page), 404, "QueryParamException",
                "HTTP 404 Not Found");
  CHECK(engine.get("/batch/statistics?maxResults=").status == 200);
}

TEST_CASE("bad sortings in a body are refused; unknown names in it are ignored") {
  Engine& engine = Engine::open();
  check_error(engine.post("/job?maxResults=1", {{"sorting", {{{"sortBy", "nope"}, {"sortOrder", "asc"}}}}}),
              400, "NotValidException",
              "You should call any of the orderBy methods first before specifying a direction: "
              "currentOrderingProperty is null");
  check_error(engine.post("/job?maxResults=1", {{"sorting", {{{"sortBy", "jobId"}, {"sortOrder", "up"}}}}}),
              400, "NotValidException",
              "Invalid query: call asc() or desc() after using orderByXX(): direction is null");
  CHECK(engine.post("/job?maxResults=1", {{"nonsense", 1}, {"batchId", "x"}}).status == 200);
  CHECK(engine.post("/job?maxResults=1", {{"sortBy", "nope"}, {"sortOrder", "asc"}}).status == 400);
  CHECK(engine.post("/job?maxResults=1", {{"sortBy", "jobId"}, {"sortOrder", "asc"}}).status == 200);
  check_error(engine.post("/job?maxResults=1", {{"sortBy", "jobId"}}), 400, kInvalid,
              "Only a single sorting parameter specified. sortBy and sortOrder required");
}

TEST_CASE("bad retries are refused as errors of the engine") {
  const FailedBatch batch(1);
  Engine& engine = Engine::open();
  const std::string target =
      "/job/" + batch.jobs(batch.execution_definition).at(0).at("id").get<std::string>() + "/retries";
  check_error(engine.put(target, {{"retries", -1}}), 500, kInvalid,
              message_code("ENGINE-13054") +
                  "The number of job retries must be a non-negative Integer, but '-1' has been provided.");
  const Reply none = engine.put(target, Json::object());
  CHECK(none.status == 500);
  CHECK(none.json().at("type") == "NullPointerException");
  CHECK(batch.statistics()->at("failedJobs") == 1);
}

TEST_CASE("a body that cannot be read is 400, of the wrong media type 415") {
  const FailedBatch batch(1);
  Engine& engine = Engine::open();
  const std::string target = "/batch/" + batch.id + "/suspended";
  for (const char* body : {"{bad", R"({"suspended":"maybe"})", "[1]"})
    CHECK(engine.put_raw(target, body, "application/json").status == 400);
  // What stands behind the object is read since 7.20 only.
  if (engine.since(20))
    CHECK(engine.put_raw(target, R"({"suspended":true} x)", "application/json").status == 400);
  check_error(engine.put_raw(target, "x", "text/plain"), 415, "NotSupportedException",
              "HTTP 415 Unsupported Media Type");
  CHECK(batch.statistics()->at("suspended") == false);
}

TEST_CASE("the wrong method is 405, an answer nobody accepts 406") {
  Engine& engine = Engine::open();
  check_error(engine.post("/batch/statistics", Json::object()), 405, "NotAllowedException",
              "HTTP 405 Method Not Allowed");
  check_error(engine.post("/incident", Json::object()), 405, "NotAllowedException",
              "HTTP 405 Method Not Allowed");
  check_error(engine.get("/batch", "text/html"), 406, "NotAcceptableException", "HTTP 406 Not Acceptable");
}

TEST_CASE("batches of nothing are refused") {
  Engine& engine = Engine::open();
  check_error(engine.post("/process-instance/delete", {{"processInstanceIds", Json::array()}}), 400, kInvalid,
              "processInstanceIds is empty");
  check_error(
      engine.post("/external-task/retries-async", {{"externalTaskIds", Json::array()}, {"retries", 1}}), 400,
      kInvalid, "externalTaskIds is empty");
  check_error(engine.post("/job/retries", {{"jobIds", {"a"}}}), 400, kInvalid, "retries is null");
  check_error(
      engine.post("/job/retries", {{"jobQuery", {{"jobDefinitionId", made_up_id()}}}, {"retries", 1}}), 400,
      kInvalid, "jobIds is empty");
}
