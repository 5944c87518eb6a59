// The real world, on an io_context. Thread: the one that runs it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <random>
#include <string_view>

#include "engine/environment.hpp"

namespace batch_view {

class AsioEnvironment final : public Environment {
 public:
  using Report = std::function<void(std::string_view line)>;

  explicit AsioEnvironment(Report report = {}) : report_(std::move(report)) {}
  boost::asio::io_context& io() { return io_; }

  Clock::time_point now() const override { return Clock::now(); }
  std::chrono::system_clock::time_point wall_now() const override { return std::chrono::system_clock::now(); }
  std::uint64_t random() override;
  std::unique_ptr<Timer> at(Clock::time_point time, std::function<void()> then) override;
  void post(std::function<void()> then) override;
  std::unique_ptr<Transport> connect(rest_client::Options options) override;
  void report(std::string_view line) noexcept override;

 private:
  Report report_;
  std::random_device device_;
  boost::asio::io_context io_{1};  // last: what still waits in it may look at the rest while it goes
};

}  // namespace batch_view
