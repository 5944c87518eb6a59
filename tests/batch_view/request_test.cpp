// What the plugin takes from a host: everything it knows, and nothing it does not.
#include "model/request.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "description.hpp"
#include "model/reply.hpp"
#include "views/schema_check.hpp"

using namespace batch_view;

namespace {

Request good(const std::string& body) {
  auto parsed = parse_request(body);
  if (const auto* problem = std::get_if<Problem>(&parsed)) FAIL(problem->detail);
  return std::get<Request>(parsed);
}

cockpit_status status(const std::string& body) {
  const auto parsed = parse_request(body);
  const auto* problem = std::get_if<Problem>(&parsed);
  return problem == nullptr ? COCKPIT_OK : problem->status;
}

}  // namespace

TEST_CASE("the description is a good one", "[request]") {
  CHECK(host::views::why_bad_description(description(), "batch-view") == "");
}

TEST_CASE("every text of the description is there in English and German", "[request]") {
  auto page = nlohmann::json::parse(description());
  const auto strings = page.at("strings");
  page.erase("strings");
  const auto words = page.dump();
  for (const auto& [key, text] : strings.at("en").items()) CHECK(strings.at("de").contains(key));
  // What only answers use has its English in the answer itself: the first visit does not pay for it.
  for (const auto& [key, text] : strings.at("de").items()) {
    CAPTURE(key);
    if (!strings.at("en").contains(key)) CHECK(words.find("%" + key) == std::string::npos);
  }
}

TEST_CASE("a read is taken with its filters, page and sort key", "[request]") {
  const auto request = good(
      R"({"schema":"cockpit.view/1","kind":"rows","source":"running","filters":{"type":"set-variables","failures":true,
          "started":{"from":"2030-01-31T14:31:05.000+01:00"}},"sort":{"key":"start","order":"desc"},"page":{"first":20,"size":50}})");
  CHECK(request.filter.type == "set-variables");
  CHECK(request.filter.failures == true);
  CHECK(request.filter.started_after == "2030-01-31T13:31:05.000+0000");
  CHECK(request.page.first == 20);
  CHECK(request.page.descending);
}

TEST_CASE("unknown members are refused, and nothing is done", "[request]") {
  const std::string head = R"({"schema":"cockpit.view/1",)";
  CHECK(status(head + R"("kind":"rows","source":"running","filters":{"colour":"red"}})") ==
        COCKPIT_UNSUPPORTED);
  CHECK(status(head + R"("kind":"rows","source":"running","surprise":1})") == COCKPIT_UNSUPPORTED);
  CHECK(status(head + R"("kind":"action","action":"retry-jobs","query":{"filters":{"state":"x"}}})") ==
        COCKPIT_UNSUPPORTED);
  CHECK(status(head + R"("kind":"action","action":"retry-jobs","query":{"colour":"red"}})") ==
        COCKPIT_UNSUPPORTED);
  CHECK(status(head + R"("kind":"action","action":"delete-batch","ids":["b"],"expect":{"failed":"7"}})") ==
        COCKPIT_UNSUPPORTED);
  CHECK(status(R"({"schema":"cockpit.view/2","kind":"rows"})") == COCKPIT_UNSUPPORTED);
}

TEST_CASE("an action is taken with its form, its query and its plan", "[request]") {
  const auto request = good(
      R"({"schema":"cockpit.view/1","kind":"action","action":"retry-jobs","run":"r","params":{"retries":3,"due":"","x":true},
          "source":"causes","sourceParams":{"batch":"b"},"query":{"filters":{},"group":"g","count":12},"dryRun":true,
          "plan":{"key":"k","ids":["1"],"count":2,"message":"words"}})");
  CHECK(request.numbers.at("retries") == 3);
  CHECK(request.texts.at("due").empty());
  CHECK(request.flags.at("x"));
  CHECK(request.source_params.at("batch") == "b");
  CHECK(request.query->group == "g");
  CHECK(request.query->count == 12);
  CHECK(request.dry_run);
  CHECK(request.plan->ids.size() == 1);
}

TEST_CASE("the job log is filtered by its own states only", "[request]") {
  const std::string head = R"({"schema":"cockpit.view/1","kind":"rows","source":"batch-log","filters":)";
  CHECK(good(head + R"({"log-state":"failure"}})").filter.log_state == "failure");
  CHECK(status(head + R"({"log-state":"x=1&failure"}})") == COCKPIT_INVALID);
}

TEST_CASE("what has the wrong type is refused", "[request]") {
  const std::string head = R"({"schema":"cockpit.view/1","kind":"rows","source":"running",)";
  CHECK(status(head + R"("filters":{"type":7}})") == COCKPIT_INVALID);
  CHECK(status(head + R"("filters":{"suspended":"maybe"}})") == COCKPIT_INVALID);
  CHECK(status(head + R"("filters":{"started":{"from":"yesterday"}}})") == COCKPIT_INVALID);
  CHECK(status(head + R"("page":{"size":0}})") == COCKPIT_INVALID);
  const std::string act = R"({"schema":"cockpit.view/1","kind":"action","action":"retry-jobs",)";
  CHECK(status(act + R"("ids":["1"],"query":{}})") == COCKPIT_INVALID);
  CHECK(status(act + R"("plan":["1"]})") == COCKPIT_INVALID);
  CHECK(status(act + R"("dryRun":"yes"})") == COCKPIT_INVALID);
  CHECK(status(act + R"("params":{"retries":1.5}})") == COCKPIT_INVALID);
  CHECK(status("garbage") == COCKPIT_INVALID);
  CHECK(status("[]") == COCKPIT_INVALID);
}

TEST_CASE("rows are checked against the filter again, since engines ignore filters they do not know",
          "[request]") {
  Batch batch;
  batch.id = "b";
  batch.type = "set-variables";
  batch.failed = 3;
  batch.start = "2026-11-23T16:08:03.430+0000";
  BatchFilter filter;
  CHECK(passes(batch, filter));
  filter.type = "instance-deletion";
  CHECK_FALSE(passes(batch, filter));
  filter = {};
  filter.failures = false;
  CHECK_FALSE(passes(batch, filter));
  filter = {};
  filter.started_before = "2026-11-23T16:00:00.000+0000";
  CHECK_FALSE(passes(batch, filter));
  filter = {};
  filter.tenant = "berlin";
  CHECK_FALSE(passes(batch, filter));
  filter = {};
  filter.without_tenant = true;
  CHECK(passes(batch, filter));
}
