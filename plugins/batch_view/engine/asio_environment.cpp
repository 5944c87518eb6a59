#include "engine/asio_environment.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "rest_client/client.hpp"

namespace batch_view {
namespace {

class ClientTransport final : public Transport {
 public:
  ClientTransport(boost::asio::io_context& io, rest_client::Options options)
      : client_(io, std::move(options)) {}
  CallId send(rest_client::Request request, rest_client::Callback callback) override {
    return client_.send(std::move(request), std::move(callback));
  }
  void cancel(CallId call) override { client_.cancel(call); }
  void close() override { client_.close(); }

 private:
  rest_client::Client client_;
};

}  // namespace

std::uint64_t AsioEnvironment::random() {
  return (std::uint64_t{device_()} << 32U) | device_();
}

std::unique_ptr<Timer> AsioEnvironment::at(Clock::time_point time, std::function<void()> then) {
  return rest_client::start_timer(io_, time, std::move(then));
}

void AsioEnvironment::post(std::function<void()> then) {
  boost::asio::post(io_, std::move(then));
}

std::unique_ptr<Transport> AsioEnvironment::connect(rest_client::Options options) {
  return std::make_unique<ClientTransport>(io_, std::move(options));
}

void AsioEnvironment::report(std::string_view line) noexcept {
  if (report_) report_(line);
}

}  // namespace batch_view
