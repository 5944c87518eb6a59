// Plans: every id of them, for one purpose, for a while, once.
#include "views/plans.hpp"

#include "catch.hpp"

using host::views::Plans;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

const json of_mary{{"principal", "mary"},
                   {"plugin", "p"},
                   {"action", "delete"},
                   {"engine", {"one"}},
                   {"at", "views/a"},
                   {"row", ""},
                   {"parent", ""},
                   {"ids", json::array()},
                   {"query", {{"group", "g"}}},
                   {"params", {{"history", true}}}};

json plan_of(std::size_t count) {
  json ids = json::array();
  for (std::size_t i = 0; i < count; ++i) ids.push_back("id-" + std::to_string(i));
  return {{"ids", ids}, {"count", count}, {"key", "the plugin's own"}};
}

}  // namespace

TEST_CASE("a plan of many ids is shown in part and confirmed whole") {
  Plans plans;
  const auto now = Plans::Clock::now();
  const auto shown = plans.keep("plan", of_mary, plan_of(100'000), now);
  CHECK(shown.at("ids").size() == Plans::most_shown);
  CHECK(shown.at("count") == 100'000);
  CHECK(shown.at("id") == "plan");
  const auto whole = plans.find(shown, of_mary, now);
  REQUIRE(whole);
  CHECK(*whole == plan_of(100'000));
  CHECK(plans.ids_of("plan").size() == 100'000);
  CHECK(plans.find(json{{"id", "plan"}}, of_mary, now));
  plans.spend("plan");
  CHECK_THAT(plans.find(shown, of_mary, now).reason, ContainsSubstring("no longer known"));
  CHECK(plans.ids_of("plan").empty());
}

TEST_CASE("a plan is for one action, target, form, engine and person, as it was answered") {
  Plans plans;
  const auto now = Plans::Clock::now();
  const auto shown = plans.keep("plan", of_mary, plan_of(3), now);
  const auto why = [&](const char* member, const json& value) {
    auto other = of_mary;
    other[member] = value;
    return plans.find(shown, other, now).reason;
  };
  CHECK_THAT(why("action", "retry"), ContainsSubstring("another action"));
  CHECK_THAT(why("plugin", "q"), ContainsSubstring("another action"));
  CHECK_THAT(why("engine", {"two"}), ContainsSubstring("another engine"));
  CHECK_THAT(why("principal", "john"), ContainsSubstring("another person"));
  CHECK_THAT(why("params", json::object()), ContainsSubstring("another form"));
  for (const auto* target : {"at", "row", "parent", "ids", "query"})
    CHECK_THAT(why(target, "another"), ContainsSubstring("another target"));
  for (const auto& ids : {json::array(), json{"id-0", "id-1"}, json{"id-0", "id-1", "id-9"}, json("id-0")}) {
    auto changed = shown;
    changed["ids"] = ids;
    CHECK_THAT(plans.find(changed, of_mary, now).reason, ContainsSubstring("not those of this plan"));
  }
  CHECK_THAT(plans.find({{"ids", {"id-0"}}}, of_mary, now).reason,
             ContainsSubstring("confirmed by its \"id\""));
  CHECK_THAT(plans.find({{"id", "made-up"}}, of_mary, now).reason, ContainsSubstring("no longer known"));
  CHECK(plans.find(shown, of_mary, now));
}

TEST_CASE("a plan ends after a while, and the oldest go when there are too many") {
  Plans plans;
  const auto now = Plans::Clock::now();
  const auto shown = plans.keep("plan", of_mary, plan_of(3), now);
  CHECK(plans.find(shown, of_mary, now + Plans::kept_for));
  CHECK_THAT(plans.find(shown, of_mary, now + Plans::kept_for + 1ms).reason, ContainsSubstring("15 minutes"));
  for (std::size_t i = 0; i < Plans::most_kept; ++i)
    plans.keep("p" + std::to_string(i), of_mary, plan_of(1), now + 1s + std::chrono::milliseconds{i});
  CHECK_FALSE(plans.find(shown, of_mary, now));
  CHECK(plans.find(json{{"id", "p0"}}, of_mary, now));
  for (const auto* large : {"l1", "l2", "l3", "l4", "l5", "l6", "l7", "l8", "l9"})
    plans.keep(large, of_mary, plan_of(100'000), now + 2s);
  std::size_t kept = 0;
  for (const auto* large : {"l1", "l2", "l3", "l4", "l5", "l6", "l7", "l8", "l9"})
    kept += plans.ids_of(large).size();
  CHECK(kept >= 100'000);
  CHECK(kept * sizeof(json) <= Plans::most_bytes);
  CHECK(plans.ids_of("p0").empty());
}

TEST_CASE("what is no plan is refused with the cause") {
  const auto why = [](const char* plan) { return Plans::why_bad(json::parse(plan)); };
  CHECK(why(R"({"ids":[],"count":0})").empty());
  CHECK(why(R"({"ids":["a","b"]})").empty());
  CHECK_THAT(why("[]"), ContainsSubstring("no object"));
  CHECK_THAT(why("{}"), ContainsSubstring("no list"));
  CHECK_THAT(why(R"({"ids":"a"})"), ContainsSubstring("no list"));
  CHECK_THAT(why(R"({"ids":["a",7]})"), ContainsSubstring("no text"));
  CHECK_THAT(why(R"({"ids":["a",""]})"), ContainsSubstring("no text"));
  CHECK_THAT(why(R"({"ids":["a","b","a"]})"), ContainsSubstring("\"a\" twice"));
  CHECK_THAT(why(R"({"ids":["a"],"count":2000})"),
             ContainsSubstring("names 1 ids, and its \"count\" is 2000"));
}
