#include "rest_client/client.hpp"

#include <utility>

#include "asio_environment.hpp"
#include "checked_options.hpp"
#include "dispatcher.hpp"

namespace rest_client {

struct Client::Parts {
  Parts(boost::asio::io_context& context, Options options, std::vector<BaseUrl> nodes,
        Authorization authorization)
      : environment(context, nodes, options.tls, options.limits),
        dispatcher(environment, std::move(options), std::move(nodes), std::move(authorization)) {}

  AsioEnvironment environment;
  Dispatcher dispatcher;
};

Client::Client(boost::asio::io_context& context, Options options) {
  // First, and in place: every move of a short string leaves a copy of its bytes behind.
  Authorization authorization(options.credentials);
  check_limits(options);
  std::vector<BaseUrl> nodes = checked_nodes(options);
  parts_ = std::make_unique<Parts>(context, std::move(options), std::move(nodes), std::move(authorization));
}

Client::~Client() = default;

CallId Client::send(Request request, Callback callback) {
  return parts_->dispatcher.send(std::move(request), std::move(callback));
}

void Client::cancel(CallId call) {
  parts_->dispatcher.cancel(call);
}

void Client::close() {
  parts_->dispatcher.close();
}

}  // namespace rest_client
