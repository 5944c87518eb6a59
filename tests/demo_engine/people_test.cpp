// Signing in, and rights on batches.
#include <demo_engine/people.hpp>

#include "catch.hpp"
#include "moved_model.hpp"

using namespace demo_engine_tests;
using demo_engine::Caller;
using demo_engine::People;

TEST_CASE("after a wrong password the right one is refused too for some seconds") {
  People people;
  REQUIRE(people.sign_in("demo", "demo", kStart) != nullptr);
  CHECK(people.sign_in("demo", "wrong", kStart) == nullptr);
  CHECK(people.sign_in("demo", "demo", kStart + 1s) == nullptr);
  CHECK(people.sign_in("mary", "mary", kStart + 1s) != nullptr);
  CHECK(people.sign_in("demo", "demo", kStart + 5s) != nullptr);
}

TEST_CASE("signing in needs an account and a password") {
  People people;
  CHECK(people.sign_in("nobody", "x", kStart) == nullptr);
  CHECK(people.sign_in("john", "", kStart) == nullptr);
}

TEST_CASE(
    "an admin may everything, another person what was granted on that batch, an anonymous caller "
    "everything") {
  People people;
  const Id batch{1, 2};
  people.grant("mary", batch, {"READ"});
  const Caller demo{people.find("demo")};
  const Caller mary{people.find("mary")};
  CHECK(people.may(demo, "DELETE", batch));
  CHECK(people.may(Caller{}, "DELETE", batch));
  CHECK(people.may(mary, "READ", batch));
  CHECK_FALSE(people.may(mary, "UPDATE", batch));
  CHECK_FALSE(people.may(mary, "READ", Id{1, 3}));
  CHECK_FALSE(people.may(mary, "READ", std::nullopt));
}

TEST_CASE("grants on batches that are no longer known are forgotten") {
  People people;
  people.grant("mary", Id{1, 1}, {"READ"});
  people.grant("mary", Id{1, 2}, {"READ"});
  people.forget_grants_unless([](const Id& id) { return id == Id{1, 2}; });
  CHECK(people.granted("mary", Id{1, 1}).empty());
  CHECK_FALSE(people.granted("mary", Id{1, 2}).empty());
}
