// The lighthouses that the plugin "everything" shows: made up at the start, changed by actions, kept in
// memory only. Not thread safe: its owner guards it.
#pragma once

#include <cockpit/base.h>

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace lighthouses {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

// Why a request is not answered; thrown by answer() and act(), which then have done nothing.
struct Refusal {
  cockpit_status status;
  std::string title, detail;
};

// How long the keeper or the mender takes to do what was asked.
inline constexpr auto work_takes = std::chrono::seconds{1};

class Coast {
 public:
  using Progress = std::function<void(const json&)>;

  Coast();

  // Ids of the host's engines; the lighthouses are shared out among them. None: rows name no engine.
  void set_engines(const std::vector<std::string>& ids);
  // The answer to a request of kind rows, details or options.
  json answer(const json& request) const;
  // Does an action, or says its plan; what it begins is over after `work_takes`.
  json act(const json& request, const Progress& progress);
  // Ends all work that is due by then. True: something changed.
  bool settle(Clock::time_point now);
  // When the next work is due; max() when none is.
  Clock::time_point next_due() const;

 private:
  struct Work {
    Clock::time_point due;
    std::function<void(Coast&)> done;
  };

  // content.cpp
  void build_lights();
  void build_lamps(json& light);
  void build_harbours();

  // reads.cpp
  json lights(const json& request) const;
  json lamps(const json& request) const;
  json causes(const json& request) const;
  json details_of_light(const json& params) const;
  json details_of_lamp(const json& params) const;
  json chart(const std::string& handler) const;
  json book(const json& params) const;
  json need() const;
  json keepers() const;

  // actions.cpp
  std::vector<std::string> targets(const json& request, bool of_lamps) const;
  json light_up(const json& request, const Progress& progress);
  json douse(const json& request);
  json demolish(const json& request);
  json mend(const json& request, const Progress& progress);
  json mend_these(const std::vector<std::string>& lamps, const Progress& progress);
  json scrap(const json& request);
  json report(const json& request);
  json build(const json& request);
  void lamp_is_gone(const std::string& lamp, bool mended);
  void later(std::function<void(Coast&)> done);

  json* find_light(const std::string& id);
  const json* find_light(const std::string& id) const;
  json* find_lamp(const std::string& id);
  const json* find_lamp(const std::string& id) const;

  std::vector<json> lights_;
  std::vector<json> lamps_;
  std::vector<json> harbours_;
  std::map<std::string, std::vector<json>> book_;  // by light, newest first
  std::deque<Work> work_;
  std::size_t built_ = 0;
};

// A text as a row may carry it: what is longer than 4 kB is cut and says so.
json in_a_row(const std::string& text);
std::string iso(std::uint64_t ms);

// The rows that pass the filters, in order, of which one page is answered with its totals. `filters` names
// each known filter and how it compares: text, id, enum, boolean, number, datetimeRange, tags or user.
json page_of(const std::vector<const json*>& all, const json& request,
             const std::map<std::string, std::string>& filters, const std::vector<std::string>& sorts);
// Those of `all` that pass the filters.
std::vector<const json*> filtered(const std::vector<const json*>& all, const json& wanted,
                                  const std::map<std::string, std::string>& filters);
extern const std::map<std::string, std::string> light_filters, lamp_filters;

}  // namespace lighthouses
