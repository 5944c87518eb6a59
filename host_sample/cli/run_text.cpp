#include "cli/run_text.hpp"

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "cli/answer_text.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"

namespace host::cli {
namespace {

using nlohmann::json;

constexpr std::size_t bar_width = 30;

std::uint64_t number(const json& object, const char* member) {
  const auto at = object.find(member);
  return at != object.end() && at->is_number() ? at->get<std::uint64_t>() : 0;
}

std::string text_of(const json& object, const char* member) {
  const auto at = object.find(member);
  return at == object.end() ? std::string{} : harmless(plain(*at));
}

std::string listed(const json& run, const char* member, const std::string& mark) {
  std::string text;
  for (const auto& one : run.value(member, json::array()))
    text += text_of(one, "id") + ": " + text_of(one, "message") + mark + "\n";
  return text;
}

}  // namespace

ProgressLine::ProgressLine() : bar_(is_terminal(2)) {}

void ProgressLine::show(const json& progress) {
  if (!progress.is_object()) return;
  if (bar_) {
    auto line = progress_text(progress, bar_width);
    const auto width = line_width(2);
    if (width > 1 && line.size() >= width) line.resize(width - 1);
    std::cerr << "\r\033[K" << line << std::flush;
    shown_ = true;
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  auto line = progress_text(progress, 0);
  if (line == last_ || now < next_) return;
  next_ = now + std::chrono::seconds{1};
  std::cerr << line << '\n';
  last_ = std::move(line);
}

void ProgressLine::clear() {
  if (std::exchange(shown_, false)) std::cerr << "\r\033[K" << std::flush;
}

std::string progress_text(const json& progress, std::size_t width) {
  const auto done = number(progress, "done");
  const auto of = number(progress, "of");
  std::string text;
  if (of > 0 && width > 0) {
    const auto full = std::min(done, of) * width / of;
    text = "[" + std::string(full, '#') + std::string(width - full, '.') + "] ";
  }
  text += text_of(progress, "done");
  if (of > 0) text += " of " + text_of(progress, "of");
  if (number(progress, "failed") > 0) text += ", " + text_of(progress, "failed") + " failed";
  if (const auto current = text_of(progress, "current"); !current.empty()) text += ": " + current;
  return text;
}

std::string plan_text(const json& plan) {
  std::string text;
  if (const auto message = text_of(plan, "message"); !message.empty()) text += message + "\n";
  for (const auto& warning : plan.value("warnings", json::array()))
    text += "! " + harmless(plain(warning)) + "\n";
  text += text_of(plan, "count") + " in all\n";
  for (const auto& one : plan.value("counts", json::array()))
    text += "  " + text_of(one, "count") + " " + text_of(one, "label") + "\n";
  std::map<std::string, std::string> labels;
  for (const auto& sample : plan.value("samples", json::array()))
    labels[sample.value("id", "")] = text_of(sample, "label");
  const auto ids = plan.value("ids", json::array());
  for (const auto& id : ids) {
    const auto name = plain(id);
    const auto label = labels.find(name);
    text += harmless(name) + (label == labels.end() ? "" : "  " + label->second) + "\n";
  }
  if (number(plan, "count") > ids.size())
    text +=
        "and " + std::to_string(number(plan, "count") - ids.size()) + " more, which the plan does not name\n";
  return text;
}

json joined(const json& before, const json& run) {
  if (before.is_null()) return run;
  auto all = run;
  const auto was = before.value("outcome", "failed");
  const auto is = run.value("outcome", "failed");
  const auto good = [](const std::string& outcome) { return outcome == "ok" || outcome == "accepted"; };
  if (is == "unknown")
    all["outcome"] = is;
  else if (good(was) && good(is))
    all["outcome"] = was == "accepted" ? was : is;
  else
    all["outcome"] = was == "failed" && is == "failed" ? "failed" : "partial";
  all["affected"] = number(before, "affected") + number(run, "affected");
  for (const auto* list : {"ids", "skipped", "failures"}) {
    auto both = before.value(list, json::array());
    for (const auto& one : run.value(list, json::array())) both.push_back(one);
    all[list] = std::move(both);
  }
  const auto words = plain(run.value("message", json{}));
  all["message"] = text_of(all, "affected") + " of " + std::to_string(all.at("ids").size()) + " done" +
                   (good(is) || words.empty() ? "." : "; the last of them: " + words);
  return all;
}

void say_outcome(const json& run, bool as_json) {
  if (as_json) {
    std::cout << indented_json(run) << '\n';
    return;
  }
  if (run.contains("plan")) {
    std::cout << plan_text(run.at("plan"));
    return;
  }
  const auto message = text_of(run, "message");
  const auto outcome = run.value("outcome", "failed");
  std::cout << (outcome == "unknown" ? "unknown whether it was done" : outcome)
            << (message.empty() ? "" : ": " + message) << '\n';
  std::cout.flush();
  std::cerr << listed(run, "skipped", " (skipped)") << listed(run, "failures", "");
}

}  // namespace host::cli
