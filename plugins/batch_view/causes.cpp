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

constexpr std::size_t most_parts_shown = 50;

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

// What a joined cause consists of, as far as somebody may want to read it.
json parts_of(const CauseGroup& group, const std::vector<Cause>& causes, const json& actions) {
  json parts = json::array();
  for (const auto part : group.parts) {
    if (parts.size() == most_parts_shown) break;
    parts.push_back(row_of(causes[part], actions));
  }
  return parts;
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
  json rows = json::array();
  for (const auto& group : scan.groups()) {
    rows.push_back(row_of(group.whole, allowed));
    if (!group.joined()) continue;
    rows.back()["parts"] = parts_of(group, scan.causes(), allowed);
    rows.back()["of"] = group.parts.size();
  }
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
  if (cause.other) return words("causeOthers", json::object(), "Other causes, too many to list separately");
  const auto exception = without_package(cause.exception);
  if (cause.text.empty()) {
    if (exception.empty())
      return words("noMessage", json::object(), "No message: retries were set to 0 manually.");
    // Of the two that were looked at only one has failed: nobody knows how many did.
    if (cause.without_exception)
      return words("noMessageMixed", {{"exception", exception}},
                   exception + ", without a message, or retries were set to 0 manually");
    return words("noMessageOf", {{"exception", exception}}, exception + ", without a message");
  }
  const auto message = beginning(without_package(cause.text));
  const auto rest = message.substr(std::min(exception.size(), message.size()));
  const bool said =
      message.compare(0, exception.size(), exception) == 0 && (rest.empty() || rest.front() == ':');
  return message + (exception.empty() || said ? "" : " ← " + exception) +
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
