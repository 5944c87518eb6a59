#include "engine.hpp"

#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <optional>
#include <rest_client/client.hpp>
#include <rest_client/url.hpp>
#include <thread>

#include "catch.hpp"

namespace contract {
namespace {

constexpr std::chrono::seconds kCallDeadline{30};
constexpr std::chrono::milliseconds kBetweenLooks{100};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') FAIL(name << " is not set: start these tests with run-on");
  return value;
}

}  // namespace

struct Engine::Parts {
  Parts(std::string base, rest_client::Credentials credentials)
      : url(std::move(base)), client(context, options(url, std::move(credentials))) {}

  static rest_client::Options options(const std::string& url, rest_client::Credentials credentials) {
    rest_client::Options made;
    made.nodes = {url};
    made.credentials = std::move(credentials);
    made.probe_target = "/engine";
    return made;
  }

  Reply call(rest_client::Request request) {
    request.deadline = std::chrono::steady_clock::now() + kCallDeadline;
    const std::string what = std::string(rest_client::to_string(request.method)) + " " + request.target;
    std::optional<rest_client::Answer> answer;
    client.send(std::move(request), [&](rest_client::Answer came) { answer = std::move(came); });
    context.restart();
    while (!answer) context.run_one();
    if (const auto* failure = std::get_if<rest_client::Failure>(&*answer))
      FAIL(what << ": " << failure->cause);
    auto& response = std::get<rest_client::Response>(*answer);
    return {response.status, std::move(response.content_type), std::move(response.body)};
  }

  std::string url;
  boost::asio::io_context context;
  rest_client::Client client;
};

Engine::Engine(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;

Engine& Engine::open() {
  static Engine engine(
      std::make_unique<Parts>(environment("COCKPIT_ENGINE_URL"), rest_client::NoCredentials{}));
  return engine;
}

Engine Engine::guarded(const std::string& user, const std::string& password) {
  return Engine(std::make_unique<Parts>(environment("COCKPIT_GUARDED_ENGINE_URL"),
                                        rest_client::BasicCredentials{user, password}));
}

Engine Engine::guarded() {
  return Engine(
      std::make_unique<Parts>(environment("COCKPIT_GUARDED_ENGINE_URL"), rest_client::NoCredentials{}));
}

Reply Engine::get(const std::string& target, const std::string& accept) {
  rest_client::Request request;
  request.target = target;
  request.accept = accept;
  return parts_->call(std::move(request));
}

Reply Engine::post(const std::string& target, const Json& body) {
  rest_client::Request request;
  request.method = rest_client::Method::post;
  request.target = target;
  request.body = body.dump();
  return parts_->call(std::move(request));
}

Reply Engine::put(const std::string& target, const Json& body) {
  return put_raw(target, body.dump(), "application/json");
}

Reply Engine::put_raw(const std::string& target, const std::string& body, const std::string& type) {
  rest_client::Request request;
  request.method = rest_client::Method::put;
  request.target = target;
  request.body = body;
  request.content_type = type;
  return parts_->call(std::move(request));
}

Reply Engine::del(const std::string& target) {
  rest_client::Request request;
  request.method = rest_client::Method::del;
  request.target = target;
  return parts_->call(std::move(request));
}

Reply Engine::del_batch(const std::string& target) {
  auto reply = del(target);
  for (int again = 0;
       again < 4 && reply.status == 500 && reply.body.find("ENGINE-03005") != std::string::npos; ++again)
    reply = del(target);
  return reply;
}

Json Engine::read(const std::string& target) {
  Reply reply = get(target);
  // The database in memory of the oldest engines drops a connection now and then; a read may be repeated.
  for (int again = 0;
       again < 4 && reply.status == 500 && reply.body.find("Connection is closed") != std::string::npos;
       ++again)
    reply = get(target);
  INFO("GET " << target << ": " << reply.body);
  REQUIRE(reply.status == 200);
  return reply.json();
}

std::size_t Engine::count(const std::string& target) {
  return read(target).at("count").get<std::size_t>();
}

bool Engine::since(int minor) {
  if (version_.empty()) version_ = read("/version").at("version").get<std::string>();
  return !version_.starts_with("7.") || std::stoi(version_.substr(2)) >= minor;
}

const std::string& Engine::url() const {
  return parts_->url;
}

bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(kBetweenLooks);
  }
  return true;
}

std::string encoded(const std::string& text) {
  return rest_client::encode(text);
}

}  // namespace contract
