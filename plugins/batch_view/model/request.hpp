// A request of the host as the plugin uses it. Plain values, any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/batch.hpp"
#include "model/problem.hpp"

namespace batch_view {

// All that match, without their ids: every failed job, or those of one cause.
struct JobQuery {
  std::string group;                  // key of a cause; empty: all
  std::optional<std::int64_t> count;  // what the person saw
};

// The plan of a dry run as it comes back.
struct ConfirmedPlan {
  std::string key;  // by which this plugin recognizes it
  std::vector<std::string> ids;
};

struct Request {
  std::string kind, source, action, run, locale;
  std::map<std::string, std::string> params;         // of the source: texts only in this plugin
  std::map<std::string, bool> flags;                 // of an action: the check boxes of its form,
  std::map<std::string, std::int64_t> numbers;       // its numbers
  std::map<std::string, std::string> texts;          // and its texts
  std::map<std::string, std::string> expect;         // of an action: what the person saw
  std::map<std::string, std::string> source_params;  // of the source where an action was started
  std::vector<std::string> engines, ids;
  std::optional<JobQuery> query;
  std::optional<ConfirmedPlan> plan;
  bool dry_run = false;
  bool watched = false;  // there will be another answer
  bool again = false;    // a person asks again after credentials were refused
  BatchFilter filter;
  std::string narrowed_by;  // the filters as they came
  Page page;
  std::string sort;  // key of the description
};

// Fails with UNSUPPORTED for a filter, parameter or way of asking that this plugin does not know, and with
// INVALID for a wrong type: nothing is guessed.
std::variant<Request, Problem> parse_request(std::string_view body);

}  // namespace batch_view
