// Servers that are not there, and clusters of which one is not.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "catch.hpp"
#include "fixture.hpp"

using namespace rest_client;
using namespace rest_client::tests;

namespace {

// A port on which no server listens any more.
std::string dead_node() {
  boost::asio::io_context context;
  const ScriptedServer server(context, always({stall()}));
  return "http://127.0.0.1:" + std::to_string(server.port());
}

// A socket that listens, whose queue is full: further connections hang.
class FullListener {
 public:
  FullListener() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    sockets_.push_back(::socket(AF_INET, SOCK_STREAM, 0));
    REQUIRE(::bind(sockets_[0], any, size) == 0);
    REQUIRE(::listen(sockets_[0], 0) == 0);
    REQUIRE(::getsockname(sockets_[0], any, &size) == 0);
    port_ = ntohs(address.sin_port);
    for (int i = 0; i < 4; ++i) {
      sockets_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
      ::connect(sockets_.back(), any, size);
    }
  }
  ~FullListener() {
    for (const int socket : sockets_) ::close(socket);
  }
  FullListener(const FullListener&) = delete;
  FullListener& operator=(const FullListener&) = delete;
  std::uint16_t port() const { return port_; }

 private:
  std::vector<int> sockets_;
  std::uint16_t port_ = 0;
};

Options options_for(std::vector<std::string> nodes) {
  Options options;
  options.nodes = std::move(nodes);
  return options;
}

}  // namespace

TEST_CASE("connection refused: the cause names the server, and a change was certainly not made") {
  const std::string node = dead_node();
  Fixture f(options_for({node}));
  const Failure failure = failure_of(f.ask(put("/a")));
  CHECK(failure.kind == FailureKind::refused);
  CHECK(failure.cause == node + " refused the connection: no server is listening there");
  CHECK(failure_of(f.ask(get("/a"))).kind == FailureKind::refused);
}

TEST_CASE("a host name without an address") {
  const std::string name(64, 'x');  // no label of a name may be that long: nobody is asked
  Fixture f(options_for({"http://" + name + ":8080"}));
  const Failure failure = failure_of(f.ask(put("/a")));
  CHECK(failure.kind == FailureKind::unresolved);
  CHECK_THAT(failure.cause, ContainsSubstring(name));
}

TEST_CASE("a host name is resolved") {
  Fixture f(always({request(), say(ok("[1]")), stall()}), [](Options& options) {
    options.nodes = {"http://localhost" +
                     options.nodes.front().substr(std::string("http://127.0.0.1").size())};
  });
  CHECK(response_of(f.ask(get("/a"))).body == "[1]");
  CHECK_THAT(f.server->requests()[0], ContainsSubstring("Host: localhost:"));
}

TEST_CASE("one node of two is down: every call is answered by the other") {
  Fixture f(always({request(), say(ok("[1]")), request(), say(ok("[2]")), close()}),
            [](Options& options) { options.nodes.insert(options.nodes.begin(), dead_node()); });
  for (int i = 0; i < 10; ++i) {
    CHECK(response_of(f.ask(get("/a"))).status == 200);
    CHECK(response_of(f.ask(put("/a"))).status == 200);
  }
  CHECK(f.server->requests().size() == 20);
}

TEST_CASE("a server that comes back is used again, without a new client") {
  Fixture f(in_turn({{request(), close()}, {close()}, {request(), say(ok("[1]")), stall()}}));
  CHECK(failure_of(f.ask(get("/a"))).kind == FailureKind::cut);
  CHECK(failure_of(f.ask(get("/a"))).kind == FailureKind::cut);
  CHECK(response_of(f.ask(get("/a"))).body == "[1]");
}

TEST_CASE("a server that does not accept in time is left within the connect timeout") {
  const FullListener full;
  const std::string node = "http://127.0.0.1:" + std::to_string(full.port());
  Options options = options_for({node});
  options.limits.connect_timeout = std::chrono::milliseconds(100);
  Fixture f(std::move(options));
  const Failure failure = failure_of(f.ask(put("/a")));
  CHECK(failure.kind == FailureKind::timeout);  // and not outcome_unknown: nothing was sent
  CHECK(failure.cause == node + " did not accept a connection within 100 ms");
}
