#include "prober.hpp"

#include <algorithm>
#include <utility>

namespace rest_client {

Prober::Prober(Core& core) : core_(core) {}

void Prober::node_failed() {
  if (timer_ || !core_.health.any_out()) return;
  timer_ = core_.environment.at(core_.environment.now() + probe_interval, [this] { probe_all(); });
}

void Prober::stop() {
  timer_.reset();
  probes_.clear();
}

void Prober::probe_all() {
  timer_.reset();
  node_failed();  // the next round
  for (std::size_t node = 0; node < core_.health.size(); ++node) {
    if (core_.health.is_out(node) && core_.pool.has_room(node)) probe(node);
  }
}

void Prober::probe(std::size_t node) {
  auto request = std::make_shared<Request>();
  request->target = core_.options.probe_target;
  request->accept = "*/*";

  Probe probe;
  probe.node = node;
  // What the answer says of the node, the work itself notes; it may not retry, for it was given no time to.
  probe.work = std::make_unique<Work>(core_, std::move(request), node, [this, node](const Answer&) {
    end(node);
    core_.pool.serve();  // those who wait may go to the node if it is back
  });
  probe.limit = core_.environment.at(core_.environment.now() + probe_limit, [this, node] { end(node); });
  Work* const work = probe.work.get();
  probes_.push_back(std::move(probe));
  work->start();
}

void Prober::end(std::size_t node) {
  const auto found =
      std::find_if(probes_.begin(), probes_.end(), [node](const Probe& probe) { return probe.node == node; });
  if (found == probes_.end()) return;
  const Probe ended = std::move(*found);  // destroyed last: the list is in order by then
  probes_.erase(found);
}

}  // namespace rest_client
