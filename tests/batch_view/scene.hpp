// Batches on engines in memory, and what is asked about them. For tests; one thread.
#pragma once

#include "simulated_host.hpp"

namespace batch_view_tests {

using std::chrono::seconds;

inline Json statistics(World& world, const std::string& batch, const std::string& node = Host::node) {
  const auto all =
      Json::parse(world.ask(node, "GET", "/batch/statistics?batchId=" + batch + "&maxResults=1"));
  return all.empty() ? Json{} : all.at(0);
}

// A batch of so many jobs that all have failed; its id.
inline std::string blocked_batch(World& world, std::size_t jobs, const std::string& node = Host::node) {
  Json ids = Json::array();
  for (std::size_t i = 0; i < jobs; ++i) ids.push_back("made-up-" + std::to_string(i));
  const auto made = Json::parse(world.ask(node, "POST", "/external-task/retries-async",
                                          Json{{"externalTaskIds", ids}, {"retries", 1}}.dump()));
  std::string batch = made.at("id");
  for (int tries = 0; tries < 100 && statistics(world, batch, node).value("failedJobs", 0U) < jobs; ++tries)
    world.run(seconds{10});
  return batch;
}

// Ids of the failed jobs of a batch.
inline std::vector<std::string> failed_jobs(World& world, const std::string& batch,
                                            const std::string& node = Host::node) {
  const auto now = statistics(world, batch, node);
  std::vector<std::string> ids;
  if (now.is_null()) return ids;
  for (const auto& job : Json::parse(world.ask(node, "GET",
                                               "/job?noRetriesLeft=true&maxResults=10000&jobDefinitionId=" +
                                                   now.at("batchJobDefinitionId").get<std::string>())))
    ids.push_back(job.at("id"));
  return ids;
}

// All failed jobs of a batch, as its list names them.
inline Json all_failed(const std::string& batch, std::size_t count) {
  return {{"source", "failed-jobs"},
          {"sourceParams", {{"batch", batch}}},
          {"query", {{"filters", Json::object()}, {"count", count}}}};
}

}  // namespace batch_view_tests
