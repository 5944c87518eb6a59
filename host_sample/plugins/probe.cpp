#include "plugins/probe.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <system_error>
#include <vector>

#include "base/json_text.hpp"
#include "plugins/loaded_library.hpp"
#include "plugins/probe_cage.hpp"
#include "plugins/runtime.hpp"

extern char** environ;

namespace host::plugins {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int result_descriptor = 3;
constexpr std::size_t longest_report = CageReport::longest;
constexpr auto end_patience = std::chrono::seconds{2};

// What the child reports is lines: "step TEXT", then "result JSON".
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

// Why the parent did not wait any longer.
enum class Given { no, patience_over, host_ends };

// Whether to go on: when one of the descriptors became readable or `most` went by. -1: none.
Given wait_for(int of_child, const StopSignal& stop, Clock::time_point deadline,
               std::chrono::milliseconds most) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  if (left.count() <= 0) return Given::patience_over;
  std::array<pollfd, 2> ready{{{of_child, POLLIN, 0}, {stop.descriptor(), POLLIN, 0}}};
  ::poll(ready.data(), ready.size(), static_cast<int>(std::min(left, most).count()));
  return ready[1].revents != 0 ? Given::host_ends : Given::no;
}

Result<Probed> verdict(const Report& report, int status, Given given) {
  using Failed = Result<Probed>;
  if (given == Given::host_ends) return Failed::failed("the host ended while it was probed");
  if (given == Given::patience_over) return Failed::failed("it hung in the probe while " + report.step);
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
#ifndef COCKPIT_SANITIZED  // a sanitizer's shadow memory is larger than any limit, and its report is a file
  limit(RLIMIT_AS, rlim_t{2} << 30);
  limit(RLIMIT_FSIZE, 0);
#endif
  limit(RLIMIT_CPU, 10);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NOFILE, 128);
}

class Reporter {
 public:
  explicit Reporter(CageReport& report) : report_(report) {}
  void step(std::string_view name) { report_.add("step " + std::string{name}); }
  void result(const nlohmann::json& json) { report_.add("result " + json_text(json)); }

 private:
  CageReport& report_;
};

// What is there to read now. False: that was the end.
bool read_some(int from, std::string& into) {
  std::array<char, 4096> block{};
  for (;;) {
    const auto count = ::read(from, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return count < 0 && errno == EAGAIN;
    if (into.size() < longest_report) into.append(block.data(), static_cast<std::size_t>(count));
  }
}

// The probe ends what the library started, which takes it a moment; one that does not is killed.
void end_probe(pid_t child, int& status) {
  ::kill(child, SIGTERM);
  const auto deadline = Clock::now() + end_patience;
  while (Clock::now() < deadline) {
    if (::waitpid(child, &status, WNOHANG) != 0) return;
    ::poll(nullptr, 0, 5);
  }
  ::kill(child, SIGKILL);
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

StopSignal::StopSignal() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (descriptor_ < 0) throw std::system_error{errno, std::generic_category(), "no descriptor for a signal"};
}

StopSignal::~StopSignal() {
  ::close(descriptor_);
}

void StopSignal::raise() const {
  ::eventfd_write(descriptor_, 1);
}

Result<Probed> probe(const std::filesystem::path& program, const std::filesystem::path& library,
                     bool allow_drafts, const StopSignal& stop, std::chrono::milliseconds patience) {
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
  // The host's environment may contain secrets: it is not passed on to a library that was not probed yet.
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

  const auto deadline = Clock::now() + patience;
  auto given = Given::no;
  std::string text;
  ::fcntl(pipe[0], F_SETFL, O_NONBLOCK);
  // The report comes whole, at the end.
  while (given == Given::no && read_some(pipe[0], text)) given = wait_for(pipe[0], stop, deadline, patience);
  int status = 0;
  pid_t ended = 0;
  while (given == Given::no && (ended = ::waitpid(child, &status, WNOHANG)) == 0)
    given = wait_for(-1, stop, deadline, std::chrono::milliseconds{10});
  if (ended == 0) end_probe(child, status);
  read_some(pipe[0], text);
  ::close(pipe[0]);
  return verdict(read_report(text), status, given);
}

namespace {

int try_library(CageReport& report, const std::filesystem::path& library, bool allow_drafts,
                const CheckDescription& check) {
  Reporter reporter{report};
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
    problem = reason.empty() ? check(description, runtime->identity().id) : std::move(reason);
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
  return 0;  // by _exit: threads that the plugin may have left behind must not hold the answer up
}

}  // namespace

void run_probe_child(const std::filesystem::path& library, bool allow_drafts, const CheckDescription& check,
                     int out) {
  run_caged(out, [&](CageReport& report) { return try_library(report, library, allow_drafts, check); });
}

}  // namespace host::plugins
