// The real world: clock, timers and connections on an io_context. Thread: the one that runs it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <random>

#include "connection_factory.hpp"
#include "environment.hpp"

namespace rest_client {

class AsioEnvironment final : public Environment {
 public:
  // Throws InvalidOptions if the TLS files cannot be used.
  AsioEnvironment(boost::asio::io_context& context, const std::vector<BaseUrl>& nodes, const TlsFiles& files,
                  const Limits& limits);

  Time now() const override;
  double chance() override;
  std::unique_ptr<Timer> at(Time time, std::function<void()> then) override;
  void deliver(Callback callback, Answer answer) override;
  std::unique_ptr<Connection> connection_to(std::size_t node) override;

 private:
  boost::asio::io_context& context_;
  ConnectionFactory connections_;
  std::mt19937_64 random_;
};

}  // namespace rest_client
