// A request of the host as the plugin uses it, and what it answers. Pure values, any thread.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine.hpp"

namespace batch_view {

struct Request {
  std::string kind, source, action, run, locale;
  std::map<std::string, std::string> params;  // of the source: texts only in this plugin
  std::map<std::string, bool> flags;          // of an action: its form has check boxes only
  std::map<std::string, std::string> expect;  // of an action: what the person saw
  std::vector<std::string> engines, ids;
  BatchFilter filter;
  Page page;
  std::string sort;  // key of the description
};

// Fails with UNSUPPORTED for a filter, parameter or way of asking that this plugin does not know, and with
// INVALID for a wrong type: nothing is guessed.
std::variant<Request, Problem> parse_request(std::string_view body);

std::string problem_body(const Problem& problem);

}  // namespace batch_view
