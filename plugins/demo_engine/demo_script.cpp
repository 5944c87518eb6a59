#include "demo_script.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <random>
#include <set>

namespace demo_engine {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct Step {
  Instant at;
  std::function<void()> play;
};

constexpr std::array<const char*, 8> kCompletedTypes = {
    "instance-deletion", "set-variables",   "instance-migration",    "historic-instance-deletion",
    "correlate-message", "set-job-retries", "instance-modification", "process-set-removal-time"};

bool deleted_early(std::uint32_t completed) {
  return completed % 15 == 4;
}

/// `count` failing jobs spread over `jobs`; every `lasting`-th fails for ever, the others work when retried.
std::map<std::uint32_t, ScriptedFailure> failing_jobs(std::uint32_t jobs, std::uint32_t count,
                                                      std::uint32_t lasting) {
  constexpr std::array<FailureCause, 7> kCauses = {
      FailureCause::payment_refused, FailureCause::payment_refused, FailureCause::duplicate_key,
      FailureCause::payment_refused, FailureCause::service_timeout, FailureCause::payment_refused,
      FailureCause::duplicate_key};
  std::map<std::uint32_t, ScriptedFailure> failing;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto number = static_cast<std::uint32_t>(std::uint64_t{i} * jobs / count);
    failing[number] = {kCauses[i % kCauses.size()], i % lasting == lasting - 1 ? -1 : kTriesAtCreation};
  }
  return failing;
}

NewBatch request(const char* type, std::uint32_t items, Milliseconds duration) {
  NewBatch batch;
  batch.type = type;
  batch.items = items;
  batch.work.duration = duration;
  return batch;
}

class Script {
 public:
  Script(EngineModel& model, People& people, Instant present, const ContentOptions& options)
      : model_(model), people_(people), present_(present), options_(options), random_(options.seed) {}

  void play() {
    plan_completed();
    plan_in_progress();
    std::stable_sort(steps_.begin(), steps_.end(), [](const Step& a, const Step& b) { return a.at < b.at; });
    for (const Step& step : steps_) {
      model_.advance(step.at);
      step.play();
    }
    model_.advance(present_);
  }

 private:
  void at(Instant when, std::function<void()> what) { steps_.push_back({when, std::move(what)}); }

  Id create(NewBatch batch, const char* creator, const std::set<std::string>& mary) {
    batch.creator = creator;
    const Id id = model_.create_batch(std::move(batch))->facts.id;
    if (options_.with_people && !mary.empty()) people_.grant("mary", id, mary);
    return id;
  }

  void plan_completed() {
    // They end well before the present, so that the newest batches in progress are the newest of all.
    const Instant first = present_ - kPast + hours{1};
    const auto span = std::chrono::duration_cast<Milliseconds>(kPast - hours{6});
    for (std::uint32_t i = 0; i < kCompletedAtStart; ++i) {
      const Instant start = first + span * i / kCompletedAtStart;
      at(start, [this, i] { start_completed(i); });
      if (deleted_early(i))
        at(start + minutes{3}, [this, i] { model_.delete_batch(completed_.at(i), false); });
    }
  }

  void start_completed(std::uint32_t i) {
    const std::uint32_t jobs = i % 40 == 7 ? 300 : 3 + static_cast<std::uint32_t>(random_() % 70);
    NewBatch batch = request(kCompletedTypes[i % kCompletedTypes.size()], jobs, Milliseconds{120 + i % 400});
    if (batch.type == "instance-migration" || batch.type == "instance-modification")
      batch.tenant = i % 3 == 0 ? "berlin" : "são-paulo";
    if (deleted_early(i)) batch.work.duration = minutes{4};
    constexpr std::array<const char*, 4> kCreators = {"mary", "john", "demo", "ops-nightly"};
    const auto mary = i % 4 == 0 ? std::set<std::string>{"READ", "READ_HISTORY"} : std::set<std::string>{};
    completed_[i] = create(std::move(batch), kCreators[i % kCreators.size()], mary);
  }

  void plan_in_progress() {
    const std::set<std::string> all = {"READ", "READ_HISTORY", "UPDATE", "DELETE", "DELETE_HISTORY"};
    const std::set<std::string> read = {"READ", "READ_HISTORY"};
    at(present_ - hours{3}, [this, all] { plan_blocked(all); });
    at(present_ - hours{2} - minutes{10},
       [this, read] { suspended_ = create(request("instance-deletion", 60, seconds{2}), "demo", read); });
    at(present_ - hours{2} - minutes{10} + seconds{5},
       [this] { model_.set_batch_suspended(suspended_, true); });
    at(present_ - hours{1} - minutes{30}, [this] {
      NewBatch stuck = request("process-set-removal-time", 1000, Milliseconds{80});
      stuck.work.failing_seed_run = 3;
      create(std::move(stuck), "ops-nightly", {});
    });
    at(present_ - minutes{25}, [this] {
      NewBatch failing = request("instance-migration", 600, seconds{14});
      failing.tenant = "berlin";
      failing.work.failing = failing_jobs(600, 36, 4);
      create(std::move(failing), "demo", {});
    });
    at(present_ - minutes{12}, [this] {
      NewBatch slow = request("set-variables", 4000, seconds{9});
      slow.invocations_per_job = 5;
      create(std::move(slow), "john", {});
    });
    if (options_.extra_failed_jobs > 0) at(present_ - hours{1}, [this] { create_many_failed(); });
  }

  void plan_blocked(const std::set<std::string>& mary) {
    NewBatch blocked = request("instance-deletion", 40, Milliseconds{150});
    blocked.work.failing = failing_jobs(40, 7, 3);
    create(std::move(blocked), "mary", mary);
  }

  void create_many_failed() {
    const std::uint32_t count = std::min(options_.extra_failed_jobs, kMaxItemsPerBatch);
    NewBatch many = request("historic-instance-deletion", count, Milliseconds{20});
    many.work.failing = failing_jobs(count, count, 4);
    create(std::move(many), "ops-nightly", {});
  }

  EngineModel& model_;
  People& people_;
  Instant present_;
  ContentOptions options_;
  std::mt19937_64 random_;
  std::vector<Step> steps_;
  Id suspended_;
  std::map<std::uint32_t, Id> completed_;
};

}  // namespace

NewBatch long_batch() {
  NewBatch batch = request("instance-modification", 2400, Milliseconds{1'500});
  batch.work.seed_duration = Milliseconds{400};
  return batch;
}

NewBatch short_batch(std::uint32_t number) {
  constexpr std::array<const char*, 3> kTypes = {"correlate-message", "historic-instance-deletion",
                                                 "instance-update-suspension-state"};
  return request(kTypes[number % kTypes.size()], 30, Milliseconds{100});
}

void play_past(EngineModel& model, People& people, Instant present, const ContentOptions& options) {
  Script(model, people, present, options).play();
}

}  // namespace demo_engine
