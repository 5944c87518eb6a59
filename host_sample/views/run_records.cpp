#include "views/run_records.hpp"

#include <utility>

#include "base/json_text.hpp"
#include "views/audit.hpp"

namespace host::views {
namespace {

using nlohmann::json;

constexpr std::size_t most_ids = 100;  // of a run; the page that began it knows them
constexpr std::string_view not_known =
    "The action was started, but its end is not recorded: the host may have stopped in between. It is "
    "unknown "
    "whether it was done; check before you repeat it.";

std::string text_of(const json& line, const char* member) {
  const auto at = line.find(member);
  return at != line.end() && at->is_string() ? at->get<std::string>() : std::string{};
}

json member_of(const json& line, const char* member, json otherwise) {
  const auto at = line.find(member);
  if (at == line.end()) return otherwise;
  return *at;
}

std::uint64_t day_before(std::uint64_t now) {
  const auto day = static_cast<std::uint64_t>(std::chrono::milliseconds{RunRecords::kept_for}.count());
  return now > day ? now - day : 0;
}

}  // namespace

void RunRecords::take(std::string_view text, std::uint64_t now_ms) {
  // The lines that name ids are most of a log, and say nothing here.
  const bool begins = text.find(R"("event":"started")") != std::string_view::npos;
  if (!begins && text.find(R"("event":"ended)") == std::string_view::npos) return;
  const auto line = parse_json(text);
  if (!line.is_object()) return;
  const auto at = utc_ms(text_of(line, "time"));
  if (text_of(line, "event") == "started")
    began(line, at, now_ms);
  else if (text_of(line, "event").rfind("ended", 0) == 0)
    ended(line, at);
}

void RunRecords::began(const json& line, std::uint64_t at, std::uint64_t now_ms) {
  Record record{text_of(line, "key"), text_of(line, "request"), text_of(line, "principal"), {}};
  const auto run = text_of(line, "run");
  if (record.key.empty() || record.request.empty() || run.empty() || at < day_before(now_ms)) return;
  if (member_of(line, "dryRun", false) == json(true)) return;  // it may be asked again
  if (by_key_.count(record.key) != 0 || by_run_.count(run) != 0) return;
  auto ids = member_of(line, "ids", json::array());
  if (!ids.is_array()) ids = json::array();
  if (ids.size() > most_ids) ids.erase(ids.begin() + most_ids, ids.end());
  record.state = {{"id", run},
                  {"key", record.key},
                  {"plugin", text_of(line, "plugin")},
                  {"action", text_of(line, "action")},
                  {"engine", member_of(line, "engine", nullptr)},
                  {"ids", std::move(ids)},
                  {"parent", member_of(line, "parent", json::object())},
                  {"dryRun", false},
                  {"state", "ended"},
                  {"progress", nullptr},
                  {"started", at},
                  {"ended", at},
                  {"outcome", "unknown"},
                  {"message", not_known}};
  if (order_.size() >= most) forget(order_.begin());
  order_.push_back(std::move(record));
  const auto added = std::prev(order_.end());
  by_key_[added->key] = added;
  by_run_[run] = added;
}

void RunRecords::ended(const json& line, std::uint64_t at) {
  const auto known = by_run_.find(text_of(line, "run"));
  if (known == by_run_.end()) return;
  auto& state = known->second->state;
  state["ended"] = at;
  state["outcome"] = member_of(line, "outcome", "unknown");
  state["message"] = member_of(line, "message", "");
  if (line.contains("affected")) state["affected"] = line.at("affected");
  if (line.contains("status")) state["status"] = line.at("status");
  if (text_of(line, "event") == "ended late") state["late"] = true;
}

void RunRecords::forget(At record) {
  by_run_.erase(record->state.at("id").get<std::string>());
  by_key_.erase(record->key);
  order_.erase(record);
}

const RunRecords::Record* RunRecords::find(const std::string& key, std::uint64_t now_ms) {
  while (!order_.empty() && order_.front().state.at("started").get<std::uint64_t>() < day_before(now_ms))
    forget(order_.begin());
  const auto at = by_key_.find(key);
  return at == by_key_.end() ? nullptr : &*at->second;
}

}  // namespace host::views
