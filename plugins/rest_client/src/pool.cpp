#include "pool.hpp"

#include <algorithm>
#include <utility>

namespace rest_client {

Pool::Pool(Environment& environment, NodeHealth& health, const Limits& limits)
    : environment_(environment), health_(health), limits_(limits), nodes_(health.size()) {}

std::variant<Lease, Pool::Ticket, Pool::Full> Pool::acquire(const Wish& wish, Granted granted) {
  if (std::optional<Lease> lease = try_lease(wish)) return std::move(*lease);
  if (waiting_.size() >= limits_.waiting) return Full{};
  waiting_.push_back({++last_ticket_, wish, std::move(granted)});
  return last_ticket_;
}

void Pool::withdraw(Ticket ticket) {
  std::erase_if(waiting_, [ticket](const Waiting& one) { return one.ticket == ticket; });
}

bool Pool::has_room(std::size_t node) const {
  // An idle connection is room too: it can be used, or closed for a fresh one.
  return nodes_[node].in_use < limits_.connections_per_node;
}

std::optional<Lease> Pool::try_lease(const Wish& wish) {
  std::optional<std::size_t> choice;
  if (wish.only) {
    if (has_room(*wish.only)) choice = wish.only;
  } else {
    choice = health_.pick(wish.rather_not, [this](std::size_t node) { return has_room(node); });
  }
  if (!choice) return std::nullopt;

  Node& node = nodes_[*choice];
  Lease lease;
  lease.node = *choice;
  while (!wish.fresh && !lease.connection && !node.idle.empty()) {
    std::unique_ptr<Connection> latest = std::move(node.idle.back().connection);
    node.idle.pop_back();
    if (latest->is_clean()) lease.connection = std::move(latest);
  }
  lease.reused = lease.connection != nullptr;
  if (!lease.connection) {
    if (node.in_use + node.idle.size() >= limits_.connections_per_node) node.idle.pop_front();
    lease.connection = environment_.connection_to(*choice);
  }
  ++node.in_use;
  return lease;
}

void Pool::give_back(Lease lease) {
  Node& node = nodes_[lease.node];
  --node.in_use;
  Connection* const connection = lease.connection.get();
  const std::size_t index = lease.node;
  node.idle.push_back({std::move(lease.connection),
                       environment_.at(environment_.now() + limits_.idle,
                                       [this, index, connection] { remove_idle(index, connection); })});
  connection->rest([this, index, connection] { remove_idle(index, connection); });
  serve();
}

void Pool::drop(Lease lease) {
  --nodes_[lease.node].in_use;
  lease.connection.reset();
  serve();
}

void Pool::remove_idle(std::size_t node, const Connection* connection) {
  nodes_[node].idle.remove_if([connection](const Idle& one) { return one.connection.get() == connection; });
}

void Pool::forget_idle(std::size_t node) {
  nodes_[node].idle.clear();
}

void Pool::serve() {
  if (serving_) return;  // from a grant that failed at once: the loop below goes on anyway
  serving_ = true;
  std::size_t at = 0;
  while (at < waiting_.size()) {
    std::optional<Lease> lease = try_lease(waiting_[at].wish);
    if (!lease) {
      ++at;
      continue;
    }
    const Granted granted = std::move(waiting_[at].granted);
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(at));
    granted(std::move(*lease));
    at = 0;  // the grant may have changed everything
  }
  serving_ = false;
}

void Pool::close() {
  waiting_.clear();
  for (Node& node : nodes_) node.idle.clear();
}

}  // namespace rest_client
