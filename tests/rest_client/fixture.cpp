#include "fixture.hpp"

#include <algorithm>
#include <utility>

#include "catch.hpp"

namespace rest_client::tests {

Fixture::Fixture(ScriptedServer::Plan plan, const std::function<void(Options&)>& change)
    : server(std::make_unique<ScriptedServer>(context, std::move(plan))) {
  Options options;
  options.nodes = {"http://127.0.0.1:" + std::to_string(server->port()) + "/engine-rest"};
  if (change) change(options);
  client = std::make_unique<Client>(context, std::move(options));
}

Fixture::Fixture(Options options) : client(std::make_unique<Client>(context, std::move(options))) {}

Fixture::~Fixture() {
  client.reset();
}

std::size_t Fixture::send(Request request) {
  const std::size_t index = answers_.size();
  answers_.emplace_back();
  calls_.emplace_back();
  calls_[index] = client->send(std::move(request), [this, index](Answer answer) {
    CHECK_FALSE(answers_[index].has_value());
    answers_[index] = std::move(answer);
  });
  CHECK_FALSE(answers_[index].has_value());  // never from inside send()
  return index;
}

Answer Fixture::ask(Request request) {
  return wait_for(send(std::move(request)));
}

Answer Fixture::wait_for(std::size_t index) {
  run_until([this, index] { return answers_[index].has_value(); });
  return *answers_[index];
}

void Fixture::run_until(const std::function<bool()>& reached) {
  const auto end = std::chrono::steady_clock::now() + patience;
  context.restart();
  while (!reached()) {
    if (context.run_one_until(end) == 0) FAIL("what the test waits for has not happened");
  }
}

bool Fixture::run_out() {
  context.restart();
  context.run_for(patience);
  return context.stopped();
}

Request get(std::string target, std::chrono::milliseconds time) {
  Request request;
  request.target = std::move(target);
  request.deadline = std::chrono::steady_clock::now() + time;
  return request;
}

Request put(std::string target, std::string body, std::chrono::milliseconds time) {
  Request request = get(std::move(target), time);
  request.method = Method::put;
  request.body = std::move(body);
  return request;
}

Response response_of(const Answer& answer) {
  if (const auto* failure = std::get_if<Failure>(&answer)) {
    FAIL(to_string(failure->kind) << ": " << failure->cause);
  }
  return std::get<Response>(answer);
}

Failure failure_of(const Answer& answer) {
  if (const auto* response = std::get_if<Response>(&answer)) {
    FAIL("answered " << response->status << ": " << response->body.substr(0, 200));
  }
  return std::get<Failure>(answer);
}

ScriptedServer::Plan always(Script script) {
  return [script = std::move(script)](std::size_t) { return script; };
}

ScriptedServer::Plan in_turn(std::vector<Script> scripts) {
  return [scripts = std::move(scripts)](std::size_t connection) {
    return scripts[std::min(connection, scripts.size() - 1)];
  };
}

}  // namespace rest_client::tests
