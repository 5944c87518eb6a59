// Makes the real connections, plain and TLS. Thread: the client's.
#pragma once

#include <memory>
#include <vector>

#include "connection.hpp"
#include "rest_client/options.hpp"
#include "rest_client/url.hpp"

namespace boost::asio {
class io_context;
}

namespace rest_client {

class ConnectionFactory {
 public:
  // Throws InvalidOptions if the TLS files cannot be used.
  ConnectionFactory(boost::asio::io_context& context, const std::vector<BaseUrl>& nodes,
                    const TlsFiles& files, const Limits& limits);
  ~ConnectionFactory();
  ConnectionFactory(const ConnectionFactory&) = delete;
  ConnectionFactory& operator=(const ConnectionFactory&) = delete;

  std::unique_ptr<Connection> connection_to(std::size_t node);  // not opened yet

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rest_client
