// /user and /authorization/check, and what tells one engine from another: /version.
#include <array>

#include "listing.hpp"
#include "rows.hpp"

namespace demo_engine {
namespace {

const std::vector<std::string> kUserKeys = {"userId", "firstName", "lastName", "email"};
constexpr long kBatchResource = 13;

std::vector<const Person*> selected_people(const Call& call, const QueryFilters& filters) {
  const auto id = filters.text("id");
  const auto among = filters.list("idIn");
  const auto first_name = filters.text("firstName");
  const auto last_name = filters.text("lastName");
  std::vector<const Person*> rows;
  for (const Person& person : call.people.all()) {
    const bool asked_for = !among || std::find(among->begin(), among->end(), person.id) != among->end();
    if (asked_for && matches_text(id, person.id) && matches_text(first_name, person.first_name) &&
        matches_text(last_name, person.last_name) && People::may_see(call.caller, person))
      rows.push_back(&person);
  }
  return rows;
}

std::weak_ordering compare_people(const std::string& key, const Person* a, const Person* b) {
  if (key == "firstName") return a->first_name <=> b->first_name;
  if (key == "lastName") return a->last_name <=> b->last_name;
  if (key == "email") return a->email <=> b->email;
  return a->id <=> b->id;
}

Answer list_users(const Call& call) {
  const QueryFilters filters(call.target);
  const auto keys = filters.sorting(kUserKeys);
  return list_answer(call, selected_people(call, filters), keys, compare_people,
                     [](const Person* p) { return user_json(*p); });
}

Answer get_profile(const Call& call) {
  const Person* person = call.people.find(call.parameter());
  if (person == nullptr || !People::may_see(call.caller, *person))
    throw refusal(404, kInvalidRequest, "User with id " + call.parameter() + " does not exist");
  return json_answer(user_json(*person));
}

bool is_batch_permission(const std::string& name) {
  constexpr std::array<std::string_view, 6> kNames = {"READ",   "UPDATE",       "CREATE",
                                                      "DELETE", "READ_HISTORY", "DELETE_HISTORY"};
  return name == "ALL" || name.starts_with("CREATE_BATCH_") ||
         std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

Answer check_authorization(const Call& call) {
  const QueryFilters filters(call.target);
  const auto permission = filters.text("permissionName");
  const auto resource = filters.text("resourceName");
  const auto id = filters.text("resourceId");
  for (const auto& [name, value] :
       {std::pair{"permissionName", &permission}, std::pair{"resourceName", &resource}})
    if (!*value)
      throw refusal(400, kInvalidRequest, std::string("Query parameter '") + name + "' cannot be null");
  const auto type_text = filters.text("resourceType").value_or("");
  if (type_text.empty()) throw refusal(400, kInvalidRequest, "Query parameter 'resourceType' cannot be null");
  if (type_text.find_first_not_of("0123456789") != std::string::npos || type_text.size() > 9)
    throw refusal(404, "QueryParamException", "HTTP 404 Not Found");
  if (call.caller.person == nullptr)
    throw refusal(401, kInvalidRequest, "You must be authenticated in order to use this resource.");
  if (std::stol(type_text) != kBatchResource)
    throw refusal(400, "BadUserRequestException",
                  "ENGINE-03086 The resource type '" + *resource + "' is not valid for '" + *permission +
                      "' permission.",
                  0);
  if (!is_batch_permission(*permission))
    throw refusal(400, "BadUserRequestException",
                  "The permission '" + *permission + "' is not valid for 'BATCH' resource type.", 0);
  const bool authorized = call.people.may(call.caller, *permission, id ? parse_id(*id) : std::nullopt);
  return json_answer({{"permissionName", *permission},
                      {"resourceName", *resource},
                      {"resourceId", id ? nlohmann::ordered_json(*id) : nlohmann::ordered_json(nullptr)},
                      {"authorized", authorized}});
}

Answer get_version(const Call& call) {
  return json_answer({{"version", call.traits.version}});
}

}  // namespace

void add_people_routes(std::vector<Route>& routes) {
  routes.push_back({"GET", {"version"}, kJsonType, get_version});
  routes.push_back({"GET", {"user"}, kJsonType, list_users});
  routes.push_back({"GET", {"user", "count"}, kJsonType, [](const Call& call) {
                      return count_answer(selected_people(call, QueryFilters(call.target)).size());
                    }});
  routes.push_back({"GET", {"user", "{}", "profile"}, kJsonType, get_profile});
  routes.push_back({"GET", {"authorization", "check"}, kJsonType, check_authorization});
}

}  // namespace demo_engine
