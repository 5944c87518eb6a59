#include "batches.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cause_text.hpp"
#include "reply.hpp"
#include "rest_client/url.hpp"

namespace batch_view {
namespace {

using nlohmann::json;

constexpr std::size_t longest_in_row = 4000;

json time_or_null(const std::optional<std::string>& time) {
  return time ? json(iso(*time)) : json{};
}

json text_or_null(const std::optional<std::string>& text) {
  return text ? json(*text) : json{};
}

json duration(const std::optional<std::string>& from, std::optional<std::int64_t> to) {
  if (!from || !to) return nullptr;
  const auto start = ms_of(*from);
  if (!start) return nullptr;
  return std::max<std::int64_t>(0, *to - *start);
}

std::string figures(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

json reason(bool allowed, const char* right) {
  if (allowed) return true;
  return std::string{"You do not have the right "} + right + " on this batch.";
}

}  // namespace

json cut(const std::string& text, std::size_t longest) {
  if (text.size() <= longest) return text;
  auto end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return {{"text", text.substr(0, end)}, {"cut", text.size()}};
}

json trace_of(const std::string& text) {
  constexpr std::size_t room = 1'000'000;  // of the 1 MiB of an update
  auto longest = room;
  auto shown = cut(text, longest);
  // Line ends, quotes and signs take more bytes in JSON than in the text.
  for (auto size = shown.dump(-1, ' ', false, json::error_handler_t::replace).size(); size > room;
       size = shown.dump(-1, ' ', false, json::error_handler_t::replace).size()) {
    longest = longest * room / size * 99 / 100;
    shown = cut(text, longest);
  }
  return shown;
}

json batch_fields(const Session& session, const Batch& batch, Session::Known mover, bool deleted_early) {
  const auto state = state_of(batch, mover.mover, deleted_early);
  const bool empty = batch.total == 0;
  json fields{{"id", batch.id},
              {"engine", session.engine_id()},
              {"type", batch.type},
              {"state", empty && state == State::finishing   ? "withoutJobs"
                        : empty && state == State::completed ? "endedWithoutJobs"
                                                             : name_of(state)},
              {"total", batch.total},
              {"perSeed", batch.per_seed},
              {"perJob", batch.per_job},
              {"seedDefinition", batch.seed_definition},
              {"monitorDefinition", batch.monitor_definition},
              {"jobDefinition", batch.job_definition},
              {"tenant", text_or_null(batch.tenant)},
              {"user", nullptr},
              {"start", time_or_null(batch.start)},
              {"firstDone", time_or_null(batch.first_done)}};
  if (batch.user) fields["user"] = {{"id", *batch.user}, {"name", session.name_of_user(*batch.user)}};
  if (batch.ended()) {
    fields["end"] = time_or_null(batch.end);
    fields["removal"] = time_or_null(batch.removal);
    fields["took"] = duration(batch.start, ms_of(*batch.end));
    return fields;
  }
  // Of none there is no part.
  fields["created"] = empty ? json{} : json(batch.created);
  fields["completed"] = empty ? json{} : json(batch.completed);
  fields["remaining"] = empty ? json{} : json(batch.remaining);
  fields["failed"] = batch.failed;
  fields["working"] = std::max<std::int64_t>(0, batch.remaining - batch.failed);
  fields["suspended"] = batch.suspended;
  fields["done"] = batch.total == 0
                       ? json{}
                       : json(static_cast<double>(batch.completed) / static_cast<double>(batch.total));
  fields["runningFor"] = duration(batch.start, session.engine_now_ms());
  const auto rate = session.board().rate(batch);
  // Three figures: more would change with every look.
  fields["rate"] = rate ? json(std::stod(figures(*rate))) : json{};
  const bool goes_on = state == State::seeding || state == State::running || state == State::failing;
  const auto left = goes_on ? time_left(batch, rate) : std::nullopt;
  fields["left"] = left ? json(*left) : json{};
  if (!mover.due.empty()) fields["nextLook"] = iso(mover.due);
  return fields;
}

json batch_actions(const Batch& batch, State state, const Session::Rights& rights) {
  auto actions = json::object();
  if (batch.ended()) {
    actions["delete-history"] = reason(rights.remove_history, "DELETE_HISTORY");
    return actions;
  }
  const auto update = reason(rights.update, "UPDATE");
  if (batch.failed > 0) actions["retry-all"] = update;
  if (state == State::stuck_seed || state == State::stuck_monitor) actions["retry-stuck"] = update;
  actions[batch.suspended ? "resume" : "suspend"] = update;
  if (state == State::jobs_suspended) actions["resume"] = update;
  actions["delete-batch"] = reason(rights.remove, "DELETE");
  return actions;
}

json job_fields(const Session& session, const Job& job, const Batch& batch) {
  const char* kind = job.definition == batch.seed_definition      ? "seed"
                     : job.definition == batch.monitor_definition ? "monitor"
                                                                  : "execution";
  const bool retried = session.failures().was_retried(batch.id, job.id);
  const auto due = job.due ? ms_of(*job.due) : std::nullopt;
  const char* state = job.retries == 0                        ? (retried ? "failedAgain" : "failed")
                      : batch.suspended || job.suspended      ? "held"
                      : due && *due > session.engine_now_ms() ? "scheduled"
                                                              : "waiting";
  json fields{{"id", job.id},
              {"engine", session.engine_id()},
              {"batch", batch.id},
              {"kind", kind},
              {"message", nullptr},
              {"activity", text_or_null(job.activity)},
              {"retries", job.retries},
              {"state", state},
              {"due", time_or_null(job.due)},
              {"instance", text_or_null(job.instance)},
              {"created", time_or_null(job.created)},
              {"priority", job.priority},
              {"suspended", job.suspended}};
  if (job.message) fields["message"] = cut(without_package(*job.message), longest_in_row);
  return fields;
}

const char* add_instance(const Session& session, const std::optional<std::string>& instance, json& fields) {
  if (!instance) return "none";
  auto link = session.instance_link;
  const auto at = link.find("{id}");
  if (at == std::string::npos) return "told";
  fields["instanceLink"] = {{"href", link.replace(at, 4, rest_client::encode(*instance))},
                            {"label", *instance}};
  return "linked";
}

json job_actions(const Job& job, const Session::Rights& rights) {
  const auto update = reason(rights.update, "UPDATE");
  auto actions = json::object();
  if (job.retries == 0) actions["retry-job"] = actions["retry-jobs"] = update;
  if (job.retries > 0 && job.due) actions["run-now"] = update;
  actions["delete-job"] = actions["delete-jobs"] = update;
  return actions;
}

json job_actions(const Session::Rights& rights) {
  const auto update = reason(rights.update, "UPDATE");
  return {{"retry-jobs", update}, {"delete-jobs", update}};
}

json lacks_start(const Session& session) {
  const auto& version = session.engine().old_version();
  return words(
      "lacksStart", {{"version", version}, {"engine", session.engine_id()}},
      "The engine \"" + session.engine_id() + "\" has version " + version +
          ": before 7.18, engines do not report when a running batch started. Running batches have no "
          "start time here, cannot be filtered by it, and are ordered by ID.");
}

json unread_rows(std::size_t count) {
  return words("unread", {{"count", count}},
               count == 1
                   ? "1 row of the engine could not be read, or only in part."
                   : std::to_string(count) + " rows of the engine could not be read, or only in part.");
}

bool passes(const Batch& batch, const BatchFilter& filter) {
  if (!filter.id.empty() && batch.id != filter.id) return false;
  if (!filter.type.empty() && batch.type != filter.type) return false;
  if (!filter.user.empty() && batch.user != filter.user &&
      (!batch.user || filter.same_name.count(*batch.user) == 0))
    return false;
  if (filter.without_tenant && batch.tenant) return false;
  if (!filter.without_tenant && !filter.tenant.empty() && batch.tenant != filter.tenant) return false;
  if (filter.suspended && batch.suspended != *filter.suspended) return false;
  if (filter.failures && (batch.failed > 0) != *filter.failures) return false;
  const auto start = batch.start ? ms_of(*batch.start) : std::nullopt;
  if (filter.started_after && (!start || *start < *ms_of(*filter.started_after))) return false;
  if (filter.started_before && (!start || *start > *ms_of(*filter.started_before))) return false;
  return true;
}

}  // namespace batch_view
