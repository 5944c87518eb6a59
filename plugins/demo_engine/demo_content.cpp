#include "demo_content.hpp"

#include "demo_script.hpp"

namespace demo_engine {
namespace {

constexpr Milliseconds kLongBatchHead{5 * 60 * 1000};
constexpr Milliseconds kLongBatchPause{60 * 1000};
constexpr Milliseconds kShortBatchEvery{150 * 1000};

}  // namespace

DemoContent::DemoContent(EngineModel& model, People& people, Instant present, const ContentOptions& options)
    : model_(model), people_(people), options_(options) {
  if (options.empty) {
    model_.advance(present);
    return;
  }
  play_past(model_, people_, present - kLongBatchHead, options_);
  start_long_batch();
  next_short_ = present - Milliseconds{3'000};
  advance(present);
}

void DemoContent::advance(Instant now) {
  while (next_short_ && *next_short_ <= now) {
    model_.advance(*next_short_);
    start_short_batch();
    next_short_ = *next_short_ + kShortBatchEvery;
  }
  model_.advance(now);
  if (!long_batch_ || model_.find_batch(*long_batch_) != nullptr) return;
  if (!next_long_) {
    next_long_ = now + kLongBatchPause;
    people_.forget_grants_unless([&](const Id& batch) { return model_.history().contains(batch); });
  } else if (*next_long_ <= now) {
    next_long_.reset();
    start_long_batch();
  }
}

void DemoContent::start_long_batch() {
  NewBatch request = long_batch();
  request.creator = "demo";
  const Batch* batch = model_.create_batch(std::move(request));
  if (batch == nullptr) {
    next_long_ = model_.now() + kLongBatchPause;
    return;
  }
  long_batch_ = batch->facts.id;
  if (options_.with_people) mary_may_work_on(*long_batch_);
}

void DemoContent::start_short_batch() {
  NewBatch request = short_batch(short_batches_++);
  request.creator = "ops-nightly";
  model_.create_batch(std::move(request));
}

void DemoContent::mary_may_work_on(const Id& batch) {
  people_.grant("mary", batch, {"READ", "READ_HISTORY", "UPDATE"});
}

}  // namespace demo_engine
