#include "causes.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "batches.hpp"
#include "cause_text.hpp"
#include "reply.hpp"

namespace batch_view {
namespace {

using nlohmann::json;
using SessionPtr = std::shared_ptr<Session>;

json time_or_nothing(const std::optional<std::pair<std::int64_t, std::string>>& time) {
  return time ? json(iso(time->second)) : json{};
}

json row_of(const Cause& cause, const json& actions) {
  json row{{"key", cause.key},
           {"label", cause_label(cause)},
           {"count", cause.count},
           {"first", time_or_nothing(cause.first)},
           {"last", time_or_nothing(cause.last)},
           {"sample", {{"text", without_package(cause.sample)}, {"id", cause.job}}},
           {"exception", cause.exception},
           {"activity", cause.activity},
           {"_actions", actions}};
  return row;
}

// What follows a message in its label has to be seen, too. The whole one is the example's.
std::string beginning(const std::string& text) {
  constexpr std::size_t longest = 240;  // bytes
  if (text.size() <= longest) return text;
  auto end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

Reply reply_of(const FailureScan& scan, const Session::Rights& rights) {
  if (scan.problem() && scan.jobs().size() == 0) return refusal(*scan.problem());
  const json allowed = job_actions(rights);
  std::vector<const Cause*> causes;
  for (const auto& cause : scan.causes())
    if (cause.count > 0) causes.push_back(&cause);
  std::stable_sort(causes.begin(), causes.end(),
                   [](const Cause* one, const Cause* other) { return one->count > other->count; });
  json rows = json::array();
  for (const auto* cause : causes) rows.push_back(row_of(*cause, allowed));
  json body{{"rows", std::move(rows)},
            {"scanned", scan.jobs().size()},
            {"of", std::max(scan.of(), scan.jobs().size())}};
  body["total"] = body.at("rows").size();
  if (scan.problem()) body["warnings"] = {scan.problem()->detail};
  if (scan.unread() > 0) body["warnings"].push_back(unread_rows(scan.unread()));
  return done(body, true, of_the_board);
}

}  // namespace

json cause_label(const Cause& cause) {
  if (cause.other)
    return words("causeOthers", json::object(), "Other causes, too many different ones to tell them apart");
  if (cause.text.empty())
    return words("noMessage", json::object(), "No message: the retries were set to 0 by hand");
  const auto message = beginning(without_package(cause.text));
  const auto exception = without_package(cause.exception);
  const bool says_more = !exception.empty() && message.rfind(exception + ":", 0) != 0;
  return message + (says_more ? " ← " + exception : "") +
         (cause.activity.empty() ? "" : " · " + cause.activity);
}

void find_dead_mover(const SessionPtr& session, const Batch& batch,
                     std::function<void(std::optional<std::string>)> then) {
  session->look_at_suspects({batch}, 1, [session, batch, then = std::move(then)] {
    const bool dead = session->mover(batch).mover == Mover::without_retries;
    then(dead ? suspect_definition(batch) : std::nullopt);
  });
}

void list_causes(const SessionPtr& session, const std::string& id, bool watched, const Replied& then) {
  shown_batch(session, id, or_reply<Batch>(then, [session, watched, then](const Batch& batch) {
                session->rights(
                    batch.id, false, or_reply<Session::Rights>(then, [=](const Session::Rights& rights) {
                      find_dead_mover(session, batch, [=](const std::optional<std::string>& dead_mover) {
                        const auto scan = session->failures().look(session, batch, dead_mover);
                        if (!scan) return then(done({{"rows", json::array()}, {"total", 0}}, !batch.ended()));
                        const auto tell = [scan, rights, then] { then(reply_of(*scan, rights)); };
                        if (watched) return scan->when_there_is_something(tell);
                        scan->when_there_is_enough(tell);
                      });
                    }));
              }));
}

}  // namespace batch_view
