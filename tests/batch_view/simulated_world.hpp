// A world without network and without real time: the plugin's decisions run against engines in memory, and an
// hour passes in a moment. What becomes of each request is for the test to say. One thread; nothing happens
// but inside run() and step().
#pragma once

#include <demo_engine/router.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "engine/environment.hpp"

namespace batch_view_tests {

using batch_view::Clock;
using std::chrono::milliseconds;

// A request on its way to an engine.
struct Asked {
  std::string node, user, method, target, body;
  bool changes = false;  // what the engine would carry out
  Clock::time_point when{};
  std::string line() const { return method + ' ' + target; }
  // The path without its query.
  std::string path() const { return target.substr(0, target.find('?')); }
  bool is(const std::string& verb, const std::string& part) const {
    return method == verb && target.find(part) != std::string::npos;
  }
};

// What becomes of a request.
struct Fate {
  milliseconds there{1}, back{1};
  bool arrives = true;                // at the engine
  bool answered = true;               // else the deadline ends it
  std::optional<int> status = {};     // of something between: that is answered instead
  milliseconds carried_out_later{0};  // by the engine, after something between has answered
  std::optional<milliseconds> retry_after = {};
  std::string content = {};   // of the answer with `status`; what begins with < is a web page
  std::string location = {};  // of a redirect
  std::optional<rest_client::FailureKind> failure = {};
  bool never_called = false;  // the transport loses the callback, which it must not
};

class World final : public batch_view::Environment {
 public:
  explicit World(std::uint64_t seed = 1);
  ~World() override;

  std::function<Fate(const Asked&)> fate = [](const Asked&) { return Fate{}; };
  std::vector<Asked> asked;    // all that was sent, in the order of the sending
  std::vector<Asked> changed;  // what engines carried out, in the order in which they did
  std::vector<std::string> reports;
  std::size_t open_transports = 0;
  std::vector<rest_client::Callback> lost;  // by a fate of `never_called`; for the host to let go of
  // Faults that are planted, and marks by which they are found.
  bool double_changes = false;                   // each change is sent twice
  bool one_user = false;                         // everybody's questions go out as the first person's
  bool marks_users = false;                      // batches of an answer are of who asked
  std::map<std::string, std::string> passwords;  // by user, once it matters; another one is answered 401

  // The engine behind an address, made when it is first named; without content.
  demo_engine::Router& engine(const std::string& node);
  demo_engine::EngineOptions engine_options;
  // Asks an engine directly, as another client would.
  std::string ask(const std::string& node, const std::string& method, const std::string& target,
                  const std::string& body = {});

  // The so manieth next call of the world throws, as any allocation may; 0: none.
  mutable std::size_t throws_at = 0;

  Clock::time_point now() const override {
    perhaps_throw();
    return now_;
  }
  std::chrono::system_clock::time_point wall_now() const override;
  std::uint64_t random() override { return random_(); }
  std::unique_ptr<batch_view::Timer> at(Clock::time_point time, std::function<void()> then) override;
  void post(std::function<void()> then) override;
  std::unique_ptr<batch_view::Transport> connect(rest_client::Options options) override;
  void report(std::string_view line) noexcept override { reports.emplace_back(line); }

  Clock::time_point time() const { return now_; }  // now() for tests: it never throws
  // Runs what is due until the time has passed.
  void run(milliseconds duration);
  // Runs the next event, if there is one before `until`.
  bool step(Clock::time_point until);
  // Until something is so, for at most that long.
  bool run_until(const std::function<bool()>& so, milliseconds at_most);
  std::mt19937_64& chance() { return random_; }
  demo_engine::Instant engine_now() const;

 private:
  friend class SimulatedTimer;
  friend class SimulatedTransport;
  using Key = std::pair<Clock::time_point, std::uint64_t>;
  void perhaps_throw() const;
  Key add(Clock::time_point time, std::function<void()> then);
  rest_client::Response carry_out(const Asked& what, const std::string& password);

  Clock::time_point now_{std::chrono::hours{1}};
  std::uint64_t last_event_ = 0;
  std::map<Key, std::function<void()>> events_;
  std::mt19937_64 random_;
  std::map<std::string, std::unique_ptr<demo_engine::Router>> engines_;
  std::string first_user_;
};

}  // namespace batch_view_tests
