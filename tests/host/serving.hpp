// The real program for a test: `cockpit-host serve` as a process of its own.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "bench.hpp"

extern char** environ;

namespace bench {

// The limit of the test ends a wait in vain.
inline void wait_until(const std::function<bool()>& condition) {
  while (!condition()) std::this_thread::sleep_for(std::chrono::milliseconds{10});
}

// `cockpit-host serve` on a folder, from its address on.
class Serving {
 public:
  Serving(const Scratch& scratch, const std::string& plugins, const std::vector<std::string>& more = {}) {
    std::array<int, 2> pipe{};
    REQUIRE(::pipe2(pipe.data(), O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
    std::vector<std::string> words{host_program(), "serve",     "--port", "0",       "--log-level",
                                   "error",        "--plugins", plugins,  "--state", scratch / "state"};
    words.insert(words.end(), more.begin(), more.end());
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    REQUIRE(::posix_spawn(&pid_, words.front().c_str(), &actions, nullptr, arguments.data(), environ) == 0);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(pipe[1]);
    char byte = 0;
    while (::read(pipe[0], &byte, 1) == 1 && byte != '\n') address_ += byte;
    ::close(pipe[0]);
    REQUIRE(byte == '\n');
  }
  ~Serving() { end(SIGTERM); }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  // The line that it printed.
  const std::string& address() const { return address_; }
  std::uint16_t port() const {
    return static_cast<std::uint16_t>(std::stoi(address_.substr(address_.rfind(':') + 1)));
  }
  pid_t pid() const { return pid_; }
  // How it ended, as waitpid() tells.
  int end(int signal) {
    if (pid_ <= 0) return -1;
    int status = -1;
    ::kill(pid_, signal);
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_ = -1;
  std::string address_;
};

}  // namespace bench
