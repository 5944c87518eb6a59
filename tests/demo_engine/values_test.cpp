// Dates, ids, addresses and messages as engines write and read them.
#include <algorithm>
#include <demo_engine/failure.hpp>
#include <demo_engine/url.hpp>

#include "catch.hpp"
#include "moved_model.hpp"

using namespace demo_engine;
using demo_engine_tests::kStart;

TEST_CASE("dates are written in UTC with milliseconds and read with any numeric offset") {
  const Instant at = Instant{Milliseconds{1795450083430}};
  CHECK(to_engine_date(at) == "2026-11-23T16:08:03.430+0000");
  CHECK(parse_engine_date("2026-11-23T16:08:03.430+0000") == at);
  CHECK(parse_engine_date("2026-11-23T18:08:03.430+0200") == at);
  CHECK(to_http_date(at) == "Mon, 23 Nov 2026 16:08:03 GMT");
}

TEST_CASE("no other form is a date") {
  const auto text = GENERATE(as<std::string>{}, "2026-11-23T16:08:03.430Z", "2026-11-23T16:08:03.430+01:00",
                             "2026-11-23T16:08:03+0000", "2026-11-23T16:08:03.430", "2026-11-23",
                             "2026-11-23T16:08:03.430 0000", "yesterday", "", "2026-02-30T16:08:03.430+0000");
  CHECK_FALSE(parse_engine_date(text));
}

TEST_CASE("ids are time-based UUIDs, all different, that read back as written") {
  IdSource source(5);
  const Id first = source.next(kStart);
  const Id second = source.next(kStart);
  CHECK(first != second);
  CHECK(parse_id(to_text(first)) == first);
  CHECK(to_text(first).size() == 36);
  CHECK(to_text(first)[14] == '1');
  CHECK((first < second) == (to_text(first) < to_text(second)));
}

TEST_CASE("what is not such an id is none") {
  const auto text = GENERATE(as<std::string>{}, "", "x", "112C24F6-e758-11f1-86f4-02fc00000001",
                             "112c24f6-e758-11f1-86f4-02fc0000000", "112c24f6-e758-11f1-86f4-02fc000000012",
                             "112c24f6+e758-11f1-86f4-02fc00000001", "zzzzzzzz-e758-11f1-86f4-02fc00000001");
  CHECK_FALSE(parse_id(text));
}

TEST_CASE("a target is taken apart and decoded; an escaped slash or NUL in the path is refused") {
  const auto target = parse_target("/engine-rest/job/a%20b/?x=1%2B2&x=3&empty=&bare&plus=a+b");
  REQUIRE(target);
  CHECK(target->path == std::vector<std::string>{"engine-rest", "job", "a b"});
  REQUIRE(target->query.size() == 5);
  CHECK(target->query[0].second == "1+2");
  CHECK(target->query[4].second == "a b");
  CHECK_FALSE(parse_target("/a%2Fb"));
  CHECK_FALSE(parse_target("/a%00b"));
  CHECK_FALSE(parse_target("/a%zz"));
  CHECK_FALSE(parse_target("/a%2"));
}

TEST_CASE("credentials are decoded from base64") {
  CHECK(decode_base64("ZGVtbzpkZW1v") == "demo:demo");
  CHECK(decode_base64("bQ==") == "m");
  CHECK_FALSE(decode_base64("!!!"));
}

TEST_CASE("the message shown is cut to 666 characters without breaking one; the stack trace has it whole") {
  const auto failure = make_failure(FailureCause::duplicate_key, "INV-1");
  const std::string shown = shown_message(*failure);
  CHECK(whole_message(*failure).size() > shown.size());
  CHECK(whole_message(*failure).starts_with(shown));
  const auto characters = std::count_if(
      shown.begin(), shown.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  CHECK(characters == 666);
  CHECK_THAT(stack_trace(*failure), ContainsSubstring(whole_message(*failure)));
  CHECK(shown_message(Failure{FailureCause::job_missing, "7", ""}) ==
        "ENGINE-13053 No job found with id '7'.'");
}
