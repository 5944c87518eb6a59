// Whether the address that was given for an engine is that of its REST API; and where that is, if it is not.
// People leave out "/engine-rest", or paste the address of a page.
//
// Owner: Engine, which has to be kept until look() has answered. Thread: the plugin's own.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "environment.hpp"

namespace batch_view {

class RestBase {
 public:
  static constexpr std::chrono::seconds patience{5};      // for each address that is tried
  static constexpr std::chrono::seconds pause{30};        // before they are tried again
  static constexpr std::size_t most_waiting = 1000;       // questions; more than these are not reported
  using Found = std::function<void(const std::string&)>;  // empty: nowhere near

  RestBase(Environment& environment, const rest_client::Options& options);

  // An engine has answered: from then on nothing is in doubt.
  void is_right() { right_ = true; }
  // An answer that a web server gives to what it does not know, before any engine has answered.
  bool in_doubt(const rest_client::Response& response) const;
  // Asks, without credentials, whether the REST API is below that address or at its server's usual place.
  void look(Found found);
  const std::string& address() const { return address_; }
  // Waiting callers are answered at once.
  void close();

 private:
  void try_next();
  void ask_next();
  void tell(const std::string& found);

  Environment& environment_;
  rest_client::Options options_;  // without credentials
  std::string address_;
  std::vector<std::string> open_;  // addresses not tried yet, the likeliest last
  std::shared_ptr<Transport> transport_;
  std::vector<Found> waiting_;
  std::string found_;
  Clock::time_point looked_{};
  bool right_ = false, looking_ = false;
};

}  // namespace batch_view
