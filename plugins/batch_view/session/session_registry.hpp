// The engines of the configuration and the sessions on them: one an (authority, engine), made when it is
// first used. Thread: the plugin's own.
#pragma once

#include <cockpit/sdk.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "model/problem.hpp"
#include "session/session.hpp"

namespace batch_view {

class SessionRegistry {
 public:
  explicit SessionRegistry(Environment& environment) : environment_(environment) {}
  ~SessionRegistry();
  SessionRegistry(const SessionRegistry&) = delete;
  SessionRegistry& operator=(const SessionRegistry&) = delete;

  // What a configuration changed, by ids of engines.
  struct Changes {
    std::set<std::string> removed, changed;
    bool added = false;
  };
  // Takes a configuration whole, or says what is wrong with it. Sessions of engines that are as they were
  // stay; calls that use another one end with it as it was.
  std::variant<Changes, std::string> configure(const std::string& json);
  // The credentials that are there already change nothing: a session stays. With others calls that use the
  // session end with it as it was. Whether there was one.
  bool open(cockpit_authority authority, const std::string& engine, std::uint32_t kind, std::string user,
            std::string secret);
  void close(cockpit_authority authority);
  void close_all();

  // Of every cache of every session.
  Bounds bounds() const;

  // The sessions for a request: of the engines it names, or of all. Fails for an engine that is not there.
  std::variant<Sessions, Problem> sessions(cockpit_authority authority,
                                           const std::vector<std::string>& engines);

 private:
  struct Known {
    std::string id;
    std::vector<std::string> nodes;
    rest_client::TlsFiles tls;
    std::string instance_link;
    // Reached in the same way, so that what is open can go on.
    bool is_reached_like(const Known& other) const;
  };
  struct Login {
    std::uint32_t kind = COCKPIT_CREDENTIALS_NONE;
    std::string user, secret;
    std::shared_ptr<Session> session;
    std::string problem;  // why there is none
  };
  struct Logins {
    std::map<std::string, Login> by_engine;
    std::vector<std::weak_ptr<Session>> retired;  // of engines as they were: calls still use them
  };
  Login& login(Logins& logins, const Known& engine);
  std::variant<std::vector<Known>, std::string> taken(const std::string& json) const;
  void retire(const std::set<std::string>& engines);
  static void end(Logins& logins);

  Environment& environment_;
  std::vector<Known> known_;
  std::map<cockpit_authority, Logins> logins_;
};

}  // namespace batch_view
