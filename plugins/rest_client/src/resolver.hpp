// Host names to addresses, kept for a while: a look-up cannot be interrupted, and must not delay every call.
// Thread: the client's.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace rest_client {

class Resolver : public std::enable_shared_from_this<Resolver> {
 public:
  using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;
  using Resolved = std::function<void(const boost::system::error_code&, const Endpoints&)>;

  explicit Resolver(boost::asio::io_context& context);

  // Calls `resolved` once, never from inside. Those who ask for the same name at the same time share a
  // look-up.
  void resolve(const std::string& host, std::uint16_t port, Resolved resolved);
  // Connecting to what was found has failed: the next call resolves anew.
  void forget(const std::string& host, std::uint16_t port);

 private:
  using Name = std::pair<std::string, std::uint16_t>;
  struct Entry {
    Endpoints endpoints;
    std::chrono::steady_clock::time_point good_until{};
    std::vector<Resolved> asking;
  };

  void found(const Name& name, const boost::system::error_code& error,
             const boost::asio::ip::tcp::resolver::results_type& results);

  boost::asio::io_context& context_;
  boost::asio::ip::tcp::resolver resolver_;
  std::map<Name, Entry> entries_;  // as many as the client has nodes
};

}  // namespace rest_client
