// The engine's calls about batches: running ones by their statistics, and those of the history.
#include "engine/listing.hpp"

namespace batch_view {
namespace {

using nlohmann::json;

Query common(const BatchFilter& filter) {
  Query query;
  query.add_if("batchId", filter.id).add_if("type", filter.type);
  // The engines disagree which of the two wins when both are sent.
  if (filter.without_tenant)
    query.add("withoutTenantId", "true");
  else
    query.add_if("tenantIdIn", filter.tenant);
  return query;
}

Query of_running(const BatchFilter& filter) {
  auto query = common(filter);
  if (filter.suspended) query.add("suspended", *filter.suspended ? "true" : "false");
  if (filter.failures) query.add(*filter.failures ? "withFailures" : "withoutFailures", "true");
  if (filter.same_name.empty()) query.add_if("createdBy", filter.user);
  query.add_if("startedAfter", filter.started_after).add_if("startedBefore", filter.started_before);
  return query;
}

}  // namespace

void Engine::list_batches(const std::string& path, const std::string& query, const Page& page,
                          std::size_t& unread, Then<std::vector<Batch>> then) {
  const auto listing = std::make_shared<Listing<Batch>>();
  listing->page = page;
  listing->read = batch_of;
  listing->request = [path, query](const Page& part) {
    Query paging;
    paged(paging, part);
    auto paging_text = paging.text();
    if (!query.empty()) paging_text.front() = '&';
    rest_client::Request request;
    request.target = path + query + paging_text;
    return request;
  };
  listing->then = [this, self = shared_from_this(), &unread, then = std::move(then)](Got<RowsOf<Batch>> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
    auto& rows = std::get<0>(got);
    unread = rows.unread;
    for (const auto& batch : rows) know_owner(batch);
    then(std::vector<Batch>{std::move(rows)});
  };
  list_on(listing);
}

void Engine::running(const BatchFilter& filter, const Page& page, Then<std::vector<Batch>> then) {
  auto asked = page;
  const bool by_start = page.sort == "startTime";
  if (by_start && !old_version_.empty()) asked.sort.clear();
  const bool may_be_old = by_start && old_version_.empty();
  list_batches("/batch/statistics", of_running(filter).text(), asked, unread_running_,
               [this, filter, page, may_be_old, then = std::move(then)](Got<std::vector<Batch>> got) {
                 const auto* problem = std::get_if<Problem>(&got);
                 if (!may_be_old || problem == nullptr || problem->status != COCKPIT_INVALID)
                   return then(std::move(got));
                 version([this, filter, page, then, refused = *problem](const Got<std::string>&) {
                   if (old_version_.empty()) return then(refused);
                   running(filter, page, then);
                 });
               });
}

void Engine::running_count(const BatchFilter& filter, Then<std::int64_t> then) {
  count("/batch/statistics/count" + of_running(filter).text(), std::move(then));
}

void Engine::ended(const BatchFilter& filter, const Page& page, Then<std::vector<Batch>> then) {
  auto query = common(filter);
  query.add("completed", "true");
  list_batches("/history/batch", query.text(), page, unread_ended_, std::move(then));
}

void Engine::ended_count(const BatchFilter& filter, Then<std::int64_t> then) {
  auto query = common(filter);
  query.add("completed", "true");
  count("/history/batch/count" + query.text(), std::move(then));
}

void Engine::one_running(const std::string& id, Then<std::optional<Batch>> then) {
  if (id.empty()) return then(std::optional<Batch>{});
  BatchFilter filter;
  filter.id = id;
  Page page;
  page.size = 1;
  running(filter, page, [id, then = std::move(then)](Got<std::vector<Batch>> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
    auto& rows = std::get<std::vector<Batch>>(got);
    // An engine that ignores the filter answers with another batch: never take it for this one.
    if (rows.empty() || rows.front().id != id) return then(std::optional<Batch>{});
    then(std::optional<Batch>{std::move(rows.front())});
  });
}

void Engine::one_historic(const std::string& id, Then<std::optional<Batch>> then) {
  get("/history/batch/" + rest_client::encode(id), made_if_there<Batch>(std::move(then), only_row(batch_of)));
}

}  // namespace batch_view
