// Credentials: sent as they should be, named in no message, and gone from memory after close().
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "catch.hpp"
#include "fixture.hpp"
#include "scratch.hpp"

using namespace rest_client;
using namespace rest_client::tests;

namespace {

constexpr char mask = 0x15;

std::string masked(std::string text) {
  for (char& c : text) c = static_cast<char>(c ^ mask);
  return text;
}

// Whether a text stands anywhere in the writable memory of this process. The text itself is only known
// masked.
bool is_in_memory(const std::string& masked_text) {
  std::ifstream maps("/proc/self/maps");
  std::ifstream memory("/proc/self/mem", std::ios::binary);
  constexpr std::uint64_t largest = 256U << 20U;  // sanitizers reserve far more for themselves
  std::string line;
  while (std::getline(maps, line)) {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    char dash = 0;
    std::string rights;
    std::istringstream(line) >> std::hex >> begin >> dash >> end >> rights;
    if (!rights.starts_with("rw") || end - begin > largest) continue;
    std::vector<char> bytes(end - begin);
    memory.clear();
    memory.seekg(static_cast<std::streamoff>(begin));
    memory.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    const auto got = memory.gcount();
    const auto found =
        std::search(bytes.begin(), bytes.begin() + got, masked_text.begin(), masked_text.end(),
                    [](char here, char there) { return static_cast<char>(here ^ mask) == there; });
    const bool is_there = found != bytes.begin() + got;
    std::fill(bytes.begin(), bytes.end(), '\0');
    if (is_there) return true;
  }
  return false;
}

// "demo:" and a password, base64, as they stand in the request; masked, as everything here.
const std::string password = masked("correct horse battery staple");
const std::string coded = masked("ZGVtbzpjb3JyZWN0IGhvcnNlIGJhdHRlcnkgc3RhcGxl");

// In a process of its own: the server knows the secret, and the memory of this one is searched.
int main_of_server(int to_parent) {
  boost::asio::io_context context;
  const ScriptedServer server(context, always({request(), say(ok("[1]")), stall()}));
  const std::uint16_t port = server.port();
  if (::write(to_parent, &port, sizeof port) != sizeof port) return 1;
  context.run_for(patience);
  return 0;
}

class ServerProcess {
 public:
  ServerProcess() {
    std::array<int, 2> channel{};
    REQUIRE(::pipe(channel.data()) == 0);
    child_ = ::fork();
    REQUIRE(child_ >= 0);
    if (child_ == 0) ::_exit(main_of_server(channel[1]));
    REQUIRE(::read(channel[0], &port_, sizeof port_) == sizeof port_);
    ::close(channel[0]);
    ::close(channel[1]);
  }
  ~ServerProcess() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  std::uint16_t port() const { return port_; }

 private:
  pid_t child_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace

TEST_CASE("after close() the password is nowhere in memory") {
  const ServerProcess server;
  Options options;
  options.nodes = {"http://127.0.0.1:" + std::to_string(server.port())};
  options.credentials = BasicCredentials{"demo", masked(password)};
  Fixture f(std::move(options));
  CHECK(response_of(f.ask(get("/a"))).status == 200);
  CHECK(is_in_memory(coded));  // the search finds what is there
  f.client->close();
  CHECK(f.run_out());
  CHECK_FALSE(is_in_memory(coded));
  CHECK_FALSE(is_in_memory(password));
}

TEST_CASE("credentials go with every request") {
  const auto sent = [](const Credentials& credentials) {
    Fixture f(always({request(), say(ok("[1]")), stall()}),
              [&](Options& options) { options.credentials = credentials; });
    response_of(f.ask(get("/a")));
    const std::string& text = f.server->requests().at(0);
    const std::size_t at = text.find("Authorization: ");
    return at == std::string::npos ? "" : text.substr(at, text.find("\r\n", at) - at);
  };
  CHECK(sent(NoCredentials{}).empty());
  CHECK(sent(BasicCredentials{"Aladdin", "open sesame"}) ==
        "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  CHECK(sent(BearerToken{"abc.def-ghi_jkl="}) == "Authorization: Bearer abc.def-ghi_jkl=");
}

TEST_CASE(
    "a token that is replaced in its file is used from the next request on; a missing one fails the call") {
  const support::ScratchFile file;
  file.replace("first\n");
  Fixture f(always({request(), say(ok("[1]")), request(), say(ok("[2]")), stall()}),
            [&file](Options& options) { options.credentials = BearerTokenFile{file.path()}; });
  response_of(f.ask(get("/a")));
  file.replace("second\n");
  response_of(f.ask(get("/a")));
  CHECK_THAT(f.server->requests().at(0), ContainsSubstring("Authorization: Bearer first\r\n"));
  CHECK_THAT(f.server->requests().at(1), ContainsSubstring("Authorization: Bearer second\r\n"));
  file.remove();
  const Failure failure = failure_of(f.ask(put("/a")));
  CHECK(failure.kind == FailureKind::credentials);
  CHECK_THAT(failure.cause, ContainsSubstring(file.path()));
  CHECK(f.server->requests().size() == 2);
}

TEST_CASE("no failure repeats a secret") {
  for (const Script& script :
       {Script{close()}, Script{request(), say("rubbish\r\n\r\n"), stall()}, Script{request(), stall()}}) {
    Fixture f(always(script), [](Options& options) {
      options.credentials = BasicCredentials{"demo", "hunter2"};
    });
    const std::string cause = failure_of(f.ask(put("/a", "{}", std::chrono::milliseconds(200)))).cause;
    CHECK(cause.find("hunter2") == std::string::npos);
    CHECK(cause.find("ZGVtbzpodW50ZXIy") == std::string::npos);
  }
}
