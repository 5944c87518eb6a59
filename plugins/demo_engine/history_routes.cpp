// /history/batch: the records of batches, of those that still run too.
#include "listing.hpp"
#include "rows.hpp"

namespace demo_engine {
namespace {

const std::vector<std::string> kHistoryKeys = {"batchId", "tenantId", "startTime", "endTime"};

std::vector<const HistoricBatch*> selected_records(const Call& call, const QueryFilters& filters) {
  const auto id = filters.text("batchId");
  const auto type = filters.text("type");
  const auto completed = filters.flag("completed");
  const TenantFilter tenants(filters);
  std::vector<const HistoricBatch*> rows;
  if (!call.traits.history) return rows;
  for (const auto& [key, batch] : call.model.history()) {
    const bool matches = matches_id(id, key) && matches_text(type, batch.facts.type) &&
                         (!completed || *completed == batch.ended.has_value()) &&
                         tenants.matches(batch.facts.tenant);
    if (matches && call.people.may(call.caller, "READ_HISTORY", key)) rows.push_back(&batch);
  }
  return rows;
}

std::weak_ordering compare_records(const std::string& key, const HistoricBatch* a, const HistoricBatch* b) {
  if (key == "startTime") return a->facts.started <=> b->facts.started;
  if (key == "endTime") return a->ended <=> b->ended;
  if (key == "tenantId") return a->facts.tenant <=> b->facts.tenant;
  return a->facts.id <=> b->facts.id;
}

/// As the engine of that version writes it.
nlohmann::ordered_json written(const Call& call, const HistoricBatch& batch) {
  auto row = history_json(batch);
  if (!call.traits.knows_start()) row.erase("executionStartTime");
  return row;
}

Answer list_history(const Call& call) {
  const QueryFilters filters(call.target);
  const auto keys = filters.sorting(kHistoryKeys);
  return list_answer(call, selected_records(call, filters), keys, compare_records,
                     [&call](const HistoricBatch* b) { return written(call, *b); });
}

Answer count_history(const Call& call) {
  const QueryFilters filters(call.target);
  filters.sorting(kHistoryKeys);
  return count_answer(selected_records(call, filters).size());
}

Answer get_history(const Call& call) {
  const auto id = call.id();
  const auto found = id && call.traits.history ? call.model.history().find(*id) : call.model.history().end();
  if (found == call.model.history().end() || !call.people.may(call.caller, "READ_HISTORY", *id))
    throw refusal(404, kInvalidRequest, "Historic batch with id '" + call.parameter() + "' does not exist");
  return json_answer(written(call, found->second));
}

Answer delete_history(const Call& call) {
  const auto id = call.id();
  if (!id || !call.traits.history || !call.model.history().contains(*id))
    throw refusal(400, kInvalidRequest, "Unable to delete historic batch with id '" + call.parameter() + "'",
                  0);
  if (!call.people.may(call.caller, "DELETE_HISTORY", *id))
    throw missing_right(call, "DELETE_HISTORY", call.parameter());
  call.model.delete_history(*id);
  return no_content();
}

}  // namespace

void add_history_routes(std::vector<Route>& routes) {
  routes.push_back({"GET", {"history", "batch"}, kJsonType, list_history});
  routes.push_back({"GET", {"history", "batch", "count"}, kJsonType, count_history});
  routes.push_back({"GET", {"history", "batch", "{}"}, kJsonType, get_history});
  routes.push_back({"DELETE", {"history", "batch", "{}"}, kJsonType, delete_history});
}

}  // namespace demo_engine
