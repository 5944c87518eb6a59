// The engines of the configuration and the sessions on them: one an (authority, engine), made when it is
// first used. Thread: the plugin's own.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cockpit/sdk.hpp>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "reads.hpp"

namespace batch_view {

class Engines {
 public:
  explicit Engines(boost::asio::io_context& io) : io_(io) {}
  ~Engines();
  Engines(const Engines&) = delete;
  Engines& operator=(const Engines&) = delete;

  // Takes a configuration whole, or says what is wrong with it. Every session ends.
  std::string configure(const std::string& json);
  void open(cockpit_authority authority, const std::string& engine, std::uint32_t kind, std::string user,
            std::string secret);
  void close(cockpit_authority authority);
  void close_all();

  // The sessions for a request: of the engines it names, or of all. Fails for an engine that is not there.
  std::variant<Sessions, Problem> sessions(cockpit_authority authority,
                                           const std::vector<std::string>& engines);

 private:
  struct Known {
    std::string id;
    std::vector<std::string> nodes;
    rest_client::TlsFiles tls;
    std::string instance_link;
  };
  struct Login {
    std::uint32_t kind = COCKPIT_CREDENTIALS_NONE;
    std::string user, secret;
    std::shared_ptr<Session> session;
    std::string problem;  // why there is none
  };
  Login& login(cockpit_authority authority, const Known& engine);
  void end_sessions();

  boost::asio::io_context& io_;
  std::vector<Known> known_;
  std::map<cockpit_authority, std::map<std::string, Login>> logins_;
};

}  // namespace batch_view
