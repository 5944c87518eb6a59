// A plugin at work for a test: a runtime on an I/O context that the test turns itself, directly or behind the
// wall of frames.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "catch.hpp"
#include "frame_shim.hpp"
#include "loader/runtime.hpp"
#include "scripted_plugin.hpp"

namespace abi {

struct Answer {
  bool came = false;
  cockpit_status status = -1;
  std::string body;
  std::vector<std::string> progress;
  struct Update {
    cockpit_status status;
    std::uint64_t as_of;
    std::string body;
  };
  std::vector<Update> updates;
  bool late = false;
  std::string late_body;
  int completions = 0;
};

class Bench {
 public:
  explicit Bench(bool framed, const scripted::Manner& manner = {},
                 host::loader::RuntimeOptions options = {}) {
    scripted::next(manner);
    options.host_version = "test";
    options.log = [this](std::uint32_t level, const std::string& line) {
      logged.push_back(std::to_string(level) + " " + line);
    };
    runtime = host::loader::Runtime::make(
        io, framed ? frame_shim::around(&scripted::entry) : &scripted::entry, std::move(options));
  }
  ~Bench() {
    *listening_ = false;  // the answers of the test are gone by now
    if (!stopped_) stop();
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  // Why it did not start; empty: it serves.
  std::string start(const std::string& configuration = R"({"engines":[],"settings":{}})") {
    std::string why;
    bool over = false;
    runtime->start(configuration, [&](std::string reason, std::string text) {
      why = std::move(reason);
      description = std::move(text);
      over = true;
    });
    until([&] { return over; });
    return why;
  }

  cockpit_call ask(Answer& into, const std::string& what,
                   std::chrono::milliseconds deadline = std::chrono::seconds{20}) {
    host::loader::Ask asked;
    asked.body = "{\"do\":\"" + what + "\"}";
    asked.deadline = deadline;
    asked.authority = 7;
    asked.principal = "mary";
    return runtime->invoke(std::move(asked), events(into));
  }
  Answer asked(const std::string& what, std::chrono::milliseconds deadline = std::chrono::seconds{20}) {
    Answer answer;
    ask(answer, what, deadline);
    until([&] { return answer.came; });
    return answer;
  }
  cockpit_call watch(Answer& into, const std::string& what) {
    host::loader::Ask asked;
    asked.body = "{\"do\":\"" + what + "\"}";
    asked.authority = 7;
    return runtime->watch(std::move(asked), events(into));
  }

  // Turns the I/O context until something is so; fails the test after 20 s.
  template <class Condition>
  void until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!condition()) {
      REQUIRE(std::chrono::steady_clock::now() < deadline);
      io.restart();
      io.run_one_for(std::chrono::milliseconds{20});
    }
  }
  // Whether the plugin ended by itself.
  bool stop() {
    stopped_ = true;
    bool over = false;
    bool clean = false;
    runtime->stop([&](bool ended) {
      over = true;
      clean = ended;
    });
    until([&] { return over; });
    return clean;
  }

  boost::asio::io_context io{1};
  std::shared_ptr<host::loader::Runtime> runtime;
  std::string description;
  std::vector<std::string> logged;

 private:
  host::loader::CallEvents events(Answer& into) const {
    host::loader::CallEvents events;
    events.done = [&into, on = listening_](cockpit_status status, std::string body) {
      if (!*on) return;
      into.came = true;
      into.status = status;
      into.body = std::move(body);
      ++into.completions;
    };
    events.progress = [&into, on = listening_](std::string body) {
      if (*on) into.progress.push_back(std::move(body));
    };
    events.update = [&into, on = listening_](cockpit_status status, std::uint64_t as_of, std::string body) {
      if (!*on) return;
      into.updates.push_back({status, as_of, std::move(body)});
    };
    events.late = [&into, on = listening_](cockpit_status, std::string body) {
      if (!*on) return;
      into.late = true;
      into.late_body = std::move(body);
    };
    return events;
  }
  bool stopped_ = false;
  std::shared_ptr<bool> listening_ = std::make_shared<bool>(true);
};

}  // namespace abi
