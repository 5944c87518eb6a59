#include "session/progress_history.hpp"

#include <algorithm>
#include <set>

#include "model/time.hpp"

namespace batch_view {
namespace {

// How many there were at a time, on the line between the samples around it.
double at(const std::vector<Sampled>& samples, std::int64_t time) {
  if (samples.empty() || time < samples.front().at_ms) return 0;
  const auto after = std::find_if(samples.begin(), samples.end(),
                                  [time](const Sampled& sample) { return sample.at_ms > time; });
  if (after == samples.end()) return static_cast<double>(samples.back().count);
  const auto before = std::prev(after);
  const auto share =
      static_cast<double>(time - before->at_ms) / static_cast<double>(after->at_ms - before->at_ms);
  return static_cast<double>(before->count) + share * static_cast<double>(after->count - before->count);
}

// Samples of one kind of log entry: the first, the last and some between.
struct Sampling : std::enable_shared_from_this<Sampling> {
  std::shared_ptr<Engine> engine;
  std::string definition;
  LogKind kind = LogKind::success;
  std::int64_t most = 0;
  std::vector<std::int64_t> offsets;
  std::vector<Sampled> got;
  std::size_t next = 0;
  std::function<void(Got<std::vector<Sampled>>)> then;

  void begin() {
    engine->log_count(definition, kind, [self = shared_from_this()](Got<std::int64_t> count) {
      if (auto* problem = std::get_if<Problem>(&count)) return self->then(std::move(*problem));
      const auto all = std::get<std::int64_t>(count);
      std::set<std::int64_t> places;
      for (std::int64_t i = 0; all > 0 && i < self->most; ++i)
        places.insert((all - 1) * i / std::max<std::int64_t>(1, self->most - 1));
      self->offsets.assign(places.begin(), places.end());
      self->ask();
    });
  }
  void ask() {
    if (next == offsets.size()) return then(std::move(got));
    const auto offset = offsets[next++];
    engine->log_time(definition, kind, offset,
                     [self = shared_from_this(), offset](Got<std::optional<std::string>> time) {
                       if (auto* problem = std::get_if<Problem>(&time))
                         return self->then(std::move(*problem));
                       const auto& found = std::get<0>(time);
                       const auto ms = found ? ms_of(*found) : std::nullopt;
                       if (ms && (self->got.empty() || *ms >= self->got.back().at_ms))
                         self->got.push_back({*ms, offset + 1});
                       self->ask();
                     });
  }
};

}  // namespace

std::vector<ProgressPoint> merged(const std::vector<Sampled>& successes,
                                  const std::vector<Sampled>& deletions) {
  std::set<std::int64_t> times;
  for (const auto& sample : successes) times.insert(sample.at_ms);
  for (const auto& sample : deletions) times.insert(sample.at_ms);
  std::vector<ProgressPoint> points;
  points.reserve(times.size());
  for (const auto time : times)
    points.push_back({time, static_cast<std::int64_t>(at(successes, time) + at(deletions, time)), -1});
  return points;
}

void ProgressHistory::ask_past(const Batch& batch, Then<std::vector<ProgressPoint>> then) {
  const auto sample = [engine = engine_, definition = batch.job_definition](LogKind kind, std::int64_t most,
                                                                            auto next) {
    const auto sampling = std::make_shared<Sampling>();
    sampling->engine = engine;
    sampling->definition = definition;
    sampling->kind = kind;
    sampling->most = most;
    sampling->then = std::move(next);
    sampling->begin();
  };
  sample(LogKind::success, samples - 4,
         [sample, then = std::move(then)](Got<std::vector<Sampled>> successes) {
           if (auto* problem = std::get_if<Problem>(&successes)) return then(std::move(*problem));
           sample(LogKind::deletion, 4,
                  [then, ran = std::get<0>(std::move(successes))](Got<std::vector<Sampled>> deletions) {
                    if (auto* problem = std::get_if<Problem>(&deletions)) return then(std::move(*problem));
                    then(merged(ran, std::get<0>(deletions)));
                  });
         });
}

std::vector<ProgressPoint> ProgressHistory::with_now(Progress& progress, const Batch& batch,
                                                     std::int64_t now) const {
  if (batch.ended()) {
    auto points = progress.past;
    const auto end = ms_of(*batch.end);
    if (end && (points.empty() || points.back().at_ms < *end)) points.push_back({*end, batch.total, 0});
    return points;
  }
  if (progress.seen.size() >= most_points) {
    std::vector<ProgressPoint> thinned;
    for (std::size_t i = 0; i < progress.seen.size(); i += 2) thinned.push_back(progress.seen[i]);
    progress.seen = std::move(thinned);
  }
  ProgressPoint seen{now, batch.completed, batch.failed};
  // The look may be a moment older than the last entry that was read; what is done stays done.
  if (const auto& before = progress.seen.empty() ? progress.past : progress.seen; !before.empty()) {
    seen.at_ms = std::max(seen.at_ms, before.back().at_ms);
    seen.completed = std::max(seen.completed, before.back().completed);
  }
  progress.seen.push_back(seen);
  auto points = progress.past;
  points.insert(points.end(), progress.seen.begin(), progress.seen.end());
  // The log and the statistics are counted at different times: never more than all.
  for (auto& point : points) {
    point.completed = std::min(point.completed, batch.total);
    point.failed = std::min(point.failed, batch.total - point.completed);
  }
  return points;
}

void ProgressHistory::points(const Batch& batch, std::int64_t engine_now_ms,
                             const Then<std::vector<ProgressPoint>>& then) {
  const auto known = batches_.find(batch.id);
  if (known != batches_.end() && known->second.has_past)
    return then(with_now(known->second, batch, engine_now_ms));
  const Then<std::vector<ProgressPoint>> read = [self = shared_from_this(), this, batch, engine_now_ms,
                                                 then](Got<std::vector<ProgressPoint>> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
    if (batches_.size() >= most_batches && batches_.count(batch.id) == 0) batches_.clear();
    auto& progress = batches_[batch.id];
    progress.past = std::get<0>(std::move(got));
    const auto start = batch.start ? ms_of(*batch.start) : std::nullopt;
    // Where the log is empty though jobs ran, a line from the start would be a guess.
    progress.lacks_past = progress.past.empty() && (batch.completed > 0 || batch.ended());
    if (start && !progress.lacks_past) progress.past.insert(progress.past.begin(), {*start, 0, -1});
    progress.has_past = true;
    then(with_now(progress, batch, engine_now_ms));
  };
  ask_past(batch, read);
}

}  // namespace batch_view
