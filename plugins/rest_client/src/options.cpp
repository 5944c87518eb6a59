#include "checked_options.hpp"

namespace rest_client {

std::vector<BaseUrl> checked_nodes(const Options& options) {
  if (options.nodes.empty()) throw InvalidOptions("no server address is given");
  if (options.nodes.size() > max_nodes) {
    throw InvalidOptions("more than " + std::to_string(max_nodes) + " server addresses are given");
  }
  std::vector<BaseUrl> nodes;
  for (std::size_t i = 0; i < options.nodes.size(); ++i) {
    std::variant<BaseUrl, UrlProblem> parsed = parse_base_url(options.nodes[i]);
    if (const auto* problem = std::get_if<UrlProblem>(&parsed)) {
      throw InvalidOptions("server " + std::to_string(i + 1) + ": " + problem->cause);
    }
    nodes.push_back(std::get<BaseUrl>(std::move(parsed)));
  }
  return nodes;
}

void check_limits(const Options& options) {
  const Limits& limits = options.limits;
  if (limits.connections_per_node == 0 || limits.calls == 0 || limits.target_bytes == 0 ||
      limits.body_bytes == 0) {
    throw InvalidOptions("connections_per_node, calls, target_bytes and body_bytes must not be 0");
  }
  if (limits.header_bytes < 256 || limits.header_bytes > largest_header_bytes) {
    throw InvalidOptions("header_bytes must be between 256 and " + std::to_string(largest_header_bytes));
  }
  if (limits.connect_timeout.count() <= 0) throw InvalidOptions("connect_timeout must be positive");
  if (limits.idle.count() < 0 || limits.idle > max_idle) {
    throw InvalidOptions("idle must be below 60 s: servers close connections then");
  }
  if (!fits_in_header(options.user_agent))
    throw InvalidOptions("user_agent has characters that a field cannot have");
  if (const std::string problem = problem_of_target(options.probe_target, limits.target_bytes);
      !problem.empty()) {
    throw InvalidOptions("probe_target: " + problem);
  }
}

}  // namespace rest_client
