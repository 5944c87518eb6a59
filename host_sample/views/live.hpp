// Live answers: one watch in the plugin for all who look at the same thing with the same rights.
//
// Owner: the host; I/O thread. A watch begins with its first listener and ends with its last. When a watch
// ends for a reason that may pass, or its plugin was replaced, it is opened again by itself; listeners keep
// what they have meanwhile.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "plugins/registry.hpp"

namespace host::views {

struct LiveUpdate {
  cockpit_status status = COCKPIT_OK;
  std::uint64_t as_of_ms = 0;
  std::shared_ptr<const std::string> body;  // null: unchanged
  bool final = false;                       // nothing more will come
};

class Live {
 public:
  static constexpr std::size_t most_watches = 1024;
  using Listener = std::function<void(const LiveUpdate&)>;
  using Id = std::uint64_t;

  Live(boost::asio::io_context& io, plugins::Registry& registry, cockpit_authority authority,
       std::string principal);
  ~Live();
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  // Listens to what `plugin` answers to the request body. What is known already is reported before this
  // returns. `shape`: what its answer has to look like.
  Id listen(const std::string& plugin, const std::string& request, const plugins::BodyShape& shape,
            Listener listener);
  void leave(Id id);
  // Plugins came, went or were replaced: watches move to whoever serves now.
  void plugins_changed();
  std::size_t watches() const { return watches_.size(); }

 private:
  struct Watch;
  void open(const std::shared_ptr<Watch>& watch);
  void ask_now_and_then(const std::shared_ptr<Watch>& watch, plugins::Ask ask);
  void open_later(const std::shared_ptr<Watch>& watch);
  void tell(Watch& watch, LiveUpdate update);

  boost::asio::io_context& io_;
  plugins::Registry& registry_;
  cockpit_authority authority_;
  std::string principal_;
  std::map<std::string, std::shared_ptr<Watch>> watches_;  // by share_key()
  std::map<Id, std::shared_ptr<Watch>> listening_;
  Id next_id_ = 1;
};

std::uint64_t now_ms();

// What makes two questions one: whose rights they have, who is asked, and what.
std::string share_key(cockpit_authority authority, const std::string& plugin, const plugins::BodyShape& shape,
                      const std::string& request);

}  // namespace host::views
