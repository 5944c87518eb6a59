#include "node_health.hpp"

#include <algorithm>

namespace rest_client {

void NodeHealth::succeeded(std::size_t node) {
  nodes_[node] = Node{};
}

void NodeHealth::failed(std::size_t node) {
  ++nodes_[node].failures_in_a_row;
  if (nodes_[node].failures_in_a_row >= failures_until_out && in_count() > 1) nodes_[node].out = true;
}

bool NodeHealth::any_out() const {
  return in_count() < nodes_.size();
}

std::size_t NodeHealth::in_count() const {
  return static_cast<std::size_t>(
      std::count_if(nodes_.begin(), nodes_.end(), [](const Node& node) { return !node.out; }));
}

std::optional<std::size_t> NodeHealth::pick(std::optional<std::size_t> rather_not,
                                            const std::function<bool(std::size_t)>& has_room) {
  std::optional<std::size_t> second_choice;
  for (std::size_t step = 0; step < nodes_.size(); ++step) {
    const std::size_t node = (turn_ + step) % nodes_.size();
    if (nodes_[node].out || !has_room(node)) continue;
    if (node == rather_not) {
      second_choice = node;
      continue;
    }
    turn_ = node + 1;
    return node;
  }
  if (second_choice) turn_ = *second_choice + 1;
  return second_choice;
}

}  // namespace rest_client
