#include <boost/asio/post.hpp>
#include <utility>

#include "asio_environment.hpp"

namespace rest_client {

AsioEnvironment::AsioEnvironment(boost::asio::io_context& context, const std::vector<BaseUrl>& nodes,
                                 const TlsFiles& files, const Limits& limits)
    : context_(context), connections_(context, nodes, files, limits), random_(std::random_device{}()) {}

Time AsioEnvironment::now() const {
  return std::chrono::steady_clock::now();
}

double AsioEnvironment::chance() {
  return std::uniform_real_distribution<double>(0, 1)(random_);
}

std::unique_ptr<Timer> AsioEnvironment::at(Time time, std::function<void()> then) {
  return start_timer(context_, time, std::move(then));
}

void AsioEnvironment::deliver(Callback callback, Answer answer) {
  boost::asio::post(context_, [callback = std::move(callback), answer = std::move(answer)]() mutable {
    callback(std::move(answer));
  });
}

std::unique_ptr<Connection> AsioEnvironment::connection_to(std::size_t node) {
  return connections_.connection_to(node);
}

}  // namespace rest_client
