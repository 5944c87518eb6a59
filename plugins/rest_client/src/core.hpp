// What the parts of one client share. Thread: the client's.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "credentials.hpp"
#include "environment.hpp"
#include "node_health.hpp"
#include "pool.hpp"
#include "rest_client/url.hpp"
#include "retry_policy.hpp"

namespace rest_client {

struct Core {
  Core(Environment& environment_, Options options_, std::vector<BaseUrl> nodes_, Authorization authorization_)
      : environment(environment_),
        options(std::move(options_)),
        nodes(std::move(nodes_)),
        authorization(std::move(authorization_)),
        health(nodes.size()),
        pool(environment, health, options.limits) {}
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  Environment& environment;
  Options options;
  std::vector<BaseUrl> nodes;
  Authorization authorization;
  NodeHealth health;
  RetryBudget budget;
  Pool pool;
  std::function<void()> node_failed = [] {};
};

}  // namespace rest_client
