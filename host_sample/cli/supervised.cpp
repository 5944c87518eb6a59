#include "cli/supervised.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>

#include "cli/commands.hpp"
#include "cli/table.hpp"
#include "loader/call_record.hpp"

namespace host::cli {
namespace {

constexpr std::array passed_on{SIGINT, SIGTERM, SIGHUP, SIGQUIT};

sigset_t waited_for() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGCHLD);
  for (const int number : passed_on) ::sigaddset(&signals, number);
  return signals;
}

// Until the child has ended: its status.
int wait_for(pid_t child, int signals) {
  int status = 0;
  while (true) {
    signalfd_siginfo received{};
    if (::read(signals, &received, sizeof received) != static_cast<ssize_t>(sizeof received)) continue;
    if (received.ssi_signo == SIGCHLD) {
      if (::waitpid(child, &status, WNOHANG) == child) return status;
    } else if (received.ssi_code != SI_KERNEL) {  // the terminal sends them to both
      ::kill(child, static_cast<int>(received.ssi_signo));
    }
  }
}

std::string how(int status) {
  if (!WIFSIGNALED(status)) return "ended by itself (exit code " + std::to_string(WEXITSTATUS(status)) + ")";
  const char* name = ::sigabbrev_np(WTERMSIG(status));
  return "was ended by " +
         (name == nullptr ? "signal " + std::to_string(WTERMSIG(status)) : "SIG" + std::string{name});
}

// Whether somebody ended it on purpose, from outside.
bool on_purpose(int status) {
  if (!WIFSIGNALED(status)) return false;
  const int number = WTERMSIG(status);
  return number == SIGINT || number == SIGTERM || number == SIGHUP || number == SIGPIPE || number == SIGQUIT;
}

}  // namespace

int run_supervised(const std::filesystem::path& state_folder,
                   const std::function<int(const ReportExit&)>& command) {
  std::array<int, 2> pipe{};
  const auto signals = waited_for();
  sigset_t before;
  ::sigprocmask(SIG_BLOCK, &signals, &before);
  const int signal_file = ::signalfd(-1, &signals, SFD_CLOEXEC);
  const bool ready = signal_file >= 0 && ::pipe2(pipe.data(), O_CLOEXEC) == 0;
  const pid_t child = ready ? ::fork() : -1;
  if (child <= 0) {
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    if (child < 0) {
      std::cerr << "cockpit-host: no process for the command: " << std::generic_category().message(errno)
                << '\n';
      return failure;
    }
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const ReportExit report = [out = pipe[1]](int code) {
      const auto word = static_cast<unsigned char>(code);
      if (::write(out, &word, 1) != 1) std::_Exit(failure);  // nobody waits for it any more
    };
    const int code = command(report);
    report(code);
    return code;
  }
  ::close(pipe[1]);
  const int status = wait_for(child, signal_file);
  unsigned char word = 0;
  ::fcntl(pipe[0], F_SETFL, O_NONBLOCK);
  const bool answered = ::read(pipe[0], &word, 1) == 1;
  ::close(pipe[0]);
  ::close(signal_file);
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  if (answered) return word;
  const bool meant = on_purpose(status);
  const auto left = loader::CallRecord::left_by(state_folder, child, !meant);
  if (meant) return 128 + WTERMSIG(status);
  std::cerr << "cockpit-host: the command " << how(status) << " before it had an answer.\n";
  for (const auto& one : left.blamed)
    std::cerr << "Of the plugin " << harmless(one.file) << ": " << one.words << " then.\n";
  return failure;
}

}  // namespace host::cli
