// demo-engine: the batch REST interface of a process engine in memory, on loopback. One thread.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "http_server.hpp"
#include "router.hpp"

namespace {

using demo_engine::Instant;
using demo_engine::Milliseconds;

/// The engine's clock: from its start on so many times as fast as the wall's.
class Clock {
 public:
  Clock(Instant start, Milliseconds ahead, double speed) : speed_(speed), start_(start), ahead_(ahead) {}

  Instant now() const {
    const std::chrono::duration<double, std::milli> passed = std::chrono::steady_clock::now() - started_;
    return start_ + Milliseconds{static_cast<Milliseconds::rep>(passed.count() * speed_)};
  }

  /// Of the wall's, at the start.
  Milliseconds ahead() const { return ahead_; }

 private:
  double speed_;
  Instant start_;
  Milliseconds ahead_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

int serve(std::uint16_t port, const Clock& clock, const demo_engine::EngineOptions& options) {
  demo_engine::Router router(clock.now(), options);
  demo_engine::HttpServer server(
      port,
      [&](const demo_engine::Request& request) {
        auto answer = router.answer(request, clock.now());
        answer.clock_ahead = clock.ahead();
        return answer;
      },
      [&] { router.advance(clock.now()); });
  std::printf("http://127.0.0.1:%u/engine-rest\n", static_cast<unsigned>(server.port()));
  std::fflush(stdout);
  server.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"A process engine's batch REST interface in memory, with batches in every state"};
  std::uint16_t port = 0;
  double speed = 1;
  std::string start;
  std::string history = "full";
  demo_engine::EngineOptions options;
  app.add_option("--port", port, "Port on 127.0.0.1; 0 picks a free one");
  app.add_flag("--auth", options.authentication,
               "HTTP Basic with rights: demo/demo may everything, mary/mary little");
  app.add_option("--speed", speed, "How many times as fast as the wall's the engine's clock goes")
      ->check(CLI::Range(0.01, 1000.0));
  app.add_option("--clock", start,
                 "What the engine's clock says at the start, as 2030-01-31T14:31:05.000+0000, instead of the "
                 "wall's; with the same start and seed two engines have the same ids")
      ->check([](const std::string& text) {
        return demo_engine::parse_engine_date(text) ? std::string{} : "no time as engines write it: " + text;
      });
  app.add_option("--failed", options.content.extra_failed_jobs,
                 "One more blocked batch with so many failed jobs")
      ->check(CLI::Range(0U, demo_engine::kMaxItemsPerBatch));
  app.add_option("--max-results", options.max_results, "The most rows a list may be asked for")
      ->check(CLI::Range(1U, 1'000'000U));
  app.add_option("--seed", options.content.seed, "Varies ids and durations");
  app.add_option("--version", options.traits.version,
                 "What it calls its version, such as 7.17.0; it answers as an engine of that version does");
  app.add_option("--history", history, "Level of its history: what batches were and did is kept at full only")
      ->check(CLI::IsMember({"none", "activity", "audit", "full"}));
  app.add_flag("--empty", options.content.empty, "No batches");
  CLI11_PARSE(app, argc, argv);
  options.traits.history = history == "full";
  try {
    const auto wall = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
    const auto at = demo_engine::parse_engine_date(start).value_or(wall);
    return serve(port, Clock(at, at - wall, speed), options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "demo-engine: %s\n", error.what());
    return 1;
  }
}
