#include "views/plans.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "base/json_text.hpp"
#include "base/utf8.hpp"

namespace host::views {
namespace {

using nlohmann::json;

std::size_t bytes_of(const json& plan) {
  std::size_t bytes = 0;
  for (const auto& id : plan.at("ids")) bytes += id.get_ref<const std::string&>().size() + sizeof(json);
  return bytes;
}

json shown_part(const std::string& id, json plan) {
  auto& ids = plan.at("ids").get_ref<json::array_t&>();
  if (ids.size() > Plans::most_shown) ids.resize(Plans::most_shown);
  plan["id"] = id;
  return plan;
}

// What a plan is of, in words, by the member that differs.
std::string_view called(std::string_view member) {
  if (member == "principal") return "person";
  if (member == "action" || member == "plugin") return "action";
  if (member == "engine") return "engine";
  if (member == "params") return "form";
  return "target";
}

}  // namespace

std::string Plans::why_bad(const json& plan) {
  if (!plan.is_object()) return "it is no object";
  const auto ids = plan.find("ids");
  if (ids == plan.end() || !ids->is_array()) return "its \"ids\" are no list";
  std::set<std::string_view> seen;
  for (const auto& id : *ids) {
    if (!id.is_string() || id.get_ref<const std::string&>().empty() ||
        id.get_ref<const std::string&>().size() > longest_id)
      return "one of its \"ids\" is no text of 1 to " + std::to_string(longest_id) + " bytes";
    if (!seen.insert(id.get_ref<const std::string&>()).second)
      return "it names \"" + std::string{first_bytes(id.get_ref<const std::string&>(), 60)} + "\" twice";
  }
  const auto count = plan.find("count");
  if (count != plan.end() && !count->is_null() && *count != json(ids->size()))
    return "it names " + std::to_string(ids->size()) + " ids, and its \"count\" is " +
           json_text(*count).substr(0, 60);
  return {};
}

void Plans::make_room(std::size_t bytes, Clock::time_point now) {
  std::erase_if(kept_, [now](const auto& one) { return one.second.made + kept_for < now; });
  std::size_t all = bytes;
  for (const auto& [id, kept] : kept_) all += kept.bytes;
  while (!kept_.empty() && (kept_.size() >= most_kept || all > most_bytes)) {
    const auto oldest = std::min_element(kept_.begin(), kept_.end(), [](const auto& one, const auto& other) {
      return one.second.made < other.second.made;
    });
    all -= oldest->second.bytes;
    kept_.erase(oldest);
  }
}

json Plans::keep(const std::string& id, json of, json plan, Clock::time_point now) {
  const auto bytes = bytes_of(plan);
  plan["count"] = plan.at("ids").size();
  make_room(bytes, now);
  auto shown = shown_part(id, plan);
  kept_[id] = {std::move(of), std::move(plan), bytes, now};
  return shown;
}

Result<json> Plans::find(const json& shown, const json& of, Clock::time_point now) const {
  using Failed = Result<json>;
  const auto id = shown.find("id");
  if (id == shown.end() || !id->is_string())
    return Failed::failed("a plan is confirmed by its \"id\", as the dry run answered it");
  const auto at = kept_.find(id->get<std::string>());
  if (at == kept_.end() || at->second.made + kept_for < now)
    return Failed::failed("this plan is no longer known: plans are good for once, and for " +
                          std::to_string(kept_for.count()) + " minutes; make a new one");
  const auto& kept = at->second;
  for (const auto& [member, value] : kept.of.items())
    if (of.value(member, json{}) != value)
      return Failed::failed("this plan is for another " + std::string{called(member)} + "; make a new one");
  const auto ids = shown.find("ids");
  const auto& whole = kept.plan.at("ids").get_ref<const json::array_t&>();
  const auto count = std::min(whole.size(), most_shown);
  if (ids != shown.end() &&
      (!ids->is_array() || ids->size() != count || !std::equal(ids->begin(), ids->end(), whole.begin())))
    return Failed::failed("the ids are not those of this plan; make a new one");
  return Failed::of(kept.plan);
}

std::vector<std::string> Plans::ids_of(const std::string& id) const {
  const auto at = kept_.find(id);
  return at == kept_.end() ? std::vector<std::string>{}
                           : at->second.plan.at("ids").get<std::vector<std::string>>();
}

}  // namespace host::views
