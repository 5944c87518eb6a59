#include "details/job_log.hpp"

#include <nlohmann/json.hpp>

#include "model/exception_text.hpp"
#include "model/long_text.hpp"
#include "model/time.hpp"
#include "session/access.hpp"
#include "session/rows.hpp"

namespace batch_view {
namespace {

using nlohmann::json;
using SessionPtr = std::shared_ptr<Session>;

Problem no_entry(const std::string& id) {
  return {COCKPIT_NOT_FOUND, "No such entry",
          "There is no entry " + id + " in the job log, or you may not see the history of its batch.",
          "problemNoEntry", id};
}

// Engines answer an empty list for any of these reasons, and say none.
json why_nothing() {
  return words(
      "logHidden", json::object(),
      "The history of this batch cannot be read: the engine's history level is below \"full\", or you "
      "lack the right READ_HISTORY on this batch, or its history was deleted.");
}

void with_history(const SessionPtr& session, const std::string& batch, const Replied& then,
                  std::function<void(bool readable)> next) {
  shown_batch(session, batch, or_reply<Batch>(then, [session, then, next](const Batch& found) {
                session->engine().one_historic(
                    found.id,
                    or_reply<std::optional<Batch>>(
                        then, [next](const std::optional<Batch>& record) { next(record.has_value()); }));
              }));
}

json fields_of(const Session& session, const LogEntry& entry) {
  const char* kind = entry.type == "batch-seed-job"      ? "seed"
                     : entry.type == "batch-monitor-job" ? "monitor"
                                                         : "execution";
  const auto text = [](const std::optional<std::string>& value) { return value ? json(*value) : json{}; };
  const auto time = [](const std::optional<std::string>& value) {
    return value ? json(iso(*value)) : json{};
  };
  return {{"id", entry.id},
          {"engine", session.engine_id()},
          {"state", entry.state},
          {"at", time(entry.at)},
          {"message", entry.message ? json(without_package(*entry.message)) : json{}},
          {"retries", entry.retries},
          {"host", text(entry.host)},
          {"kind", kind},
          {"job", entry.job},
          {"batch", entry.batch},
          {"instance", text(entry.instance)},
          {"activity", text(entry.activity)},
          {"due", time(entry.due)}};
}

void list_log(const SessionPtr& session, const Request& request, LogFilter filter, const Replied& then) {
  if (!request.sort.empty() && request.sort != "at")
    return then(refusal({COCKPIT_UNSUPPORTED, "Not sortable", "The log is sorted by time only."}));
  filter.state = request.filter.log_state;
  filter.instance = request.filter.instance;
  auto page = request.page;
  page.descending = request.sort.empty() || request.page.descending;
  session->engine().log(filter, page, or_reply<RowsOf<LogEntry>>(then, [=](const RowsOf<LogEntry>& found) {
                          const auto counted = [=](std::int64_t all) {
                            json rows = json::array();
                            for (const auto& entry : found) rows.push_back(fields_of(*session, entry));
                            json body{{"rows", std::move(rows)}, {"total", all}};
                            if (found.unread > 0) body["warnings"].push_back(unread_rows(found.unread));
                            then(done(body, true));
                          };
                          if (page.first == 0 && found.size() < page.size)
                            return counted(static_cast<std::int64_t>(found.size()));
                          session->engine().log_count(filter, or_reply<std::int64_t>(then, counted));
                        }));
}

void list_if_readable(const SessionPtr& session, const Request& request, const std::string& batch,
                      const LogFilter& filter, const Replied& then) {
  with_history(session, batch, then, [=](bool readable) {
    if (readable) return list_log(session, request, filter, then);
    then(done({{"rows", json::array()}, {"total", 0}, {"warnings", {why_nothing()}}}, false));
  });
}

// The entry, for who may see the history of its batch.
void with_entry(const SessionPtr& session, const std::string& id, const Replied& then,
                std::function<void(const LogEntry&)> next) {
  session->engine().log_entry(
      id, or_reply<std::optional<LogEntry>>(then, [=](const std::optional<LogEntry>& entry) {
        if (!entry || entry->batch.empty()) return then(refusal(no_entry(id)));
        session->engine().one_historic(
            entry->batch, or_reply<std::optional<Batch>>(then, [=](const std::optional<Batch>& record) {
              if (!record) return then(refusal(no_entry(id)));
              next(*entry);
            }));
      }));
}

}  // namespace

void list_log_of_batch(const SessionPtr& session, const Request& request, const std::string& batch,
                       const Replied& then) {
  list_if_readable(session, request, batch, {batch, {}}, then);
}

void list_log_of_job(const SessionPtr& session, const Request& request, const std::string& job,
                     const Replied& then) {
  shown_job(session, job, or_reply<JobOfBatch>(then, [=](const JobOfBatch& found) {
              list_if_readable(session, request, found.batch.id, {found.batch.id, found.job.id}, then);
            }));
}

void one_log_entry(const SessionPtr& session, const std::string& id, const Replied& then) {
  with_entry(session, id, then, [session, then](const LogEntry& entry) {
    auto fields = fields_of(*session, entry);
    if (entry.message) fields["message"] = *entry.message;
    const char* instance = add_instance(*session, entry.instance, fields);
    then(done({{"fields", std::move(fields)}, {"caps", {{"instance", instance}}}}, false));
  });
}

void trace_of_log_entry(const SessionPtr& session, const std::string& id, const Replied& then) {
  with_entry(session, id, then, [session, id, then](const LogEntry&) {
    session->engine().log_stack_trace(
        id, or_reply<std::optional<std::string>>(then, [then](const std::optional<std::string>& trace) {
          then(done({{"fields", {{"stackTrace", trace ? trace_of(*trace) : json{}}}}}, false));
        }));
  });
}

}  // namespace batch_view
