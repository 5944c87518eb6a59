// `cockpit-host serve`: the page, until it is asked to stop.
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdlib>
#include <iostream>

#include "base/log.hpp"
#include "base/random.hpp"
#include "cli/commands.hpp"
#include "cli/host_secret.hpp"
#include "cli/reload.hpp"
#include "http/api.hpp"

namespace host::cli {
namespace {

constexpr auto drain_patience = std::chrono::seconds{10};
constexpr std::size_t shortest_token = 20;

// What opens the host, or why it does not start.
Result<http::Access> access_of(const Configuration& configuration) {
  using Failed = Result<http::Access>;
  http::Access access;
  access.names = configuration.names;
  if (configuration.token_file.empty()) {
    access.token = random_name();
  } else {
    auto secret = read_secret(configuration.token_file);
    if (!secret) return Failed::failed(secret.reason);
    if (secret->size() < shortest_token)
      return Failed::failed(configuration.token_file.string() + " holds a token of " +
                            std::to_string(secret->size()) + " characters, which can be guessed; at least " +
                            std::to_string(shortest_token) + " are needed, such as: openssl rand -hex 24");
    access.token = std::move(*secret);
  }
  auto kept = host_secret(configuration.state_folder);
  if (!kept) log::warning(kept.reason + "; people have to open the printed address again after a restart");
  access.host_secret = kept ? std::move(*kept) : random_name();
  return Failed::of(std::move(access));
}

// A plugin that calls exit() ends the host; whoever supervises it must not take that for a good end.
class OwnEnd {
 public:
  OwnEnd() { std::atexit(look); }
  ~OwnEnd() { reached() = true; }
  OwnEnd(const OwnEnd&) = delete;
  OwnEnd& operator=(const OwnEnd&) = delete;

 private:
  static std::atomic<bool>& reached() {
    static std::atomic<bool> is{false};
    return is;
  }
  static void look() {
    if (reached()) return;
    log::error("something in this process called exit(), most likely a plugin; the next start says which");
    std::_Exit(failure);
  }
};

// An exception of one event ends that event, and not the host.
void run_to_the_end(boost::asio::io_context& io) {
  while (true) {
    try {
      io.run();
      return;
    } catch (const std::exception& error) {
      log::error("a defect of the host ended one of its events: " + std::string{error.what()});
    }
  }
}

}  // namespace

int serve(const Configuration& configuration, const Program& program,
          std::function<Result<Configuration>()> again) {
  auto access = access_of(configuration);
  if (!access) {
    log::error(access.reason);
    return bad_configuration;
  }
  const auto token = access->token;
  const OwnEnd own_end;
  if (configuration.engines.empty())
    log::warning("no engine is configured: give --engine URL or [[engine]] in the configuration");

  boost::asio::io_context io{1};
  views::Service service{io, service_options(configuration, program, true)};
  http::Api api{io, service, std::move(*access)};
  std::unique_ptr<http::Server> server;
  try {
    server = std::make_unique<http::Server>(
        io, configuration.port, http::ServerLimits{},
        [&api](const std::shared_ptr<http::Exchange>& exchange) { api.handle(exchange); });
  } catch (const std::exception& error) {
    log::error(error.what());
    return failure;
  }
  api.listen_on(server->port());

  Reload reload{io, service, configuration, std::move(again)};
  boost::asio::signal_set signals{io, SIGINT, SIGTERM};
  boost::asio::steady_timer last{io};
  bool clean = false;
  signals.async_wait([&](boost::system::error_code error, int) {
    if (error) return;
    log::info("ending");
    reload.stop();
    server->drain();
    service.stop([&](bool all_ended) {
      clean = all_ended;
      io.stop();
    });
    last.expires_after(drain_patience);
    last.async_wait([&io](boost::system::error_code failed) {
      if (!failed) io.stop();
    });
  });
  // The one line of data: where the page is. The token stands in the fragment, which no browser sends
  // anywhere; one from a file is known to whoever may read that, and to nobody else.
  const auto address = "http://127.0.0.1:" + std::to_string(server->port()) + "/";
  if (configuration.token_file.empty()) {
    std::cout << address << "#token=" << token << std::endl;
  } else {
    std::cout << address << std::endl;
    log::info("open it with #token= and the content of " + configuration.token_file.string() + " added");
  }
  service.start([] {});
  run_to_the_end(io);
  if (clean) return done;
  // A plugin hangs in one of its threads: nothing of this process may be taken down under it, so it goes as a
  // whole.
  log::warning("a plugin did not stop in time");
  std::cout.flush();
  std::_Exit(done);
}

}  // namespace host::cli
