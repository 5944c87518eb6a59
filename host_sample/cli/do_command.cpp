// `cockpit-host do PLUGIN.ACTION ID…`: one action, audited and followed to its outcome as a run of the page
// is. What is done to many is planned and counted first, and asked for.
#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "base/secret.hpp"
#include "cli/action_targets.hpp"
#include "cli/command_context.hpp"
#include "cli/run_text.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"

namespace host::cli {
namespace {

using nlohmann::json;

constexpr std::size_t ids_a_run = 1000;

Exit exit_of_run(const json& run) {
  const auto outcome = run.value("outcome", "failed");
  if (outcome == "ok" || outcome == "accepted") return done;
  if (outcome == "partial") return partly_done;
  if (outcome == "unknown") return unknown_outcome;
  const auto status = run.value("status", "");
  if (status == "denied" || status == "sign_in_required") return not_allowed;
  if (status == "unavailable" || status == "timeout") return not_reachable;
  if (status == "invalid" || status == "unsupported") return usage;
  return failure;
}

class ActionCommand {
 public:
  ActionCommand(CommandContext& context, const DoRequest& request) : context_(context), request_(request) {}

  void begin() {
    const auto named = resolve_action(context_.service, request_.name);
    if (!named) return context_.refuse(named.reason, usage);
    description_ = context_.service.description(named->plugin);
    action_ = description_->action(named->action);
    context_.on_interrupt([this] { interrupted(); });
    context_.service.runs().on_run = [this](const std::string& text) { on_run_changed(known_json(text)); };
    targets_ = std::make_unique<ActionTargets>(context_, request_, *named);
    targets_->find(
        [this](views::RunStart start, const std::string& words) { plan(std::move(start), words); });
  }

 private:
  bool many() const { return request_.all || !request_.group.empty(); }

  // What is done to many is planned first where the plugin can, so that exactly what was shown is done.
  void plan(views::RunStart start, const std::string& words) {
    start_ = std::move(start);
    words_ = words;
    planning_ = request_.dry_run || (many() && action_->value("dryRun", json(false)) == json(true));
    start_.action.dry_run = planning_;
    if (planning_) return run();
    confirm();
  }

  void confirm() {
    const auto asks = action_->value("confirm", json::object()).value("level", "none");
    if (many() && !request_.yes && !words_.empty()) std::cerr << harmless(words_) << '\n';
    if (request_.yes || (asks == "none" && !many())) return run();
    if (!is_terminal(0)) return context_.refuse("Not done: it has to be confirmed; --yes does that.", usage);
    const auto phrase = action_->value("confirm", json::object()).value("phrase", "");
    const bool types = asks == "type" && !phrase.empty() && phrase.find('{') == std::string::npos;
    const auto wanted = types ? harmless(description_->words(phrase, "en")) : std::string{"y"};
    std::cerr << harmless(request_.name) << ":";
    if (!many())
      for (const auto& id : start_.action.ids) std::cerr << ' ' << harmless(id);
    std::cerr << (types ? "\nType \"" + wanted + "\" to do it: " : "\nDo it? [y/N] ") << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    if (answer != wanted && (types || (answer != "Y" && answer != "yes")))
      return context_.refuse("Not done.", usage);
    run();
  }

  // Ids go in runs of so many at most, one after another.
  void run() {
    auto& ids = start_.action.ids;
    if (all_ids_.empty()) all_ids_ = ids;
    if (!planning_ && start_.action.plan.empty()) {  // a plan is one, and done as one
      const auto first = all_ids_.begin() + static_cast<std::ptrdiff_t>(tried_);
      ids.assign(first, first + static_cast<std::ptrdiff_t>(std::min(ids_a_run, all_ids_.size() - tried_)));
    }
    start_.action.run = random_name();
    const auto begun = context_.service.begin(start_);
    if (begun.status != COCKPIT_OK)
      context_.refuse("Nothing was done: " + begun.reason, exit_of(begun.status));
  }

  void on_run_changed(const json& run) {
    id_ = run.value("id", "");
    if (run.value("key", "") != start_.action.run) return;
    if (run.value("state", "") != "ended") return show_progress(run.value("progress", json{}));
    progress_.clear();
    if (planning_ && run.contains("plan") && !request_.dry_run) return on_plan(run.at("plan"));
    if (run.contains("plan") && !request_.dry_run)
      return context_.refuse("The plugin made a plan twice.", failure);
    outcome_ = joined(outcome_, run);
    tried_ += start_.action.ids.size();
    const bool goes_on = !cancelled_ && !run.contains("status") && run.value("outcome", "") != "unknown";
    if (tried_ < all_ids_.size() && goes_on) return this->run();
    // What a person gets of a plan names a part of its ids; here is room for all.
    if (const auto whole = outcome_.find("plan"); whole != outcome_.end())
      (*whole)["ids"] = context_.service.runs().planned(whole->value("id", ""));
    say_outcome(outcome_, request_.json);
    if (tried_ < all_ids_.size()) std::cerr << all_ids_.size() - tried_ << " were not tried.\n";
    context_.end(exit_of_run(outcome_));
  }

  void show_progress(json progress) {
    if (progress.is_object() && all_ids_.size() > ids_a_run) {
      progress["done"] = tried_ + progress.value("done", std::size_t{0});
      progress["of"] = all_ids_.size();
    }
    progress_.show(progress);
  }

  void on_plan(const json& plan) {
    planning_ = false;
    start_.action.dry_run = false;
    start_.action.plan = json_text(plan);
    const auto ids = plan.value("ids", json::array()).size();
    if (plan.value("count", json(ids)) == json(0))
      return context_.refuse("Nothing matches; nothing was done.", done);
    words_.clear();
    if (!request_.yes) std::cerr << plan_text(plan);
    confirm();
  }

  // The first time asks the plugin to stop, the second leaves.
  void interrupted() {
    progress_.clear();
    if (!id_.empty() && !std::exchange(cancelled_, true)) {
      std::cerr << "Cancelling. Press Ctrl-C again to stop waiting.\n";
      context_.service.runs().cancel(id_);
      return;
    }
    context_.refuse("Stopped waiting; the audit log records the outcome.", unknown_outcome);
  }

  CommandContext& context_;
  const DoRequest& request_;
  std::shared_ptr<const views::Description> description_;
  const json* action_ = nullptr;  // of the description
  std::unique_ptr<ActionTargets> targets_;
  views::RunStart start_;
  std::string words_;
  std::string id_;  // of the run
  std::vector<std::string> all_ids_;
  std::size_t tried_ = 0;  // of them
  json outcome_;
  bool planning_ = false;
  bool cancelled_ = false;
  ProgressLine progress_;
};

}  // namespace

int act(const Configuration& configuration, const Program& program, const DoRequest& request) {
  CommandContext context{configuration, program};
  ActionCommand command{context, request};
  return context.run([&command] { command.begin(); });
}

}  // namespace host::cli
