// `cockpit-host serve`: the page, until it is told to end.
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <iostream>

#include "base/log.hpp"
#include "base/random.hpp"
#include "cli/commands.hpp"
#include "http/api.hpp"

namespace host::cli {
namespace {

constexpr auto drain_patience = std::chrono::seconds{10};

}  // namespace

int serve(const Configuration& configuration, const Program& program) {
  std::string token;
  if (configuration.token_file.empty()) {
    token = random_name();
  } else {
    auto secret = read_secret(configuration.token_file);
    if (!secret) {
      log::error(secret.reason);
      return bad_configuration;
    }
    token = *secret;
  }
  if (configuration.engines.empty())
    log::warning("no engine is configured: give --engine URL or [[engine]] in the configuration");

  boost::asio::io_context io{1};
  views::Service service{io, service_options(configuration, program, true)};
  http::Api api{io, service, token};
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

  boost::asio::signal_set signals{io, SIGINT, SIGTERM};
  boost::asio::steady_timer last{io};
  bool clean = false;
  signals.async_wait([&](boost::system::error_code error, int) {
    if (error) return;
    log::info("ending");
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
  service.start([&] {
    // The one line of data: where the page is. The token stays in the fragment, which no browser sends
    // anywhere.
    std::cout << "http://127.0.0.1:" << server->port() << "/#token=" << token << std::endl;
  });
  io.run();
  if (clean) return done;
  // A plugin hangs in one of its threads: nothing of this process may be taken down under it, so it goes as a
  // whole.
  log::warning("a plugin did not stop in time");
  std::cout.flush();
  std::_Exit(done);
}

}  // namespace host::cli
