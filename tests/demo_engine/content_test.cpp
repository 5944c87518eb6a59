// What the demo engine shows when it starts, and that it keeps moving.
#include <demo_engine/demo_content.hpp>
#include <set>

#include "catch.hpp"
#include "moved_model.hpp"

using namespace demo_engine_tests;
using demo_engine::Batch;
using demo_engine::LogState;

namespace {

struct Shown {
  demo_engine::EngineModel model{kStart - demo_engine::kPast, 1};
  demo_engine::People people;
  demo_engine::DemoContent content;

  explicit Shown(demo_engine::ContentOptions options = {}) : content(model, people, kStart, options) {}

  template <class Condition>
  const Batch& only(Condition condition) const {
    const Batch* found = nullptr;
    for (const auto& [id, batch] : model.batches()) {
      if (!condition(batch)) continue;
      REQUIRE(found == nullptr);
      found = &batch;
    }
    REQUIRE(found != nullptr);
    return *found;
  }
};

bool stuck_at_seed(const Batch& batch) {
  for (const auto& [id, job] : batch.jobs)
    if (job.kind == JobKind::seed) return job.retries == 0;
  return false;
}

}  // namespace

TEST_CASE("the demo engine starts with one batch in each state worth seeing") {
  const Shown shown;
  shown.only([](const Batch& b) { return b.suspended; });
  const Batch& blocked = shown.only([](const Batch& b) {
    const auto c = count_jobs(b);
    return c.failed > 0 && c.failed == c.remaining;
  });
  CHECK(count_jobs(blocked).failed == 7);
  shown.only([](const Batch& b) {
    const auto c = count_jobs(b);
    return c.failed > 0 && c.failed < c.remaining;
  });
  shown.only([](const Batch& b) { return count_jobs(b).remaining == 0; });
  const Batch& stuck = shown.only(stuck_at_seed);
  CHECK(count_jobs(stuck).failed == 0);
  CHECK(stuck.jobs_created < stuck.facts.total_jobs);
  CHECK(shown.model.batches().size() >= 7);
}

TEST_CASE("the failed jobs have at least two causes, long stack traces, and markup in their messages") {
  const Shown shown;
  std::set<demo_engine::FailureCause> causes;
  bool markup = false;
  for (const auto& [id, batch] : shown.model.batches())
    for (const auto& [job_id, job] : batch.jobs)
      if (job.kind == JobKind::execution && job.retries == 0) {
        causes.insert(job.failure->cause);
        markup = markup || whole_message(*job.failure).find("<b>") != std::string::npos;
        const std::string trace = stack_trace(*job.failure);
        CHECK(trace.size() > 4000);
        CHECK_THAT(trace, ContainsSubstring("\nCaused by: "));
      }
  CHECK(causes.size() >= 2);
  CHECK(markup);
}

TEST_CASE("of the seven failed jobs of the blocked batch five succeed when retried and two fail again") {
  Shown shown;
  const Batch& blocked = shown.only([](const Batch& b) { return b.facts.total_jobs == 40; });
  const Id id = blocked.facts.id;
  shown.model.set_definition_retries(blocked.facts.execution_definition, 1, {true, std::nullopt});
  CHECK(count_jobs(blocked).failed == 0);
  shown.content.advance(kStart + 4s);
  CHECK(count_jobs(*shown.model.find_batch(id)).remaining == 2);
  CHECK(count_jobs(*shown.model.find_batch(id)).failed == 2);
}

TEST_CASE("hundreds of batches are completed, some of them deleted before they finished") {
  const Shown shown;
  std::uint32_t completed = 0;
  std::uint32_t deleted = 0;
  for (const auto& [id, record] : shown.model.history()) {
    if (!record.ended) continue;
    ++completed;
    CHECK(*record.ended < kStart);
    CHECK(*record.ended > kStart - demo_engine::kPast);
    for (const auto& entry : shown.model.logs().at(id).monitor)
      if (entry.state == LogState::deleted) ++deleted;
  }
  CHECK(completed == demo_engine::kCompletedAtStart);
  CHECK(deleted == 14);
}

TEST_CASE("the page keeps moving: when the long batch has ended the next one starts, in bounded memory") {
  Shown shown;
  const auto newest_long = [&] {
    Id newest{};
    Instant started{};
    for (const auto& [id, batch] : shown.model.batches())
      if (batch.facts.total_jobs == 2400 && batch.facts.started > started) {
        newest = id;
        started = batch.facts.started;
      }
    return newest;
  };
  const Id first = newest_long();
  REQUIRE(first != Id{});
  auto at = kStart;
  const auto go_on = [&](std::chrono::minutes time) {
    for (const auto end = at + time; at < end; at += 20s) shown.content.advance(at);
  };
  go_on(30min);
  REQUIRE(shown.model.find_batch(first) == nullptr);
  go_on(24h);
  while (newest_long() == Id{} && at < kStart + 26h) go_on(1min);
  const Id later = newest_long();
  CHECK(later != Id{});
  CHECK(later != first);
  CHECK(shown.model.history().size() <= demo_engine::kMaxCompletedBatches + shown.model.batches().size());
  CHECK(shown.model.batches().size() < 20);
}

TEST_CASE("one more batch of many failed jobs comes on request, with three causes") {
  demo_engine::ContentOptions options;
  options.extra_failed_jobs = 2000;
  const Shown shown(options);
  const Batch& many = shown.only([](const Batch& b) { return b.facts.total_jobs == 2000; });
  CHECK(count_jobs(many).failed == 2000);
  std::set<demo_engine::FailureCause> causes;
  for (const auto& [id, job] : many.jobs)
    if (job.failure) causes.insert(job.failure->cause);
  CHECK(causes.size() == 3);
}

TEST_CASE("with people mary may read some batches, change fewer, delete fewer still") {
  demo_engine::ContentOptions options;
  options.with_people = true;
  const Shown shown(options);
  std::map<std::string, int> granted;
  for (const auto& [id, batch] : shown.model.batches()) {
    for (const std::string& permission : shown.people.granted("mary", id)) ++granted[permission];
  }
  CHECK(granted["READ"] < static_cast<int>(shown.model.batches().size()));
  CHECK(granted["READ"] > granted["UPDATE"]);
  CHECK(granted["UPDATE"] > granted["DELETE"]);
  CHECK(granted["DELETE"] > 0);
}

TEST_CASE("every batch names a known user who started it, with or without authentication") {
  for (const bool with_people : {false, true}) {
    demo_engine::ContentOptions options;
    options.with_people = with_people;
    const Shown shown(options);
    for (const auto& [id, batch] : shown.model.batches()) {
      REQUIRE(batch.facts.creator);
      CHECK(shown.people.find(*batch.facts.creator) != nullptr);
    }
  }
}

TEST_CASE("an empty demo engine has no batches and makes none") {
  demo_engine::ContentOptions options;
  options.empty = true;
  Shown shown(options);
  shown.content.advance(kStart + 1h);
  CHECK(shown.model.batches().empty());
  CHECK(shown.model.history().empty());
}
