#include "plugins/probe.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <vector>

#include "plugins/loaded_library.hpp"
#include "plugins/runtime.hpp"

extern char** environ;

namespace host::plugins {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int result_descriptor = 3;
constexpr std::size_t longest_report = 64u << 10;

// What the child writes is lines: "step TEXT", then "result JSON".
struct Report {
  std::string step = "starting";
  std::string result;
};

Report read_report(const std::string& text) {
  Report report;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = text.find('\n', at);
    if (end == std::string::npos) break;
    const auto line = text.substr(at, end - at);
    if (line.rfind("step ", 0) == 0) report.step = line.substr(5);
    if (line.rfind("result ", 0) == 0) report.result = line.substr(7);
    at = end + 1;
  }
  return report;
}

std::string signal_words(int number) {
  const char* name = ::sigabbrev_np(number);
  return name == nullptr ? "signal " + std::to_string(number) : "SIG" + std::string{name};
}

Result<Probed> verdict(const Report& report, int status, bool timed_out) {
  using Failed = Result<Probed>;
  if (timed_out) return Failed::failed("it hung in the probe while " + report.step);
  if (WIFSIGNALED(status))
    return Failed::failed("it crashed in the probe (" + signal_words(WTERMSIG(status)) + ") while " +
                          report.step);
  const auto json = nlohmann::json::parse(report.result, nullptr, false);
  if (!json.is_object())
    return Failed::failed("it ended the probe by itself (exit code " + std::to_string(WEXITSTATUS(status)) +
                          ") while " + report.step);
  if (const auto reason = json.value("reason", ""); !reason.empty()) return Failed::failed(reason);
  return Failed::of({json.value("id", ""), json.value("name", ""), json.value("version", "")});
}

void limit(decltype(RLIMIT_CPU) what, rlim_t value) {
  rlimit limits{value, value};
  ::setrlimit(what, &limits);
}

void set_limits() {
#if !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)  // their shadow memory is larger than any limit
  limit(RLIMIT_AS, rlim_t{2} << 30);
#endif
  limit(RLIMIT_CPU, 10);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NOFILE, 128);
  limit(RLIMIT_FSIZE, 0);
}

class Reporter {
 public:
  explicit Reporter(int out) : out_(out) {}
  void step(std::string_view name) { say("step " + std::string{name}); }
  void result(const nlohmann::json& json) {
    say("result " + json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }

 private:
  void say(std::string line) {
    line += '\n';
    // A report that cannot be written is a broken parent: nobody is left to be told.
    if (::write(out_, line.data(), line.size()) < 0) ::_exit(3);
  }
  int out_;
};

}  // namespace

Result<Probed> probe(const std::filesystem::path& program, const std::filesystem::path& library,
                     bool allow_drafts, std::chrono::milliseconds patience) {
  using Failed = Result<Probed>;
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
    return Failed::failed("no pipe for the probe: " + std::string{std::strerror(errno)});
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, pipe[1], result_descriptor);
  std::string program_text = program.string();
  std::string command{probe_command};
  std::string library_text = library.string();
  std::string drafts = "--allow-drafts";
  std::array<char*, 5> arguments{program_text.data(), command.data(), library_text.data(),
                                 allow_drafts ? drafts.data() : nullptr, nullptr};
  // What the host was told in its environment, secrets among it, is not for a library nobody has tried yet.
  std::vector<char*> environment;
  for (char** entry = environ; *entry != nullptr; ++entry)
    if (std::strncmp(*entry, "COCKPIT_", 8) != 0) environment.push_back(*entry);
  environment.push_back(nullptr);
  pid_t child = -1;
  const int spawned =
      ::posix_spawn(&child, program_text.c_str(), &actions, nullptr, arguments.data(), environment.data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  if (spawned != 0) {
    ::close(pipe[0]);
    return Failed::failed("the probe could not be started: " + std::string{std::strerror(spawned)});
  }

  std::string text;
  bool timed_out = false;
  const auto deadline = Clock::now() + patience;
  std::array<char, 4096> block{};
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd ready{pipe[0], POLLIN, 0};
    const int polled = left <= 0 ? 0 : ::poll(&ready, 1, static_cast<int>(left));
    if (polled < 0 && errno == EINTR) continue;
    if (polled <= 0) {
      timed_out = true;
      break;
    }
    const auto count = ::read(pipe[0], block.data(), block.size());
    if (count <= 0) break;
    if (text.size() < longest_report) text.append(block.data(), static_cast<std::size_t>(count));
  }
  ::close(pipe[0]);
  if (timed_out) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return verdict(read_report(text), status, timed_out);
}

int run_probe_child(const std::filesystem::path& library, bool allow_drafts, const CheckDescription& check,
                    int out) {
  Reporter reporter{out};
  const auto refused = [&reporter](const std::string& reason) {
    reporter.result({{"reason", reason}});
    return 1;
  };
  set_limits();
  reporter.step("its symbols were read");
  if (auto why = why_no_entry(library); !why.empty()) return refused(why);
  reporter.step("it was loaded");
  const auto entry = load_for_good(library);
  if (!entry) return refused(entry.reason);

  reporter.step("it was entered, created and asked for its description");
  boost::asio::io_context io;
  RuntimeOptions options;
  options.allow_drafts = allow_drafts;
  const auto runtime = Runtime::make(io, *entry, options);
  std::string problem;
  bool clean = false;
  runtime->start(R"({"engines":[],"settings":{}})", [&](std::string reason, std::string description) {
    problem = reason.empty() ? check(description) : std::move(reason);
    reporter.step("it was stopped");
    runtime->stop([&](bool ended) {
      clean = ended;
      io.stop();
    });
  });
  io.run();
  if (!problem.empty()) {
    refused(problem);
  } else if (!clean) {
    refused("it did not stop within 5 s of being asked to");
  } else {
    const auto& who = runtime->identity();
    reporter.result({{"id", who.id}, {"name", who.name}, {"version", who.version}});
  }
  ::_exit(0);  // threads that the plugin may have left behind must not hold the answer up
}

}  // namespace host::plugins
