// Which servers of the cluster are used: pure bookkeeping, no clock of its own. One thread at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace rest_client {

inline constexpr std::size_t failures_until_out = 5;

class NodeHealth {
 public:
  explicit NodeHealth(std::size_t nodes) : nodes_(nodes) {}

  void succeeded(std::size_t node);
  // After failures_until_out in a row the node is taken out, unless it is the last one in.
  void failed(std::size_t node);

  bool is_out(std::size_t node) const { return nodes_[node].out; }
  bool any_out() const;
  std::size_t size() const { return nodes_.size(); }

  // The next node in turn that is in and has room; `rather_not` only if there is no other.
  std::optional<std::size_t> pick(std::optional<std::size_t> rather_not,
                                  const std::function<bool(std::size_t)>& has_room);

 private:
  struct Node {
    std::size_t failures_in_a_row = 0;
    bool out = false;
  };

  std::size_t in_count() const;

  std::vector<Node> nodes_;
  std::size_t turn_ = 0;
};

}  // namespace rest_client
