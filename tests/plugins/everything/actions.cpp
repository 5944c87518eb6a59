// What can be done on the coast. Checks come first; what is refused has done nothing.
#include <algorithm>
#include <cmath>
#include <set>

#include "coast.hpp"

namespace lighthouses {
namespace {

constexpr std::size_t most_samples = 20;

[[noreturn]] void unsupported(const std::string& detail) {
  throw Refusal{COCKPIT_UNSUPPORTED, "Not known", detail};
}
[[noreturn]] void invalid(const std::string& detail) {
  throw Refusal{COCKPIT_INVALID, "Malformed", detail};
}

bool has(const json& object, const char* member) {
  return object.contains(member) && !object.at(member).is_null();
}

void only(const json& object, const std::set<std::string>& known, const std::string& where) {
  for (const auto& [member, value] : object.items())
    if (known.count(member) == 0) unsupported("\"" + member + "\" is not known in " + where + ".");
}

// The form of "demolish", as the description says it.
void check_demolish(const json& params) {
  only(params, {"keepLog", "stones", "share", "how", "reason"}, "the params of demolish");
  const auto bad = [&params](const char* key, bool (json::*is)() const noexcept) {
    return has(params, key) && !(params.at(key).*is)();
  };
  if (bad("keepLog", &json::is_boolean) || bad("stones", &json::is_number_integer) ||
      bad("share", &json::is_number) || bad("how", &json::is_string))
    invalid("A value of the form has the wrong type.");
  if (!has(params, "reason") || !params.at("reason").is_string() ||
      params.at("reason").get_ref<const std::string&>().size() < 3)
    invalid("A reason of at least 3 characters is needed.");
  if (has(params, "how") && params.at("how") != "hand" && params.at("how") != "blast")
    invalid("How: hand or blast.");
}

json outcome_of(std::size_t affected, const json& skipped, const json& failures, const char* good,
                const std::string& what) {
  const auto of = affected + failures.size() + skipped.size();
  json result{{"affected", affected},
              {"skipped", skipped},
              {"failures", failures},
              {"refresh", {"lights", "light", "lamps", "need"}}};
  result["outcome"] = failures.empty() ? good : affected == 0 ? "failed" : "partial";
  result["message"] = std::to_string(affected) + " of " + std::to_string(of) + " " + what + ".";
  return result;
}

}  // namespace

json* Coast::find_light(const std::string& id) {
  return const_cast<json*>(std::as_const(*this).find_light(id));
}
json* Coast::find_lamp(const std::string& id) {
  return const_cast<json*>(std::as_const(*this).find_lamp(id));
}

void Coast::later(std::function<void(Coast&)> done) {
  work_.push_back({Clock::now() + work_takes, std::move(done)});
}

Clock::time_point Coast::next_due() const {
  return work_.empty() ? Clock::time_point::max() : work_.front().due;
}

bool Coast::settle(Clock::time_point now) {
  bool changed = false;
  while (!work_.empty() && work_.front().due <= now) {
    const auto work = std::move(work_.front());
    work_.pop_front();
    work.done(*this);
    changed = true;
  }
  return changed;
}

// The ids an action is about: those it names, or all that its query finds now.
std::vector<std::string> Coast::targets(const json& request, bool of_lamps) const {
  if (has(request, "ids")) return request.at("ids").get<std::vector<std::string>>();
  if (!has(request, "query")) invalid("Which ones? The request names no ids and no query.");
  const auto& query = request.at("query");
  only(query, {"filters", "group", "count"}, "a query");
  const auto params = request.value("sourceParams", json::object());
  std::vector<const json*> all;
  for (const auto& thing : of_lamps ? lamps_ : lights_) {
    if (of_lamps && thing.at("light") != params.value("light", json{})) continue;
    if (of_lamps && has(query, "group") && thing.at("cause") != query.at("group")) continue;
    if (!of_lamps && (thing.at("state") == "retired") != (params.value("state", "") == "retired")) continue;
    all.push_back(&thing);
  }
  const auto found =
      filtered(all, query.value("filters", json::object()), of_lamps ? lamp_filters : light_filters);
  std::vector<std::string> ids;
  for (const auto* thing : found) ids.push_back(thing->at(of_lamps ? "lamp" : "id"));
  if (has(query, "count") && query.at("count") != ids.size())
    throw Refusal{
        COCKPIT_CONFLICT, "Changed meanwhile",
        "You saw " + query.at("count").dump() + ", there are " + std::to_string(ids.size()) + " now."};
  return ids;
}

json Coast::light_up(const json& request, const Progress& progress) {
  const auto ids = targets(request, false);
  if (has(request, "expect") && ids.size() == 1) {
    const auto* light = find_light(ids.front());
    for (const auto& [key, seen] : request.at("expect").items())
      if (light != nullptr && (!light->contains(key) || light->at(key) != seen))
        throw Refusal{COCKPIT_CONFLICT, "Changed meanwhile", "Its " + key + " is not what you saw any more."};
  }
  json skipped = json::array(), failures = json::array();
  std::size_t done = 0;
  for (const auto& id : ids) {
    progress({{"done", done}, {"of", ids.size()}, {"failed", failures.size()}, {"current", id}});
    auto* light = find_light(id);
    if (light == nullptr || light->at("state") == "retired") {
      skipped.push_back({{"id", id}, {"message", "It is gone."}});
    } else if (light->at("keeper").is_null()) {
      failures.push_back({{"id", id}, {"message", "Nobody keeps it: <b>find a keeper</b> first."}});
    } else {
      (*light)["state"] = "testing";
      later([id](Coast& coast) {
        if (auto* lit = coast.find_light(id); lit != nullptr && lit->at("state") == "testing")
          (*lit)["state"] = "lit";
      });
      ++done;
    }
  }
  return outcome_of(done, skipped, failures, "accepted", "are being lit");
}

json Coast::douse(const json& request) {
  auto* light = find_light(targets(request, false).front());
  if (light == nullptr) throw Refusal{COCKPIT_NOT_FOUND, "Not there", "It is gone."};
  if (light->at("state") == "dark") throw Refusal{COCKPIT_CONFLICT, "Not now", "It does not burn."};
  (*light)["state"] = "dark";
  return {{"outcome", "ok"}, {"affected", 1}, {"refresh", {"lights", "light", "need"}}};
}

json Coast::demolish(const json& request) {
  check_demolish(request.value("params", json::object()));
  const auto planned = has(request, "plan") ? request.at("plan").at("ids").get<std::vector<std::string>>()
                                            : targets(request, false);
  if (request.value("dryRun", false)) {
    std::map<std::string, std::size_t> counts;
    json samples = json::array();
    for (const auto& id : planned)
      if (const auto* light = find_light(id); light != nullptr) {
        ++counts[light->at("state")];
        if (samples.size() < most_samples) samples.push_back({{"id", id}, {"label", light->at("name")}});
      }
    json plan{{"ids", planned},
              {"count", planned.size()},
              {"counts", json::array()},
              {"samples", samples},
              {"warnings", {"Ships rely on <b>them</b>."}},
              {"message", std::to_string(planned.size()) + " lighthouses would be demolished."}};
    for (const auto& [state, count] : counts) plan["counts"].push_back({{"label", state}, {"count", count}});
    return {{"plan", plan}};
  }
  json skipped = json::array();
  std::size_t done = 0;
  for (const auto& id : planned) {
    if (find_light(id) == nullptr) {
      skipped.push_back({{"id", id}, {"message", "It was gone already."}});
      continue;
    }
    ++done;
    later([id](Coast& coast) {
      std::erase_if(coast.lights_, [&id](const json& light) { return light.at("id") == id; });
      std::erase_if(coast.lamps_, [&id](const json& lamp) { return lamp.at("light") == id; });
    });
  }
  return outcome_of(done, skipped, json::array(), "accepted", "are being demolished");
}

// Started on lamps, or on lighthouses, whose lamps are meant then.
json Coast::mend(const json& request, const Progress& progress) {
  const auto source = request.value("source", "");
  if (source != "lights" && source != "light") return mend_these(targets(request, true), progress);
  std::vector<std::string> lamps;
  for (const auto& id : targets(request, false))
    for (const auto& lamp : lamps_)
      if (lamp.at("light") == id) lamps.push_back(lamp.at("lamp"));
  return mend_these(lamps, progress);
}

json Coast::mend_these(const std::vector<std::string>& lamps, const Progress& progress) {
  constexpr int most_tries = 5;
  json skipped = json::array(), failures = json::array();
  std::size_t done = 0;
  for (const auto& id : lamps) {
    progress({{"done", done}, {"of", lamps.size()}, {"failed", failures.size()}, {"current", id}});
    auto* lamp = find_lamp(id);
    if (lamp == nullptr) {
      skipped.push_back({{"id", id}, {"message", "It burns already."}});
    } else if (lamp->at("tries") >= most_tries) {
      failures.push_back({{"id", id}, {"message", "No spare part fits: scrap it."}});
    } else {
      (*lamp)["lampState"] = "queued";
      later([id](Coast& coast) { coast.lamp_is_gone(id, true); });
      ++done;
    }
  }
  return outcome_of(done, skipped, failures, "accepted", "lamps are being mended");
}

void Coast::lamp_is_gone(const std::string& id, bool mended) {
  const auto* lamp = find_lamp(id);
  if (lamp == nullptr) return;
  const auto of = lamp->at("light").get<std::string>();
  std::erase_if(lamps_, [&id](const json& one) { return one.at("lamp") == id; });
  auto* light = find_light(of);
  if (light == nullptr) return;
  const auto broken = light->at("broken").get<int>() - 1;
  (*light)["broken"] = broken;
  if (mended)
    (*light)["mended"] = (*light)["burning"] = light->at("burning").get<int>() + 1;
  else
    (*light)["lamps"] = light->at("lamps").get<int>() - 1;
  if (broken == 0) (*light)["state"] = "lit";
}

json Coast::scrap(const json& request) {
  const auto planned = has(request, "plan") ? request.at("plan").at("ids").get<std::vector<std::string>>()
                                            : targets(request, true);
  if (request.value("dryRun", false))
    return {{"plan",
             {{"ids", planned},
              {"count", planned.size()},
              {"message", std::to_string(planned.size()) + " lamps would be scrapped."}}}};
  std::size_t done = 0;
  json skipped = json::array();
  for (const auto& id : planned) {
    if (find_lamp(id) == nullptr) {
      skipped.push_back({{"id", id}, {"message", "It was gone already."}});
      continue;
    }
    lamp_is_gone(id, false);
    ++done;
  }
  return outcome_of(done, skipped, json::array(), "ok", "lamps were scrapped");
}

json Coast::report(const json& request) {
  const auto params = request.value("params", json::object());
  only(params, {"words", "seen"}, "the params of report");
  if (!has(params, "words") || !params.at("words").is_string()) invalid("What did you see?");
  const auto id = targets(request, false).front();
  if (find_light(id) == nullptr) throw Refusal{COCKPIT_NOT_FOUND, "Not there", "It is gone."};
  auto& entries = book_[id];
  json entry{{"id", "r" + std::to_string(entries.size())},
             {"at", iso(1'800'000'000'000)},
             {"label", "report"},
             {"text", params.at("words")}};
  entries.insert(entries.begin(), std::move(entry));
  return {{"outcome", "ok"}, {"message", "It stands in the log book."}, {"refresh", {"book"}}};
}

json Coast::build(const json& request) {
  const auto params = request.value("params", json::object());
  only(params, {"name"}, "the params of build");
  if (!has(params, "name") || !params.at("name").is_string() || params.at("name") == "")
    invalid("It needs a name.");
  auto light = lights_.at(10);
  const auto id = "N" + std::to_string(++built_);
  light["id"] = id;
  light["name"] = params.at("name");
  light["state"] = "dark";
  light["broken"] = 0;
  light["burning"] = light["mended"] = light.at("lamps");
  json follow{{"view", "light"}, {"id", id}};
  if (light.contains("engine")) follow["engine"] = light.at("engine");
  lights_.push_back(std::move(light));
  return {{"outcome", "ok"},
          {"message", "It is built; nobody has lit it yet."},
          {"affected", 1},
          {"follow", follow},
          {"refresh", {"lights"}}};
}

json Coast::act(const json& request, const Progress& progress) {
  only(request,
       {"schema", "kind", "action", "run", "engines", "ids", "params", "source", "sourceParams", "query",
        "expect", "dryRun", "plan", "locale", "zone", "trace"},
       "a request");
  const auto action = request.value("action", "");
  if (action != "demolish" && action != "scrap") {
    if (request.value("dryRun", false)) unsupported("There is no dry run of \"" + action + "\".");
    if (has(request, "plan")) unsupported("There is no plan of \"" + action + "\".");
  }
  if (action != "light" && has(request, "expect")) unsupported("\"" + action + "\" expects nothing.");
  if (action == "demolish") return demolish(request);
  if (action == "report") return report(request);
  if (action == "build") return build(request);
  if (has(request, "params") && !request.at("params").empty())
    unsupported("\"" + action + "\" has no params.");
  if (action == "light") return light_up(request, progress);
  if (action == "douse") return douse(request);
  if (action == "mend") return mend(request, progress);
  if (action == "scrap") return scrap(request);
  if (action != "mend-all") unsupported("There is no action \"" + action + "\".");
  auto of_light = request;
  of_light["source"] = "light";
  return mend(of_light, progress);
}

}  // namespace lighthouses
