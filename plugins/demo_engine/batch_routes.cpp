// /batch: the batches that run, their statistics, and suspending and deleting them.
#include "body.hpp"
#include "listing.hpp"
#include "rows.hpp"

namespace demo_engine {
namespace {

std::vector<const Batch*> selected_batches(const Call& call, const QueryFilters& filters) {
  const auto id = filters.text("batchId");
  const auto type = filters.text("type");
  const auto suspended = filters.flag("suspended");
  const TenantFilter tenants(filters);
  std::vector<const Batch*> rows;
  for (const auto& [key, batch] : call.model.batches()) {
    const bool matches = matches_id(id, key) && matches_text(type, batch.facts.type) &&
                         (!suspended || *suspended == batch.suspended) && tenants.matches(batch.facts.tenant);
    if (matches && call.people.may(call.caller, "READ", key)) rows.push_back(&batch);
  }
  return rows;
}

std::vector<const Batch*> selected_statistics(const Call& call, const QueryFilters& filters) {
  const auto creator = filters.text("createdBy");
  const auto before = filters.instant("startedBefore");
  const auto after = filters.instant("startedAfter");
  const bool without_failures = filters.is_set("withoutFailures");
  const bool with_failures = filters.is_set("withFailures") && !without_failures;
  auto rows = selected_batches(call, filters);
  if (!call.traits.knows_start()) return rows;
  std::erase_if(rows, [&](const Batch* batch) {
    if (!matches_text(creator, batch->facts.creator)) return true;
    if (before && batch->facts.started > *before) return true;
    if (after && batch->facts.started < *after) return true;
    if (!with_failures && !without_failures) return false;
    return (count_jobs(*batch).failed > 0) != with_failures;
  });
  return rows;
}

std::weak_ordering compare_batches(const std::string& key, const Batch* a, const Batch* b) {
  if (key == "startTime") return a->facts.started <=> b->facts.started;
  if (key == "tenantId") return a->facts.tenant <=> b->facts.tenant;
  return a->facts.id <=> b->facts.id;
}

const std::vector<std::string> kBatchKeys = {"batchId", "tenantId"};
const std::vector<std::string> kStatisticsKeys = {"batchId", "tenantId", "startTime"};

const std::vector<std::string>& statistics_keys(const Call& call) {
  return call.traits.knows_start() ? kStatisticsKeys : kBatchKeys;
}

/// As the engine of that version writes it.
nlohmann::ordered_json written(const Call& call, nlohmann::ordered_json row) {
  if (!call.traits.knows_start()) drop_starts(row);
  return row;
}

Answer list_batches(const Call& call) {
  const QueryFilters filters(call.target);
  const auto keys = filters.sorting(kBatchKeys);
  return list_answer(call, selected_batches(call, filters), keys, compare_batches,
                     [&call](const Batch* b) { return written(call, batch_json(*b)); });
}

Answer count_batches(const Call& call) {
  const QueryFilters filters(call.target);
  filters.sorting(kBatchKeys);
  return count_answer(selected_batches(call, filters).size());
}

Answer list_statistics(const Call& call) {
  const QueryFilters filters(call.target);
  const auto keys = filters.sorting(statistics_keys(call));
  return list_answer(call, selected_statistics(call, filters), keys, compare_batches,
                     [&call](const Batch* b) { return written(call, statistics_json(*b)); });
}

Answer count_statistics(const Call& call) {
  const QueryFilters filters(call.target);
  filters.sorting(statistics_keys(call));
  return count_answer(selected_statistics(call, filters).size());
}

Answer get_batch(const Call& call) {
  const auto id = call.id();
  const Batch* batch = id ? call.model.find_batch(*id) : nullptr;
  if (batch == nullptr || !call.people.may(call.caller, "READ", *id))
    throw refusal(404, kInvalidRequest, "Batch with id '" + call.parameter() + "' does not exist");
  return json_answer(written(call, batch_json(*batch)));
}

/// The id of a batch that runs and that the caller may change so; else the engine's refusal.
Id changeable(const Call& call, const char* permission, const std::string& verb) {
  const auto id = call.id();
  if (!id || call.model.find_batch(*id) == nullptr)
    throw refusal(400, kInvalidRequest, "Unable to " + verb + " batch with id '" + call.parameter() + "'", 0);
  if (!call.people.may(call.caller, permission, *id)) throw missing_right(call, permission, call.parameter());
  return *id;
}

Answer set_suspended(const Call& call) {
  const auto body = read_object(call.request);
  const bool suspended = read_bool(body, "suspended").value_or(false);
  call.model.set_batch_suspended(changeable(call, "UPDATE", suspended ? "suspend" : "activate"), suspended);
  return no_content();
}

Answer delete_batch(const Call& call) {
  const bool cascade = QueryFilters(call.target).text("cascade") == "true";
  call.model.delete_batch(changeable(call, "DELETE", "delete"), cascade);
  return no_content();
}

}  // namespace

void add_batch_routes(std::vector<Route>& routes) {
  routes.push_back({"GET", {"batch"}, kJsonType, list_batches});
  routes.push_back({"GET", {"batch", "count"}, kJsonType, count_batches});
  routes.push_back({"GET", {"batch", "statistics"}, kJsonType, list_statistics});
  routes.push_back({"GET", {"batch", "statistics", "count"}, kJsonType, count_statistics});
  routes.push_back({"GET", {"batch", "{}"}, kJsonType, get_batch});
  routes.push_back({"DELETE", {"batch", "{}"}, kJsonType, delete_batch});
  routes.push_back({"PUT", {"batch", "{}", "suspended"}, kJsonType, set_suspended});
}

}  // namespace demo_engine
