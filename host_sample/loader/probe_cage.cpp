#include "loader/probe_cage.hpp"

#include <dirent.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <new>

namespace host::loader {
namespace {

constexpr int cannot_begin = 70;

// The process whose parent a process is, by /proc; -1: it is gone.
pid_t parent_of(const std::string& process) {
  std::ifstream in{"/proc/" + process + "/stat"};
  std::string line;
  std::getline(in, line);
  // "pid (name) state ppid …": the name may hold anything.
  const auto end = line.rfind(')');
  if (end == std::string::npos || line.size() < end + 5) return -1;
  return static_cast<pid_t>(std::strtol(line.c_str() + end + 4, nullptr, 10));
}

void kill_children() {
  auto* folder = ::opendir("/proc");
  if (folder == nullptr) return;
  const auto self = ::getpid();
  while (const auto* entry = ::readdir(folder)) {
    const std::string name{entry->d_name};
    if (name.find_first_not_of("0123456789") != std::string::npos || parent_of(name) != self) continue;
    ::kill(static_cast<pid_t>(std::strtol(name.c_str(), nullptr, 10)), SIGKILL);
  }
  ::closedir(folder);
}

// Whatever lost its parent below us became our child, wherever it went: each round ends one generation.
void end_everything() {
  for (;;) {
    kill_children();
    pid_t ended = 0;
    do ended = ::waitpid(-1, nullptr, 0);
    while (ended < 0 && errno == EINTR);
    if (ended < 0) return;  // no child is left
  }
}

// Until that child ended, or we are asked to end. The status of the child, or none.
bool wait_for(pid_t child, const sigset_t& signals, int& status) {
  for (;;) {
    for (pid_t ended = 0; (ended = ::waitpid(-1, &status, WNOHANG)) > 0;)
      if (ended == child) return true;
    if (::sigwaitinfo(&signals, nullptr) == SIGTERM) return false;
  }
}

void write_all(int out, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(out, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;  // nobody reads it any more
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

[[noreturn]] void end_as(int status) {
  if (WIFSIGNALED(status)) {
    ::signal(WTERMSIG(status), SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::raise(WTERMSIG(status));
  }
  ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : cannot_begin);
}

}  // namespace

void CageReport::add(std::string_view line) {
  const auto at = size_.load();
  if (line.size() + 1 > longest - std::min(at, longest)) return;
  std::memcpy(bytes_ + at, line.data(), line.size());
  bytes_[at + line.size()] = '\n';
  size_.store(at + line.size() + 1);
}

std::string CageReport::text() const {
  return {bytes_, std::min(size_.load(), longest)};  // the other side may have written anything
}

void run_caged(int out, const std::function<int(CageReport&)>& inside) {
  // Everything that the host did not mean to hand on: the listening socket above all.
  ::close_range(static_cast<unsigned>(out) + 1, ~0U, 0);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // a host that is killed leaves no probe behind
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGTERM);
  ::sigaddset(&signals, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  void* memory =
      ::mmap(nullptr, sizeof(CageReport), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) ::_exit(cannot_begin);
  auto& report = *new (memory) CageReport;
  const auto child = ::fork();
  if (child < 0) ::_exit(cannot_begin);
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::close(out);
    ::setsid();
    ::sigprocmask(SIG_UNBLOCK, &signals, nullptr);
    ::_exit(inside(report));
  }
  int status = 0;
  const bool ended = wait_for(child, signals, status);
  end_everything();
  write_all(out, report.text());
  end_as(ended ? status : W_EXITCODE(0, SIGKILL));
}

}  // namespace host::loader
