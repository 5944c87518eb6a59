// A world without sockets and without real time: the client's decisions run against scripted servers, and an
// hour passes in a moment. One thread; nothing happens but inside run().
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "environment.hpp"

namespace rest_client::simulated {

using std::chrono::milliseconds;

// How a server treats somebody who connects.
struct Opening {
  milliseconds after{1};
  std::optional<Failure> failure;
  bool never = false;
};

// How a server treats a request.
struct Treatment {
  milliseconds end_after{2};
  bool never = false;  // no answer at all
  ExchangeEnd end;
  std::optional<milliseconds> closes_idle_after;  // then the server closes the connection
};

struct Asked {
  std::size_t node = 0;
  std::string line;  // "GET /state"
  bool reused = false;
  Time when{};
};

ExchangeEnd good_answer(int status, std::string body);
ExchangeEnd cut_answer(bool request_sent);

class World final : public Environment {
 public:
  explicit World(std::uint64_t seed = 1) : random_(seed) {}

  std::function<Opening(std::size_t node)> opening = [](std::size_t) { return Opening{}; };
  std::function<Treatment(const Asked&)> treatment;

  std::vector<Asked> asked;           // all exchanges
  std::vector<std::size_t> opened;    // nodes somebody connected to
  std::vector<std::size_t> open_now;  // connections a node
  std::size_t most_open = 0;
  std::string broken_rule;  // of Connection's contract, by the client

  Time now() const override { return now_; }
  double chance() override { return std::uniform_real_distribution<double>(0, 1)(random_); }
  std::unique_ptr<Timer> at(Time time, std::function<void()> then) override;
  void deliver(Callback callback, Answer answer) override;
  std::unique_ptr<Connection> connection_to(std::size_t node) override;

  // Runs what is due until the time has passed, or nothing is left to do.
  void run(milliseconds duration);
  bool idle() const { return events_.empty(); }
  std::mt19937_64& random() { return random_; }

 private:
  friend class SimulatedTimer;
  using Key = std::pair<Time, std::uint64_t>;

  Key add(Time time, std::function<void()> then);

  Time now_{std::chrono::hours{1}};
  std::uint64_t last_event_ = 0;
  std::map<Key, std::function<void()>> events_;
  std::mt19937_64 random_;
};

}  // namespace rest_client::simulated
