// The private copies of plugin libraries: gone with their process, however it ended.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <set>

#include "bench.hpp"

extern char** environ;

namespace fs = std::filesystem;

namespace {

// `cockpit-host serve` on a folder, from its address on.
class Serving {
 public:
  Serving(const bench::Scratch& scratch, const std::string& plugins) {
    std::array<int, 2> pipe{};
    REQUIRE(::pipe2(pipe.data(), O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
    std::vector<std::string> words{bench::host_program(),
                                   "serve",
                                   "--port",
                                   "0",
                                   "--log-level",
                                   "error",
                                   "--plugins",
                                   plugins,
                                   "--state",
                                   scratch / "state"};
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    REQUIRE(::posix_spawn(&pid_, words.front().c_str(), &actions, nullptr, arguments.data(), environ) == 0);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(pipe[1]);
    char byte = 0;
    while (::read(pipe[0], &byte, 1) == 1 && byte != '\n') {
    }
    ::close(pipe[0]);
    REQUIRE(byte == '\n');
  }
  ~Serving() { end(SIGTERM); }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;
  void end(int signal) {
    if (pid_ <= 0) return;
    ::kill(pid_, signal);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  pid_t pid_ = -1;
};

std::set<fs::path> folders_in(const fs::path& at) {
  std::set<fs::path> all;
  for (const auto& one : fs::directory_iterator{at}) all.insert(one.path());
  return all;
}

}  // namespace

TEST_CASE("the copies of a process that was killed are removed by the next start, no others") {
  const bench::Scratch scratch;
  const auto temporary = scratch / "temporary";
  const auto plugins = (scratch / "plugins").string();
  fs::create_directory(temporary);
  fs::create_directory(plugins);
  fs::copy_file(bench::plugin_file("smallest"), fs::path{plugins} / "smallest.so");
  const bench::Environment there{"TMPDIR", temporary.string()};

  Serving alive{scratch, plugins};
  const auto of_alive = folders_in(temporary);
  REQUIRE(of_alive.size() == 1);
  const auto name = of_alive.begin()->filename().string();
  {
    Serving killed{scratch, plugins};
    REQUIRE(folders_in(temporary).size() == 2);
    killed.end(SIGKILL);
  }
  REQUIRE(folders_in(temporary).size() == 2);

  // What only looks like one: a file, a link to a folder, and (as root) somebody else's folder.
  auto kept = of_alive;
  const auto like = [&](const std::string& ending) {
    const auto path = temporary / (name.substr(0, name.size() - 6) + ending);
    kept.insert(path);
    return path;
  };
  bench::touch(like("aFile0"));
  fs::create_directory(scratch / "elsewhere");
  bench::touch(scratch / "elsewhere" / "precious");
  fs::create_directory_symlink(scratch / "elsewhere", like("aLink0"));
  if (::geteuid() == 0) {
    const auto foreign = like("other0");
    fs::create_directory(foreign);
    REQUIRE(::chown(foreign.c_str(), 65534, 65534) == 0);
  }

  { const Serving next{scratch, plugins}; }
  CHECK(folders_in(temporary) == kept);
  CHECK(fs::exists(scratch / "elsewhere" / "precious"));

  alive.end(SIGTERM);
  kept.erase(*of_alive.begin());
  CHECK(folders_in(temporary) == kept);
}
