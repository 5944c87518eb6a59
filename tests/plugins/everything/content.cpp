// What there is on the coast at the start. Some of it is hostile: markup, control characters, other writing
// directions, formulas, ids that break addresses, a message of a million characters.
#include <array>

#include "coast.hpp"

namespace lighthouses {
namespace {

constexpr std::uint64_t day = 86'400'000;
constexpr std::uint64_t first_day = 1'700'000'000'000;  // November 2023
constexpr std::size_t in_service = 46;
constexpr std::size_t retired = 12;
constexpr std::size_t longest_message = 1'000'000;

const std::array<const char*, 6> hostile_names{
    "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>",
    "\u202Ethgil daed\u202C and \u2066back\u2069",
    "bell\u0007 escape\u001b[31m red\u001b[0m null\u0000end",
    "=HYPERLINK(\"http://owned.example\")",
    "{name} %need% {{constructor}} ${7*7}",
    "𝔩𝔦𝔤𝔥𝔱 🗼 灯台 مَنارة",
};
const std::array<const char*, 6> hostile_ids{"a/b", "c?d#e", "f\"g'h", "i%2e%2e%2fj", "k ü 灯", "../../l"};
const std::array<const char*, 5> states{"lit", "dim", "dark", "lit", "testing"};

json keeper_of(std::size_t i) {
  if (i % 4 == 3) return nullptr;
  if (i % 4 == 2) return {{"id", "<b>eve</b>"}, {"name", "Eve <b>Bold</b>"}};
  return i % 4 == 0 ? json{{"id", "ada"}, {"name", "Ada Sands"}} : json{{"id", "bo"}, {"name", "Bo Reef"}};
}

std::string number(std::size_t i) {
  return "L" + std::to_string(1000 + i);
}

}  // namespace

Coast::Coast() {
  build_lights();
  build_harbours();
}

void Coast::build_lights() {
  for (std::size_t i = 0; i < in_service + retired; ++i) {
    const bool over = i >= in_service;
    const bool hostile = i < hostile_names.size();
    json light{{"id", hostile ? hostile_ids.at(i) : number(i)},
               {"name", hostile ? json(hostile_names.at(i)) : json("Cape " + std::to_string(i))},
               {"state", over ? "retired" : states.at(i % states.size())},
               {"keeper", keeper_of(i)},
               {"since", iso(first_day + i * day)},
               {"range", 8.5 + static_cast<double>(i % 7)},
               {"oil", static_cast<double>(i % 11) / 10},
               {"week", {3, 5, 2, nullptr, 7, 6, i % 9}},
               {"automatic", i % 2 == 0},
               {"marks", i % 5 == 0 ? json{"fog-horn", "listed"} : json{"radar"}},
               {"lamps", 12},
               {"height", 20 + i % 30},
               {"tower", "T" + std::to_string(i % 3)},
               {"rate", i % 6 == 0 ? json{} : json(1.25)},
               {"lightFor", i * 3'600'000},
               {"film", i * 1'500'000},
               {"site", hostile ? "javascript:document.title='owned'"
                                : "https://lights.example/" + std::to_string(i)},
               {"safe", "4711-" + std::to_string(i)},
               {"fault", i % 3 == 0 ? json("java.lang.IllegalStateException: <i>no</i> oil") : json{}},
               {"settings", {{"interval", 5}, {"flash", {true, false, true}}, {"</script>", "<b>&amp;</b>"}}},
               {"snippetBefore", "<signal><flash s=\"3\"/></signal>"},
               {"snippet", "<signal><flash s=\"2\"/></signal>"}};
    if (i % 5 == 0) light["marks"].push_back("<u>marked</u>");
    if (over) {
      light["ended"] = iso(first_day + (100 + i) * day);
      light["served"] = i * day;
    }
    book_[light.at("id")] = {{{"id", "b2"},
                              {"at", iso(first_day + 2 * day)},
                              {"label", "storm"},
                              {"text", "<b>Wind</b> from the west."},
                              {"tone", "warning"},
                              {"by", {{"id", "ada"}, {"name", "Ada Sands"}}}},
                             {{"id", "b1"}, {"at", iso(first_day)}, {"label", "opened"}}};
    build_lamps(light);
    lights_.push_back(std::move(light));
  }
}

// A dim light has one broken lamp, a dark one seven: those of the first dark light are of two causes, and one
// cannot be mended.
void Coast::build_lamps(json& light) {
  const auto state = light.at("state").get<std::string>();
  const std::size_t broken = state == "dark" ? 7 : state == "dim" ? 1 : 0;
  for (std::size_t i = 0; i < broken; ++i) {
    const bool glass = i % 2 == 1;
    auto message = glass ? std::string{"Glass is cracked at pane "} + std::to_string(i)
                         : "Wick burnt down: <a href=\"javascript:alert(1)\">see</a> \u202Eereht\u202C";
    auto trace = "org.coast.LampException: " + message +
                 "\n\tat org.coast.Lamp.burn(Lamp.java:42)\n\tat org.coast.Tower.light(Tower.java:7)\n";
    if (i == 2) message.append(longest_message - message.size(), '!');
    lamps_.push_back({{"lamp", light.at("id").get<std::string>() + "/lamp-" + std::to_string(i)},
                      {"light", light.at("id")},
                      {"tries", i == 6 ? 5 : i % 3},
                      {"cause", glass ? "glass" : "wick"},
                      {"message", std::move(message)},
                      {"trace", std::move(trace)},
                      {"lampState", "broken"},
                      {"note", "Spare parts are in the shed. <script>document.title='owned'</script>"}});
  }
  light["broken"] = broken;
  light["burning"] = 12 - broken;
  light["mended"] = 12 - broken;
}

void Coast::build_harbours() {
  harbours_ = {{{"code", "NO"},
                {"name", "Northport"},
                {"light", number(7)},
                {"map", "https://maps.example/no"},
                {"depth", 14.5}},
               {{"code", "S/E"},
                {"name", "Southeast <em>Quay</em>"},
                {"light", "a/b"},
                {"map", "javascript:alert(1)"},
                {"depth", nullptr}}};
}

void Coast::set_engines(const std::vector<std::string>& ids) {
  const auto share_out = [&ids](std::vector<json>& things) {
    for (std::size_t i = 0; i < things.size(); ++i)
      if (ids.empty())
        things[i].erase("engine");
      else
        things[i]["engine"] = ids[i % ids.size()];
  };
  share_out(lights_);
  share_out(harbours_);
  for (auto& lamp : lamps_)
    if (const auto* light = find_light(lamp.at("light")); light != nullptr && light->contains("engine"))
      lamp["engine"] = light->at("engine");
}

}  // namespace lighthouses
