// A model of the demo engine with a clock the test moves.
#pragma once

#include <demo_engine/engine_model.hpp>
#include <vector>

namespace demo_engine_tests {

using namespace std::chrono_literals;
using demo_engine::Id;
using demo_engine::Instant;
using demo_engine::JobKind;

inline const Instant kStart = Instant{std::chrono::milliseconds{1'795'000'000'000}};

struct MovedModel {
  demo_engine::EngineModel model{kStart, 7};

  void pass(demo_engine::Milliseconds time) { model.advance(model.now() + time); }

  Id create(std::uint32_t items, std::map<std::uint32_t, demo_engine::ScriptedFailure> failing = {},
            demo_engine::Milliseconds duration = 20ms) {
    demo_engine::NewBatch request;
    request.type = "instance-deletion";
    request.items = items;
    request.work.duration = duration;
    request.work.failing = std::move(failing);
    return model.create_batch(std::move(request))->facts.id;
  }

  const demo_engine::Batch& batch(const Id& id) const { return model.batches().at(id); }
  demo_engine::BatchCounts counts(const Id& id) const { return count_jobs(batch(id)); }

  std::vector<Id> jobs(const Id& id, JobKind kind = JobKind::execution) const {
    std::vector<Id> found;
    for (const auto& [job_id, job] : batch(id).jobs)
      if (job.kind == kind) found.push_back(job_id);
    return found;
  }
  Id only_job(const Id& id, JobKind kind) const { return jobs(id, kind).at(0); }
  const demo_engine::Job& job(const Id& id) const { return *model.find_job(id).value().job; }
};

inline std::map<std::uint32_t, demo_engine::ScriptedFailure> always_failing(std::uint32_t count,
                                                                            int runs = -1) {
  std::map<std::uint32_t, demo_engine::ScriptedFailure> failing;
  for (std::uint32_t i = 0; i < count; ++i) failing[i] = {demo_engine::FailureCause::payment_refused, runs};
  return failing;
}

}  // namespace demo_engine_tests
