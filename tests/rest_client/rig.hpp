// The real dispatcher, pool and retries in a simulated world: for rules that need time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "dispatcher.hpp"
#include "simulated_world.hpp"

namespace rest_client::simulated {

using std::chrono::seconds;

// A client in a simulated world with servers that answer 200 unless a test says otherwise.
struct Rig {
  explicit Rig(std::size_t nodes = 1, Limits limits = {}) : world(std::make_unique<World>()) {
    world->treatment = [](const Asked&) { return answer(200); };
    Options options;
    options.limits = limits;
    options.probe_target = "/probe";
    std::vector<BaseUrl> urls;
    for (std::size_t i = 0; i < nodes; ++i) urls.push_back({false, "node" + std::to_string(i), 8080, ""});
    Credentials none;
    client = std::make_unique<Dispatcher>(*world, std::move(options), std::move(urls), Authorization(none));
  }

  static Treatment answer(int status) {
    Treatment treatment;
    treatment.end = good_answer(status, "{}");
    return treatment;
  }

  CallId send(Method method, const std::string& target, milliseconds time = seconds(60)) {
    Request request;
    request.method = method;
    request.target = target;
    request.deadline = world->now() + time;
    const std::size_t index = answers.size();
    answers.emplace_back();
    answered_at.emplace_back();
    return client->send(std::move(request), [this, index](Answer given) {
      CHECK_FALSE(answers[index].has_value());
      answers[index] = std::move(given);
      answered_at[index] = world->now();
    });
  }

  int status(std::size_t index) const {
    REQUIRE(answers[index].has_value());
    const auto* response = std::get_if<Response>(&*answers[index]);
    if (response == nullptr) FAIL(std::get<Failure>(*answers[index]).cause);
    return response->status;
  }
  Failure failure(std::size_t index) const {
    REQUIRE(answers[index].has_value());
    REQUIRE(std::holds_alternative<Failure>(*answers[index]));
    return std::get<Failure>(*answers[index]);
  }

  std::unique_ptr<World> world;
  std::unique_ptr<Dispatcher> client;
  std::vector<std::optional<Answer>> answers;
  std::vector<Time> answered_at;
};

}  // namespace rest_client::simulated
