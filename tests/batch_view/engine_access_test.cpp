// Who may ask the engine, what its refusals mean, and where it is.
#include "engine_rig.hpp"

using namespace batch_view_tests;

TEST_CASE("an engine that asks nobody who he is guards nothing, whatever credentials it is sent",
          "[engine]") {
  Rig rig("1.0.3", "demo");
  const Failing failing(rig);
  for (int i = 0; i < 2; ++i)
    for (const auto permission : {Permission::update, Permission::remove, Permission::remove_history})
      CHECK(std::get<0>(
          rig.wait<bool>([&](auto then) { rig.engine->allowed(permission, failing.batch, then); })));
  CHECK(rig.times("GET", "/authorization/check") <= 2);
  CHECK(std::get<0>(rig.job(failing.job)));
}

TEST_CASE("credentials are wrong when nothing takes them, and are sent once", "[engine]") {
  Rig rig("1.0.3", "demo", true);
  rig.connect("demo", "wrong");
  int refused = 0;
  for (int i = 0; i < 5; ++i)
    rig.engine->running_count({}, [&refused](const Got<std::int64_t>& got) {
      refused += problem_in(got).key == "problemCredentials" ? 1 : 0;
    });
  rig.world.run(1min);
  CHECK(refused == 5);
  const auto with_password = [&] {
    return std::count_if(rig.world.asked.begin(), rig.world.asked.end(),
                         [](const Asked& asked) { return !asked.user.empty(); });
  };
  CHECK(with_password() == 1);
  CHECK(problem_in(rig.wait<std::int64_t>([&](auto then) { rig.engine->running_count({}, then); })).status ==
        COCKPIT_SIGN_IN_REQUIRED);
  CHECK(with_password() == 1);
  rig.engine->try_again();
  rig.wait<std::int64_t>([&](auto then) { rig.engine->running_count({}, then); });
  CHECK(with_password() == 2);
}

TEST_CASE("one part of the interface that refuses the credentials says nothing of the others", "[engine]") {
  Rig rig("1.0.3", "demo", true);
  rig.world.fate = [](const Asked& asked) {
    Fate fate;
    if (asked.is("GET", "/history/batch")) fate.status = 401;
    return fate;
  };
  const auto running = [&] {
    return rig.wait<std::int64_t>([&](auto then) { rig.engine->running_count({}, then); });
  };
  const auto ended = [&] {
    return rig.wait<std::int64_t>([&](auto then) { rig.engine->ended_count({}, then); });
  };
  CHECK(std::holds_alternative<std::int64_t>(running()));
  const auto refused = ended();
  CHECK(problem_in(refused).key == "problemPart");
  CHECK(problem_in(refused).what == "/history/batch");
  CHECK(problem_in(refused).status == COCKPIT_DENIED);
  CHECK(std::holds_alternative<std::int64_t>(running()));
  // Refused where they were taken before, they are wrong.
  rig.world.fate = [](const Asked& asked) {
    Fate fate;
    if (!asked.user.empty()) fate.status = 401;
    return fate;
  };
  CHECK(problem_in(running()).key == "problemCredentials");
  CHECK(problem_in(ended()).key == "problemCredentials");
}

TEST_CASE("a part that answers only without credentials is asked without", "[engine]") {
  Rig rig("1.0.3", "demo");
  rig.world.fate = [](const Asked& asked) {
    Fate fate;
    if (asked.is("GET", "/history/batch") && !asked.user.empty()) fate.status = 401;
    return fate;
  };
  for (int i = 0; i < 3; ++i)
    CHECK(std::holds_alternative<std::int64_t>(
        rig.wait<std::int64_t>([&](auto then) { rig.engine->ended_count({}, then); })));
  CHECK(rig.times("GET", "/history/batch") == 4);
}

TEST_CASE(
    "an address that is not the REST API's: the right one is named, without credentials being sent there",
    "[engine]") {
  struct Server {
    std::string given, engine;  // addresses
    int status;                 // to all but the engine's address
    std::string content;
  };
  const auto server = GENERATE(
      Server{"http://engine:8080", "http://engine:8080/engine-rest", 404,
             R"({"status":404,"error":"Not Found"})"},
      Server{"http://engine:8080", "http://engine:8080/engine-rest", 302, ""},
      Server{"http://engine:8080", "http://engine:8080/engine-rest", 200, "<!doctype html>"},
      Server{"http://engine:8080/camunda", "http://engine:8080/camunda/engine-rest", 404, "<h1>404</h1>"},
      Server{"http://engine:8080/camunda/app/cockpit", "http://engine:8080/engine-rest", 404, "<h1>404</h1>"},
      Server{"http://engine:8080", "nowhere", 404, "<h1>404</h1>"});
  const auto guarded = GENERATE(false, true);
  Rig rig("1.0.3", {}, guarded);
  rig.world.fate = [&](const Asked& asked) {
    Fate fate;
    const bool there = asked.node == server.engine;
    if (there && server.engine.find("/camunda") == std::string::npos) return fate;  // one in memory
    fate.status = !there ? server.status : guarded ? 401 : 200;
    fate.content = there ? R"([{"name":"default"}])" : server.content;
    return fate;
  };
  rest_client::Options options;
  options.nodes = {server.given};
  options.credentials = rest_client::BasicCredentials{"demo", "demo"};
  rig.engine = std::make_shared<Engine>(rig.world, std::move(options));
  const auto asked = [&] {
    return problem_in(rig.wait<std::int64_t>([&](auto then) { rig.engine->running_count({}, then); }));
  };
  const bool there = server.engine != "nowhere";
  const auto problem = asked();
  CHECK(problem.status == COCKPIT_UNAVAILABLE);
  CHECK(problem.key == (there ? "problemAddress" : "problemNoRest"));
  CHECK(problem.what == (there ? server.engine : server.given));
  CHECK_THAT(problem.detail, ContainsSubstring(problem.what));
  // The next request gets the same answer, and no other address is tried at once.
  const auto looks = rig.times("GET", "/engine");
  CHECK(asked().key == problem.key);
  CHECK(rig.times("GET", "/engine") == looks);
  for (const auto& one : rig.world.asked)
    if (one.node != server.given) CHECK(one.user.empty());
}

TEST_CASE("what an engine does not know is not there; its address is in no doubt", "[engine]") {
  Rig rig("1.0.3");
  CHECK(std::holds_alternative<std::int64_t>(
      rig.wait<std::int64_t>([&](auto then) { rig.engine->running_count({}, then); })));
  rig.world.fate = [](const Asked&) {
    Fate fate;
    fate.status = 404;
    return fate;
  };
  const auto got = rig.wait<std::int64_t>([&](auto then) { rig.engine->running_count({}, then); });
  CHECK(problem_in(got).key == "problemNotFound");
  CHECK(rig.times("GET", "/engine") == 0);
}

TEST_CASE("a request that waits for addresses to be tried is answered at once when the engine is closed",
          "[engine]") {
  Rig rig("1.0.3");
  rig.world.fate = [](const Asked& asked) {
    Fate fate;
    if (asked.target == "/engine") fate.there = 1h;
    fate.status = 404;
    return fate;
  };
  rest_client::Options options;
  options.nodes = {"http://engine:8080"};
  rig.engine = std::make_shared<Engine>(rig.world, std::move(options));
  int told = 0;
  rig.engine->running_count({}, [&told](const auto&) { ++told; });
  rig.world.run(1s);
  CHECK(told == 0);
  rig.engine->close();
  rig.world.run(1s);
  CHECK(told == 1);
}

TEST_CASE("what answers in the engine's place is named by what it does", "[engine]") {
  Rig rig("1.0.3");
  const Failing failing(rig);
  REQUIRE(std::get<0>(rig.job(failing.job)));
  Fate fate;
  rig.world.fate = [&fate](const Asked&) { return fate; };
  const auto asked = [&] { return problem_in(rig.job(failing.job)); };
  const auto changed = [&] {
    return rig.change([&](auto done) { rig.engine->delete_job(failing.job, {}, done); }).value();
  };

  SECTION("it sends to a page to sign in: there") {
    for (const int status : {301, 302, 303, 307, 308}) {
      fate.status = status;
      fate.location = "https://login.example/?next=engine";
      CHECK(asked().key == "problemElsewhere");
      CHECK(asked().what == fate.location);
      CHECK(changed().key == "problemElsewhere");
      fate.location.clear();
      CHECK_THAT(asked().detail, ContainsSubstring("another address"));
    }
  }
  SECTION("it lets a method not through: which, and that nothing was done") {
    fate.status = 405;
    fate.content = "<html>Not allowed</html>";
    CHECK(changed().key == "problemBlocked");
    CHECK(changed().what == "DELETE");
    CHECK(asked().key == "problemBlockedRead");
    CHECK(asked().what == "GET");
  }
  SECTION("it answers a web page with status 200: no proof that anything was done") {
    fate.status = 200;
    fate.content = "<html>Please sign in</html>";
    CHECK(changed().status == COCKPIT_UNKNOWN_OUTCOME);
    CHECK(asked().status == COCKPIT_UNAVAILABLE);
  }
  CHECK(rig.world.changed.empty());
}
