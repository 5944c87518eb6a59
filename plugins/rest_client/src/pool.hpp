// The connections of a client, a bounded number to each node, and the requests that wait for one. Thread: the
// client's.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "environment.hpp"
#include "node_health.hpp"
#include "rest_client/options.hpp"

namespace rest_client {

// The right to use a connection; must go back by give_back() or drop().
struct Lease {
  std::unique_ptr<Connection> connection;
  std::size_t node = 0;
  bool reused = false;  // false: not opened yet
};

class Pool {
 public:
  struct Wish {
    std::optional<std::size_t> only;        // this node, even if it is out
    std::optional<std::size_t> rather_not;  // this node only if there is no other
    bool fresh = false;                     // a connection that has carried nothing yet
  };
  using Granted = std::function<void(Lease)>;
  using Ticket = std::uint64_t;
  struct Full {};

  Pool(Environment& environment, NodeHealth& health, const Limits& limits);

  // A lease at once; or a ticket, and `granted` is called later; or the queue is full.
  std::variant<Lease, Ticket, Full> acquire(const Wish& wish, Granted granted);
  void withdraw(Ticket ticket);  // no effect if it was granted

  // Both serve those who wait, from inside.
  void give_back(Lease lease);  // for another request
  void drop(Lease lease);       // closes the connection

  // Idle connections to a node of which one was found to be dead in silence: the others are as old.
  void forget_idle(std::size_t node);

  bool has_room(std::size_t node) const;
  // After a node has come back: those who wait may go there.
  void serve();
  void close();  // all idle connections; nobody waits any more

 private:
  struct Idle {
    std::unique_ptr<Connection> connection;
    std::unique_ptr<Timer> expiry;
  };
  struct Node {
    std::list<Idle> idle;  // the latest used at the back
    std::size_t in_use = 0;
  };
  struct Waiting {
    Ticket ticket = 0;
    Wish wish;
    Granted granted;
  };

  std::optional<Lease> try_lease(const Wish& wish);
  void remove_idle(std::size_t node, const Connection* connection);

  Environment& environment_;
  NodeHealth& health_;
  const Limits& limits_;
  std::vector<Node> nodes_;
  std::deque<Waiting> waiting_;
  Ticket last_ticket_ = 0;
  bool serving_ = false;
};

}  // namespace rest_client
