// An engine in memory and what the plugin asks of it, in simulated time. For tests; one thread.
#pragma once

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "engine/engine.hpp"
#include "simulated_world.hpp"

namespace batch_view_tests {

using namespace batch_view;
using Json = nlohmann::json;
using namespace std::chrono_literals;

inline constexpr const char* kNode = "http://engine:8080/engine-rest";

struct Rig {
  World world;
  std::shared_ptr<Engine> engine;

  // `user`: with HTTP Basic, the password being the name.
  explicit Rig(const std::string& version, const std::string& user = {}, bool guarded = false) {
    world.engine_options.traits.version = version;
    world.engine_options.content.empty = false;
    world.engine_options.authentication = guarded;
    connect(user);
  }
  void connect(const std::string& user, const std::string& password = {}) {
    rest_client::Options options;
    options.nodes = {kNode};
    if (!user.empty())
      options.credentials = rest_client::BasicCredentials{user, password.empty() ? user : password};
    engine = std::make_shared<Engine>(world, std::move(options));
  }
  Json ask(const std::string& target) { return Json::parse(world.ask(kNode, "GET", target)); }

  template <class Value>
  Got<Value> wait(const std::function<void(Then<Value>)>& call) {
    std::optional<Got<Value>> answer;
    call([&answer](Got<Value> got) {
      CHECK_FALSE(answer);
      answer = std::move(got);
    });
    CHECK_FALSE(answer);  // never from inside the call
    world.run_until([&answer] { return answer.has_value(); }, 2min);
    REQUIRE(answer);
    return std::move(*answer);
  }
  std::optional<Problem> change(const std::function<void(Engine::Done)>& call) {
    std::optional<std::optional<Problem>> answer;
    call([&answer](std::optional<Problem> problem) { answer = std::move(problem); });
    world.run_until([&answer] { return answer.has_value(); }, 2min);
    REQUIRE(answer);
    return *answer;
  }
  Got<std::optional<Job>> job(const std::string& id) {
    return wait<std::optional<Job>>([&](auto then) { engine->job(id, then); });
  }
  std::size_t times(const std::string& method, const std::string& part) const {
    std::size_t count = 0;
    for (const auto& one : world.asked) count += one.is(method, part) ? 1 : 0;
    return count;
  }
};

// What is in the demo engine's content of a batch with failed jobs, asked without going through the plugin.
struct Failing {
  std::string batch, definition, job;
  explicit Failing(Rig& rig) {
    rig.world.run(1s);
    for (const auto& one : rig.ask("/batch/statistics?maxResults=100"))
      if (one.at("failedJobs") > 2) {
        batch = one.at("id");
        definition = one.at("batchJobDefinitionId");
      }
    job = rig.ask("/job?noRetriesLeft=true&maxResults=1&jobDefinitionId=" + definition).at(0).at("id");
  }
};

template <class Value>
const Problem& problem_in(const Got<Value>& got) {
  REQUIRE(std::holds_alternative<Problem>(got));
  return std::get<Problem>(got);
}

}  // namespace batch_view_tests
