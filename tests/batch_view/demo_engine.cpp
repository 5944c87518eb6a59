#include "demo_engine.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "catch.hpp"

extern char** environ;

namespace batch_view_tests {

DemoEngine::DemoEngine(std::vector<std::string> arguments) {
  const char* program = std::getenv("COCKPIT_DEMO_ENGINE");
  REQUIRE(program != nullptr);
  arguments.insert(arguments.begin(), {program, "--port", "0"});
  std::vector<char*> words;
  for (auto& word : arguments) words.push_back(word.data());
  words.push_back(nullptr);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  posix_spawn_file_actions_addclose(&actions, ends[1]);
  REQUIRE(::posix_spawn(&pid_, program, &actions, nullptr, words.data(), environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  char c = 0;
  while (::read(ends[0], &c, 1) == 1 && c != '\n') url_ += c;
  ::close(ends[0]);
  REQUIRE_FALSE(url_.empty());
}

DemoEngine::~DemoEngine() {
  kill();
}

void DemoEngine::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

Plugin::Plugin(const DemoEngine& engine, const std::string& user) {
  rest_client::Options options;
  options.nodes = {engine.url()};
  options.probe_target = "/engine";
  if (!user.empty()) options.credentials = rest_client::BasicCredentials{user, user};
  session_ = std::make_shared<batch_view::Session>(environment_, "demo", std::move(options), !user.empty());
}

Plugin::~Plugin() {
  session_->engine().close();
}

Answered Plugin::wait(const std::function<void(batch_view::Replied)>& ask,
                      const std::function<void(std::size_t steps)>& meanwhile) {
  std::optional<batch_view::Reply> came;
  ask([&came](batch_view::Reply reply) { came = std::move(reply); });
  environment_.io().restart();
  for (std::size_t steps = 1; !came; ++steps) {
    REQUIRE(environment_.io().run_one() == 1);
    if (meanwhile) meanwhile(steps);
  }
  return {came->status, Json::parse(came->body)};
}

Answered Plugin::read(const std::string& source, const Json& params, const Json& more) {
  Json body{{"schema", "cockpit.view/1"}, {"kind", "rows"}, {"source", source}, {"params", params}};
  body.update(more);
  return ask(body, false);
}

Answered Plugin::watch(const std::string& source, const Json& params) {
  return ask({{"schema", "cockpit.view/1"}, {"kind", "rows"}, {"source", source}, {"params", params}}, true);
}

Answered Plugin::ask(const Json& body, bool watched) {
  auto parsed = batch_view::parse_request(body.dump());
  if (const auto* problem = std::get_if<batch_view::Problem>(&parsed)) FAIL(problem->detail);
  auto& request = std::get<batch_view::Request>(parsed);
  request.watched = watched;
  return wait([&](batch_view::Replied then) { batch_view::answer({session_}, request, std::move(then)); });
}

Answered Plugin::act(const std::string& action, Json request, const Meanwhile& meanwhile,
                     const Progress& progress) {
  request.update({{"schema", "cockpit.view/1"}, {"kind", "action"}, {"action", action}});
  const auto parsed = batch_view::parse_request(request.dump());
  if (const auto* problem = std::get_if<batch_view::Problem>(&parsed)) FAIL(problem->detail);
  batch_view::ActionContext context;
  context.cancelled = std::make_shared<std::atomic<bool>>(false);
  context.progress = [&progress](const std::string& words) {
    if (progress) progress(Json::parse(words));
  };
  return wait(
      [&](batch_view::Replied then) {
        batch_view::act(session_, std::get<batch_view::Request>(parsed), context, std::move(then));
      },
      [&](std::size_t steps) {
        if (meanwhile) meanwhile(steps, *context.cancelled);
      });
}

Json Plugin::most_failed() {
  const auto list = read("running", Json::object(), {{"page", {{"size", 50}}}});
  REQUIRE(list.status == COCKPIT_OK);
  Json most;
  for (const auto& row : list.body.at("rows"))
    if (most.is_null() || row.at("failed") > most.at("failed")) most = row;
  return most;
}

std::size_t Plugin::failed(const std::string& batch) {
  return read("batch", {{"id", batch}}).body.at("fields").at("failed").get<std::size_t>();
}

}  // namespace batch_view_tests
