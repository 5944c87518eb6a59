// A real server on a loopback port that does what a test tells it, word by word. Runs on the io_context it is
// given.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace rest_client::tests {

struct Step {
  enum class Kind { request, say, say_bytewise, flood, pause, finish, close, reset, deaf, stall };
  Kind kind = Kind::stall;
  std::string bytes;
  std::size_t times = 1;
  std::chrono::milliseconds time{0};
};

// What a connection lives through, in order; then it is closed.
using Script = std::vector<Step>;

Step request();                                    // wait for a whole request
Step say(std::string bytes);                       // in one piece
Step say_bytewise(std::string bytes);              // each byte on its own
Step flood(std::string bytes, std::size_t times);  // as much as the client takes
Step pause(std::chrono::milliseconds time);
Step finish();  // end the sending side only
Step close();   // properly, on TLS without a farewell
Step reset();   // with RST
Step deaf();    // drop what comes, below TLS, until the client has gone
Step stall();   // nothing, not even reading, for ever

std::string ok(const std::string& json);  // a good answer with a length

struct ServerTls {
  std::string certificate;  // files
  std::string key;
  std::string client_authority;  // not empty: clients must show a certificate of it
};

class ScriptedServer {
 public:
  using Plan = std::function<Script(std::size_t connection)>;

  // Port 0 of the system's choice, on 127.0.0.1. `tls` null: plain.
  ScriptedServer(boost::asio::io_context& context, Plan plan, const ServerTls* tls = nullptr);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const;
  std::size_t connections() const;                   // accepted so far
  std::size_t open_connections() const;              // that neither side has closed
  const std::vector<std::string>& requests() const;  // whole ones, in the order they came
  void close_all();                                  // connections, at once; the system sends FIN
  void stop_listening();

  struct Parts;

 private:
  std::shared_ptr<Parts> parts_;
};

}  // namespace rest_client::tests
