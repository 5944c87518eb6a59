#include "lists/attention_badge.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "lists/attention_count.hpp"
#include "lists/fan_in.hpp"
#include "model/reply.hpp"

namespace batch_view {
namespace {

using nlohmann::json;

struct Counting : std::enable_shared_from_this<Counting> {
  Sessions sessions;
  std::int64_t count = 0;
  std::int64_t checked = 0, of = 0;
  std::size_t counted = 0;
  bool watched = false;
  Problem problem{COCKPIT_TIMEOUT, "No answer yet", "It has not answered yet."};
  Replied then;

  void begin() {
    const auto fan_in = std::make_shared<FanIn>(sessions, [self = shared_from_this()] { self->reply(); });
    for (std::size_t i = 0; i < sessions.size(); ++i) {
      if (const auto rest = sessions[i]->engine().resting(); rest && watched) {
        problem = rest->second;
        fan_in->arrived(i);
        continue;
      }
      sessions[i]->running().get([self = shared_from_this(), fan_in, i](Got<SnapshotPointer> got) {
        if (auto* why = std::get_if<Problem>(&got)) return self->failed(*fan_in, i, *why);
        self->count_in(fan_in, i, std::get<SnapshotPointer>(got));
      });
    }
    fan_in->begin();
  }

  void failed(FanIn& fan_in, std::size_t i, const Problem& why) {
    if (fan_in.is_waiting()) problem = why;
    fan_in.arrived(i);
  }

  // With more than the running snapshot holds they are counted for themselves.
  void count_in(const std::shared_ptr<FanIn>& fan_in, std::size_t i, const SnapshotPointer& snapshot) {
    const auto& session = sessions[i];
    const auto self = shared_from_this();
    if (!snapshot->whole())
      return session->state<AttentionCounter>().count(session, snapshot,
                                                      [self, fan_in, i](Got<AttentionCount> got) {
                                                        if (auto* why = std::get_if<Problem>(&got))
                                                          return self->failed(*fan_in, i, *why);
                                                        if (fan_in->is_waiting())
                                                          self->add(std::get<AttentionCount>(got));
                                                        fan_in->arrived(i);
                                                      });
    session->driving_jobs().check(snapshot->batches, DrivingJobs::checks_a_poll, [self, fan_in, snapshot, i] {
      if (fan_in->is_waiting()) self->add(*self->sessions[i], *snapshot);
      fan_in->arrived(i);
    });
  }

  void add(const AttentionCount& counted_there) {
    ++counted;
    count += counted_there.need;
    checked += counted_there.read;
    of += counted_there.of;
  }

  void add(const Session& session, const Snapshot& snapshot) {
    ++counted;
    checked += snapshot.total;
    of += snapshot.total;
    count += std::count_if(snapshot.batches.begin(), snapshot.batches.end(), [&session](const Batch& batch) {
      return needs_attention(state_of(batch, session.driving_jobs().status(batch).job, false));
    });
  }

  // Of the engines that answer: the lists name the others.
  void reply() {
    if (counted == 0) return then(refusal(problem));
    json body{{"fields", {{"count", count}}}};
    if (checked < of) {
      body["scanned"] = checked;
      body["of"] = of;
    }
    then(done(body, false, of_the_snapshot));
  }
};

}  // namespace

void count_attention(const Sessions& sessions, bool watched, Replied then) {
  const auto counting = std::make_shared<Counting>();
  counting->sessions = sessions;
  counting->watched = watched;
  counting->then = std::move(then);
  counting->begin();
}

}  // namespace batch_view
