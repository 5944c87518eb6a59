// demo-engine: the batch REST interface of a process engine in memory, on loopback. One thread.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "http_server.hpp"
#include "router.hpp"

namespace {

using demo_engine::Instant;
using demo_engine::Milliseconds;

/// The engine's clock: the wall's at the start, then so many times as fast.
class Clock {
 public:
  explicit Clock(double speed) : speed_(speed) {}

  Instant now() const {
    const std::chrono::duration<double, std::milli> passed = std::chrono::steady_clock::now() - started_;
    return start_ + Milliseconds{static_cast<Milliseconds::rep>(passed.count() * speed_)};
  }

 private:
  double speed_;
  Instant start_ = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

int serve(std::uint16_t port, double speed, const demo_engine::EngineOptions& options) {
  const Clock clock(speed);
  demo_engine::Router router(clock.now(), options);
  demo_engine::HttpServer server(
      port, [&](const demo_engine::Request& request) { return router.answer(request, clock.now()); },
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
  demo_engine::EngineOptions options;
  app.add_option("--port", port, "Port on 127.0.0.1; 0 takes a free one");
  app.add_flag("--auth", options.authentication,
               "HTTP Basic with rights: demo/demo may everything, mary/mary little");
  app.add_option("--speed", speed, "How many times as fast as the wall's the engine's clock goes")
      ->check(CLI::Range(0.01, 1000.0));
  app.add_option("--failed", options.content.extra_failed_jobs,
                 "One more blocked batch with so many failed jobs")
      ->check(CLI::Range(0U, demo_engine::kMaxItemsPerBatch));
  app.add_option("--max-results", options.max_results, "The most rows a list may be asked for")
      ->check(CLI::Range(1U, 1'000'000U));
  app.add_option("--seed", options.content.seed, "Varies ids and durations");
  app.add_flag("--empty", options.content.empty, "No batches");
  CLI11_PARSE(app, argc, argv);
  try {
    return serve(port, speed, options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "demo-engine: %s\n", error.what());
    return 1;
  }
}
