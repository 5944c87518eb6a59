// What a plugin can reach while it is tried, and what stays of it: nothing. And the host goes on meanwhile.
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>

#include "serving.hpp"

using bench::Bench;
namespace fs = std::filesystem;

TEST_CASE("a plugin that is tried reaches nothing of the host: its three standard descriptors lead nowhere") {
  Bench bench;
  const int inherited = ::open("/dev/zero", O_RDONLY);  // one without close-on-exec, as a library may open it
  REQUIRE(inherited >= 0);
  bench.drop("looks_around");
  bench.start();
  ::close(inherited);
  CHECK(bench.state("looks_around.so") == "refused");
  CHECK_THAT(bench.reason("looks_around.so"), ContainsSubstring("0=/dev/null 1=/dev/null 2=/dev/null"));
  const auto reason = bench.reason("looks_around.so");
  CHECK(std::count(reason.begin(), reason.end(), '=') == 3);
}

TEST_CASE("whatever a plugin starts while it is tried ends with the trial, in whatever session it is") {
  Bench bench;
  const auto children = bench.file("children");
  fs::create_directory(children);
  const bench::Environment place{"HOSTILE_CHILDREN", children.string()};
  const bench::Environment release{"HOSTILE_RELEASE", bench.file("release").string()};
  const auto left = [&children] { return std::distance(fs::directory_iterator{children}, {}); };
  bench.drop("leaves_children");
  SECTION("when it crashes") {
    bench.begin();
    bench.until([&] { return left() == 3; });
    bench::touch(bench.file("release"));
    bench.until([&] { return bench.looked(); });
    CHECK_THAT(bench.reason("leaves_children.so"), ContainsSubstring("SIGABRT"));
  }
  SECTION("when the host ends meanwhile") {
    bench.begin();
    bench.until([&] { return left() == 3; });
    bench.stop();
  }
  for (const auto& one : fs::directory_iterator{children}) {
    const auto pid = static_cast<pid_t>(std::stol(one.path().filename()));
    CAPTURE(pid);
    CHECK((::kill(pid, 0) != 0 && errno == ESRCH));
  }
}

TEST_CASE(
    "the address is there while a plugin hangs in its trial, and a stop request at that time is no failure") {
  const bench::Scratch scratch;
  const auto plugins = scratch / "plugins";
  fs::create_directory(plugins);
  fs::copy_file(bench::plugin_file("hang_in_constructor"), plugins / "hangs.so");
  bench::Serving serving{scratch, plugins.string()};
  const auto answer = [&serving](const std::string& path) {
    const int to = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(serving.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(to, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    const auto bytes = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(serving.port()) +
                       "\r\nConnection: close\r\n\r\n";
    REQUIRE(::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
    std::string got(4096, '\0');
    const auto count = ::recv(to, got.data(), got.size(), 0);
    ::close(to);
    return got.substr(9, count < 12 ? 0 : 3);
  };
  CHECK(answer("/healthz") == "200");
  CHECK(answer("/readyz") == "503");
  const int status = serving.end(SIGTERM);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("a token from a file is not printed, and one that can be guessed does not open a host") {
  const bench::Scratch scratch;
  fs::create_directory(scratch / "plugins");
  const auto file = scratch / "token";
  const std::string token = "0123456789abcdefghij";
  bench::touch(file, token + "\n");
  fs::permissions(file, fs::perms::owner_read);
  const bench::Serving serving{scratch, (scratch / "plugins").string(), {"--token-file", file.string()}};
  CHECK(serving.address() == "http://127.0.0.1:" + std::to_string(serving.port()) + "/");
  fs::permissions(file, fs::perms::owner_all);
  bench::touch(file, "short");
  const auto command = bench::host_program().string() + " serve --port 0 --state " +
                       (scratch / "state").string() + " --token-file " + file.string() + " 2>" +
                       (scratch / "said").string();
  fs::permissions(file, fs::perms::owner_read);
  CHECK(WEXITSTATUS(std::system(command.c_str())) == 3);
  CHECK_THAT(bench::content_of(scratch / "said"), ContainsSubstring("can be guessed"));
}

TEST_CASE("the memory of the host is written into no core dump, whatever its starter allows") {
  const bench::Scratch scratch;
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_CORE, &before) == 0);
  const rlimit allowed{std::max<rlim_t>(before.rlim_cur, 1U << 20U),
                       std::max<rlim_t>(before.rlim_max, 1U << 20U)};
  if (::setrlimit(RLIMIT_CORE, &allowed) != 0) WARN("core dumps are off here already, for everybody");
  fs::create_directory(scratch / "plugins");
  const bench::Serving serving{scratch, (scratch / "plugins").string()};
  ::setrlimit(RLIMIT_CORE, &before);
  const auto limits = bench::content_of("/proc/" + std::to_string(serving.pid()) + "/limits");
  const auto at = limits.find("Max core file size");
  REQUIRE(at != std::string::npos);
  CHECK_THAT(limits.substr(at, limits.find('\n', at) - at), ContainsSubstring(" 0 "));
}
