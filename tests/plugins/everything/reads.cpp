// How the coast answers questions: rows by page, sort and filters; details; groups; charts.
#include <algorithm>
#include <ctime>

#include "coast.hpp"

namespace lighthouses {
namespace {

constexpr std::size_t longest_in_a_row = 4000;

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

bool within(const json& value, const json& range) {
  for (const auto& [end, limit] : range.items()) {
    if (end != "from" && end != "to")
      throw Refusal{COCKPIT_UNSUPPORTED, "Not known", "A range has from and to, not " + end + "."};
    if (value.is_null() || (end == "from" ? value < limit : limit < value)) return false;
  }
  return true;
}

bool passes(const json& row, const std::string& key, const std::string& type, const json& wanted) {
  const auto& value = row.contains(key) ? row.at(key) : json{};
  if (type == "text")
    return lower(value.get<std::string>()).find(lower(wanted.get<std::string>())) != std::string::npos;
  if (type == "user") return value.is_object() && value.at("id") == wanted;
  if (type == "number" || type == "datetimeRange") return within(value, wanted);
  if (type == "tags")
    return std::all_of(wanted.begin(), wanted.end(), [&value](const json& tag) {
      return std::find(value.begin(), value.end(), tag) != value.end();
    });
  return value == wanted;
}

void check_type(const std::string& key, const std::string& type, const json& wanted) {
  const bool good = type == "boolean"                             ? wanted.is_boolean()
                    : type == "number" || type == "datetimeRange" ? wanted.is_object()
                    : type == "tags"                              ? wanted.is_array()
                                                                  : wanted.is_string();
  if (!good)
    throw Refusal{COCKPIT_INVALID, "Malformed", "The filter \"" + key + "\" has a value of the wrong type."};
}

const json& object_of(const json& request, const char* member) {
  static const json none = json::object();
  const auto at = request.find(member);
  return at == request.end() || at->is_null() ? none : *at;
}

std::string text_of(const json& params, const char* member) {
  return params.contains(member) && params.at(member).is_string() ? params.at(member).get<std::string>()
                                                                  : std::string{};
}

[[noreturn]] void not_there(const std::string& what, const std::string& id) {
  throw Refusal{COCKPIT_NOT_FOUND, "Not there",
                "There is no " + what + " \"" + id.substr(0, 200) + "\" on this coast."};
}

json offered_for(const json& light) {
  const auto& state = light.at("state");
  json actions{{"demolish", true}, {"report", true}};
  actions["light"] = state == "lit" || state == "testing" ? json("It burns already.") : json(true);
  actions["douse"] = state == "lit" || state == "dim" ? json(true) : json("It does not burn.");
  const auto mendable = light.at("broken") > 0 ? json(true) : json("No lamp of it is broken.");
  actions["mend"] = actions["mend-all"] = mendable;
  return actions;
}

}  // namespace

const std::map<std::string, std::string> light_filters{
    {"name", "text"},     {"state", "enum"},          {"keeper", "user"}, {"automatic", "boolean"},
    {"broken", "number"}, {"since", "datetimeRange"}, {"marks", "tags"},  {"id", "id"}};
const std::map<std::string, std::string> lamp_filters{{"lamp", "id"}};

std::string iso(std::uint64_t ms) {
  const auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[40];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.000Z", &parts)};
}

json in_a_row(const std::string& text) {
  if (text.size() <= longest_in_a_row) return text;
  return {{"text", text.substr(0, longest_in_a_row)}, {"cut", text.size()}};
}

std::vector<const json*> filtered(const std::vector<const json*>& all, const json& wanted,
                                  const std::map<std::string, std::string>& filters) {
  auto rows = all;
  for (const auto& [key, value] : wanted.items()) {
    const auto known = filters.find(key);
    if (known == filters.end())
      throw Refusal{COCKPIT_UNSUPPORTED, "Not known", "There is no filter \"" + key + "\" here."};
    check_type(key, known->second, value);
    if (value == "") continue;
    const auto& filter_key = key;
    const auto& filter_value = value;
    std::erase_if(rows,
                  [&](const json* row) { return !passes(*row, filter_key, known->second, filter_value); });
  }
  return rows;
}

json page_of(const std::vector<const json*>& all, const json& request,
             const std::map<std::string, std::string>& filters, const std::vector<std::string>& sorts) {
  const auto& wanted = object_of(request, "filters");
  auto rows = filtered(all, wanted, filters);
  if (const auto& sort = object_of(request, "sort"); !sort.empty()) {
    const auto key = text_of(sort, "key");
    if (std::find(sorts.begin(), sorts.end(), key) == sorts.end())
      throw Refusal{COCKPIT_INVALID, "Malformed", "These are not sorted by \"" + key + "\"."};
    const bool down = text_of(sort, "order") == "desc";
    std::stable_sort(rows.begin(), rows.end(), [&](const json* a, const json* b) {
      return down ? b->at(key) < a->at(key) : a->at(key) < b->at(key);
    });
  }
  const auto& page = object_of(request, "page");
  const auto first = page.value("first", std::size_t{0});
  const auto size = page.value("size", std::size_t{20});
  json answer{{"rows", json::array()}, {"total", rows.size()}, {"totalKind", "exact"}};
  for (auto i = first; i < rows.size() && i - first < size; ++i) answer["rows"].push_back(*rows[i]);
  if (first < rows.size() && rows.size() - first > size) answer["next"] = first + size;
  if (!wanted.empty()) {
    answer["scanned"] = all.size();
    answer["of"] = all.size();
  }
  return answer;
}

const json* Coast::find_light(const std::string& id) const {
  const auto at =
      std::find_if(lights_.begin(), lights_.end(), [&id](const json& light) { return light.at("id") == id; });
  return at == lights_.end() ? nullptr : &*at;
}
const json* Coast::find_lamp(const std::string& id) const {
  const auto at =
      std::find_if(lamps_.begin(), lamps_.end(), [&id](const json& lamp) { return lamp.at("lamp") == id; });
  return at == lamps_.end() ? nullptr : &*at;
}

json Coast::lights(const json& request) const {
  const bool over = text_of(object_of(request, "params"), "state") == "retired";
  std::vector<const json*> all;
  for (const auto& light : lights_)
    if ((light.at("state") == "retired") == over) all.push_back(&light);
  auto answer = page_of(all, request, light_filters, {"name", "state", "broken", "ended"});
  for (auto& row : answer["rows"]) {
    row["_actions"] = over ? json::object() : offered_for(row);
    row.erase("safe");  // of details only
  }
  answer["_actions"] = {{"build", true}, {"light", true}, {"mend", true}, {"demolish", true}};
  if (const auto region = text_of(object_of(request, "params"), "region"); !region.empty())
    answer["warnings"] = {{{"key", "region"}, {"fallback", "Of the region " + region + " only."}}};
  return answer;
}

json Coast::lamps(const json& request) const {
  const auto light = text_of(object_of(request, "params"), "light");
  if (find_light(light) == nullptr) not_there("lighthouse", light);
  std::vector<const json*> all;
  for (const auto& lamp : lamps_)
    if (lamp.at("light") == light) all.push_back(&lamp);
  auto answer = page_of(all, request, lamp_filters, {"tries"});
  for (auto& row : answer["rows"]) {
    row["message"] = in_a_row(row.at("message"));
    row.erase("trace");
    row["_actions"] = {
        {"mend", row.at("lampState") == "queued" ? json("The mender is on the way.") : json(true)},
        {"scrap", true}};
  }
  answer["_actions"] = {{"mend", true}, {"scrap", true}};
  return answer;
}

json Coast::causes(const json& request) const {
  const auto light = text_of(object_of(request, "params"), "light");
  std::map<std::string, json> groups;
  std::size_t seen = 0;
  for (const auto& lamp : lamps_) {
    if (lamp.at("light") != light) continue;
    ++seen;
    const auto cause = lamp.at("cause").get<std::string>();
    auto& group = groups[cause];
    if (group.is_null())
      group = {{"key", cause},
               {"label", cause == "glass" ? "Glass is cracked at pane ‹n›" : "Wick burnt down: <a>"},
               {"count", 0},
               {"first", iso(1'700'000'000'000)},
               {"last", iso(1'700'086'400'000)},
               {"sample", {{"text", lamp.at("trace")}, {"id", lamp.at("lamp")}}},
               {"_actions", {{"mend", true}, {"scrap", true}}}};
    group["count"] = group.at("count").get<int>() + 1;
  }
  json answer{{"rows", json::array()}, {"scanned", seen}, {"of", seen}};
  for (auto& [cause, group] : groups) answer["rows"].push_back(std::move(group));
  return answer;
}

json Coast::details_of_light(const json& params) const {
  const auto id = text_of(params, "id");
  const auto* light = find_light(id);
  if (light == nullptr) not_there("lighthouse", id);
  const bool over = light->at("state") == "retired";
  return {{"fields", *light}, {"_actions", over ? json::object() : offered_for(*light)}};
}

json Coast::details_of_lamp(const json& params) const {
  const auto id = text_of(params, "id");
  const auto* lamp = find_lamp(id);
  if (lamp == nullptr) not_there("broken lamp", id);
  auto fields = *lamp;
  fields.erase("trace");
  fields["id"] = id;
  return {{"fields", std::move(fields)},
          {"_actions",
           {{"mend", lamp->at("lampState") == "queued" ? json("The mender is on the way.") : json(true)},
            {"scrap", true}}}};
}

json Coast::chart(const std::string& handler) const {
  constexpr std::uint64_t start = 1'700'000'000'000;
  json times = json::array(), burning = json::array(), broken = json::array(), oil = json::array();
  for (std::uint64_t i = 0; i < 48; ++i) {
    times.push_back(start + i * 3'600'000);
    burning.push_back(12 - i % 5);
    broken.push_back(i % 7 == 6 ? json{} : json(i % 5));
    oil.push_back(400 - 3 * static_cast<int>(i));
  }
  if (handler == "nights")
    return {{"x", times}, {"series", {{"burning", burning}, {"broken", broken}}}, {"units", {{"x", "time"}}}};
  if (handler == "oil")
    return {{"x", times}, {"series", {{"oil", oil}}}, {"units", {{"x", "time"}, {"oil", "l"}}}};
  if (handler == "beam")
    return {{"x", {0, 5, 10, 15}},
            {"series", {{"beam", {1000, 420.5, 90, 12}}}},
            {"units", {{"x", "nm"}, {"beam", "cd"}}}};
  return {{"x", {"06", "12", "<b>18</b>", "24"}}, {"series", {{"ships", {3, 9, 4, 1}}}}};
}

json Coast::book(const json& params) const {
  const auto at = book_.find(text_of(params, "light"));
  const auto rows = at == book_.end() ? json::array() : json(at->second);
  return {{"rows", rows}, {"total", rows.size()}};
}

json Coast::need() const {
  return {{"fields",
           {{"dark", std::count_if(lights_.begin(), lights_.end(),
                                   [](const json& light) { return light.at("state") == "dark"; })},
            {"count", std::count_if(lights_.begin(), lights_.end(),
                                    [](const json& light) { return light.at("state") == "dark"; })}}}};
}

json Coast::keepers() const {
  std::map<std::string, std::string> known;
  for (const auto& light : lights_)
    if (light.at("keeper").is_object()) known[light.at("keeper").at("id")] = light.at("keeper").at("name");
  json options = json::array();
  for (const auto& [id, name] : known) options.push_back({{"value", id}, {"label", name}});
  return {{"options", options}};
}

json Coast::answer(const json& request) const {
  const auto handler = text_of(request, "source");
  const auto& params = object_of(request, "params");
  json answer;
  if (handler == "lights")
    answer = lights(request);
  else if (handler == "lamps")
    answer = lamps(request);
  else if (handler == "causes")
    answer = causes(request);
  else if (handler == "keepers")
    answer = keepers();
  else if (handler == "need")
    answer = need();
  else if (handler == "light")
    answer = details_of_light(params);
  else if (handler == "lamp")
    answer = details_of_lamp(params);
  else if (handler == "nights" || handler == "oil" || handler == "beam" || handler == "ships")
    answer = chart(handler);
  else if (handler == "book")
    answer = book(params);
  else if (handler == "plan")
    answer = {{"fields", {{"plan", "{\"flash\": [1, 2, 1]}"}, {"planBefore", "{\"flash\": [1, 1]}"}}}};
  else if (handler == "report") {
    const auto* lamp = find_lamp(text_of(params, "lamp"));
    if (lamp == nullptr) not_there("broken lamp", text_of(params, "lamp"));
    answer = {{"fields", {{"trace", lamp->at("trace")}}}};
  } else if (handler == "harbours") {
    std::vector<const json*> all;
    for (const auto& harbour : harbours_) all.push_back(&harbour);
    answer = page_of(all, request, {}, {});
  } else if (handler == "harbour") {
    const auto at = std::find_if(harbours_.begin(), harbours_.end(),
                                 [&](const json& one) { return one.at("code") == text_of(params, "code"); });
    if (at == harbours_.end()) not_there("harbour", text_of(params, "code"));
    answer = {{"fields", *at}};
    answer["fields"]["id"] = at->at("code");
  } else {
    throw Refusal{COCKPIT_UNSUPPORTED, "Not known", "There is no handler \"" + handler + "\"."};
  }
  answer["caps"] = {{"meter", true}, {"archive", true}, {"forced", true}};
  return answer;
}

}  // namespace lighthouses
