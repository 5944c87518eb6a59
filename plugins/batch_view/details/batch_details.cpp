#include "details/batch_details.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "session/access.hpp"
#include "session/rows.hpp"

namespace batch_view {
namespace {

using nlohmann::json;
using SessionPointer = std::shared_ptr<Session>;

// Up to so many failed jobs are seen at once; of more the causes come first.
constexpr std::int64_t most_at_a_time = 20;

void reply_batch(const SessionPointer& session, const Batch& batch, bool deleted_early, const Replied& then) {
  session->rights().of(
      batch.id, or_reply<Rights>(then, [session, batch, deleted_early, then](Rights rights) {
        const auto driving_job = session->driving_jobs().status(batch);
        const auto state = state_of(batch, driving_job.job, deleted_early);
        const bool moves = is_moving(state);
        const bool goes = moves && state != State::finishing;
        json body{{"fields", batch_fields(*session, batch, driving_job, deleted_early)},
                  {"_actions", batch_actions(batch, state, rights)},

                  {"caps",
                   {{"running", !batch.ended()},
                    {"start", batch.start.has_value()},
                    {"ended", batch.ended()},
                    // Before 7.18 engines do not tell it; in a batch that has ended it would be there.
                    {"firstDone", !batch.start                                            ? "none"
                                  : batch.ended() && !batch.first_done && batch.total > 0 ? "unknown"
                                                                                          : "known"},
                    {"goes", goes},
                    {"few", batch.failed > 1 && batch.failed <= most_at_a_time},
                    {"many", batch.failed > most_at_a_time},
                    {"tenant", batch.tenant.has_value()}}}};
        if (!batch.start && !session->engine().old_version().empty())
          body["warnings"].push_back(lacks_start(*session));
        then(done(body, moves, batch.ended() ? of_the_past : of_the_snapshot));
      }));
}

}  // namespace

void batch_details(const SessionPointer& session, const std::string& id, const Replied& then) {
  shown_batch(session, id, or_reply<Batch>(then, [session, then](const Batch& batch) {
                std::set<std::string> users;
                if (batch.user) users.insert(*batch.user);
                session->users().learn(users, [session, batch, then] {
                  if (!batch.ended())
                    return session->driving_jobs().check(
                        {batch}, 1, [session, batch, then] { reply_batch(session, batch, false, then); });
                  session->deletions().was_deleted(batch, [session, batch, then](Got<bool> got) {
                    // Not knowing it is no reason to show nothing.
                    const auto* deleted = std::get_if<bool>(&got);
                    reply_batch(session, batch, deleted != nullptr && *deleted, then);
                  });
                });
              }));
}

void batch_progress(const SessionPointer& session, const std::string& id, const Replied& then) {
  shown_batch(
      session, id, or_reply<Batch>(then, [session, then](const Batch& batch) {
        const auto reply = [session, batch, then](const std::vector<ProgressPoint>& points) {
          json body{{"x", json::array()},
                    {"series",
                     {{"completed", json::array()}, {"remaining", json::array()}, {"failed", json::array()}}},
                    {"units", {{"x", "time"}}}};
          for (const auto& point : points) {
            body["x"].push_back(point.at_ms);
            const auto failed = std::max<std::int64_t>(0, point.failed);
            body["series"]["completed"].push_back(point.completed);
            body["series"]["failed"].push_back(point.failed < 0 ? json{} : json(failed));
            body["series"]["remaining"].push_back(
                std::max<std::int64_t>(0, batch.total - point.completed - failed));
          }
          if (session->progress().lacks_past(batch.id))
            body["warnings"] = {
                words("courseHidden", json::object(),
                      "Progress before this batch was first watched is unknown: its job log is "
                      "empty, as it is below history level \"full\".")};
          then(done(body, false, batch.ended() ? of_the_past : of_a_job));
        };
        session->progress().points(batch, session->engine_now_ms(),
                                   or_reply<std::vector<ProgressPoint>>(then, reply));
      }));
}

}  // namespace batch_view
