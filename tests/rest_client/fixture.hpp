// A client and the means to wait for its answers, on one io_context of the test's own thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rest_client/client.hpp"
#include "scripted_server.hpp"

namespace rest_client::tests {

// A test that takes longer has hung.
inline constexpr std::chrono::seconds patience{30};

class Fixture {
 public:
  // A plain server, and a client of it; `change` may alter the client's options.
  explicit Fixture(ScriptedServer::Plan plan, const std::function<void(Options&)>& change = {});
  // Only a client, for these nodes.
  explicit Fixture(Options options);
  ~Fixture();
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  // Sends; the answer will stand at the index that is returned.
  std::size_t send(Request request);
  Answer ask(Request request);  // sends and waits
  Answer wait_for(std::size_t index);
  bool is_answered(std::size_t index) const { return answers_[index].has_value(); }
  CallId call(std::size_t index) const { return calls_[index]; }

  void run_until(const std::function<bool()>& reached);  // fails the test when patience ends
  bool run_out();  // until nothing is left to do; false when patience ends

  // Before the client, after it: the order in which they go.
  boost::asio::io_context context;
  std::unique_ptr<ScriptedServer> server;
  std::unique_ptr<Client> client;

 private:
  std::vector<std::optional<Answer>> answers_;
  std::vector<CallId> calls_;
};

Request get(std::string target, std::chrono::milliseconds time = std::chrono::seconds(20));
Request put(std::string target, std::string body = "{}",
            std::chrono::milliseconds time = std::chrono::seconds(20));

// Fail the test if the answer is of the other sort.
Response response_of(const Answer& answer);
Failure failure_of(const Answer& answer);

// The same script for every connection.
ScriptedServer::Plan always(Script script);
// One script after the other; connections after the last get the last.
ScriptedServer::Plan in_turn(std::vector<Script> scripts);

}  // namespace rest_client::tests
