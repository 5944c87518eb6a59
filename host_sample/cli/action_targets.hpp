// What an action of the terminal is about: the ids that were named, or all of a place that match filters, or
// a group of it.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cli/command_context.hpp"
#include "cli/commands.hpp"
#include "views/pages.hpp"
#include "views/run_start.hpp"

namespace host::cli {

// I/O thread; owner: the command. Asks what has to be known before the action may be sent.
class ActionTargets {
 public:
  static constexpr std::size_t most_ids = 100'000;  // of an action that takes ids only

  ActionTargets(CommandContext& context, const DoRequest& request, ActionName action);
  ActionTargets(const ActionTargets&) = delete;
  ActionTargets& operator=(const ActionTargets&) = delete;

  // Fills question, ids and query of a run; ends the command with the cause when that is not possible.
  void find(std::function<void(views::RunStart, std::string words)> found);

 private:
  void find_place(const std::string& name);
  void count_all();
  void count_group();
  void collect();
  void found(const nlohmann::json& count, const std::string& words);

  CommandContext& context_;
  const DoRequest& request_;
  ActionName action_;
  std::shared_ptr<const views::Description> description_;
  views::RunStart start_;
  views::PageWalk walk_;
  std::function<void(views::RunStart, std::string)> found_;
};

}  // namespace host::cli
