// A plugin's description as the host uses it: what stands at a place, and what a request from there has to
// say. Immutable; I/O thread.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "loader/body_scan.hpp"

namespace host::views {

// What is asked at a place of a description: the question of a page or a terminal, checked.
struct Question {
  std::string plugin;
  std::string at;           // "views/queue/lists/waiting", see host_sample/http/README.md
  std::string row, parent;  // JSON objects: the values that placeholders take
  std::vector<std::string> engines;
  std::string filters;  // JSON object
  std::string sort_key, sort_order;
  std::uint64_t first = 0, size = 0;  // size 0: the list's own
  std::string locale, zone;
  bool again = false;  // a person asks again after credentials were refused
};

inline constexpr std::uint64_t largest_page = 1000;

// A question from its JSON. Fails, naming the member, on anything unknown or of the wrong type. `extra` names
// members that are allowed besides.
Result<Question> parse_question(const nlohmann::json& json, const std::vector<std::string_view>& extra = {});

class Description {
 public:
  // Of a body that why_bad_description() found good.
  static Result<std::shared_ptr<const Description>> parse(const std::string& body);

  // The request body ("rows", "details" or "options") for a question at its place; `settings` is the plugin's
  // configuration for {config.x}. Fails for a place that is not there, a filter or sort key the place does
  // not have, or a missing placeholder value.
  Result<std::string> read_request(const Question& question, const nlohmann::json& settings) const;
  // What the answer to a question at that place has to look like.
  loader::BodyShape shape_at(std::string_view at) const;

  struct ActionRequest {
    std::string action, run;
    std::vector<std::string> ids;
    std::string query, params, plan, expect;  // JSON, or empty
    bool dry_run = false;
  };
  // The request body of an action started at the question's place (which may be empty), its parameters
  // checked against the form and its defaults filled in. Fails for what the action does not declare, and for
  // a query that says neither how many were seen nor, by a plan, which.
  Result<nlohmann::json> action_request(const Question& question, const ActionRequest& action,
                                        const nlohmann::json& settings) const;

  struct ListName {
    std::string view, list, title, at;
  };
  // Every list, for the terminal's "PLUGIN.LIST".
  std::vector<ListName> lists() const;
  // The views that show one thing, by name.
  std::vector<std::string> details_views() const;
  const nlohmann::json& tree() const { return *json_; }
  // The node at a path, or null: {"columns", "filters", …} of a list, …
  const nlohmann::json* node(std::string_view at) const;
  // The node of an action, or null.
  const nlohmann::json* action(const std::string& id) const;
  // "%key%" in the words of a language; anything else as it is.
  std::string words(std::string_view text, std::string_view locale) const;

 private:
  explicit Description(std::shared_ptr<const nlohmann::json> json) : json_(std::move(json)) {}
  static void put_common(nlohmann::json& request, const Question& question);
  Result<nlohmann::json> source_at(const Question& question, const nlohmann::json& settings,
                                   std::string& kind) const;

  std::shared_ptr<const nlohmann::json> json_;
};

}  // namespace host::views
