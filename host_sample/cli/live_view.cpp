#include "cli/live_view.hpp"

#include <algorithm>
#include <ctime>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "base/status.hpp"
#include "cli/answer_text.hpp"
#include "cli/listing.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "views/pages.hpp"

namespace host::cli {
namespace {

using nlohmann::json;

// Whether a field has the value that was given on the command line.
bool equals(const json& fields, const std::string& pair) {
  const auto at = pair.find('=');
  const auto field = fields.find(pair.substr(0, at));
  if (field == fields.end()) return false;
  const auto wanted = pair.substr(at + 1);
  return plain(*field) == wanted || (field->is_object() && field->value("id", json{}) == json(wanted));
}

std::string clock_text(std::uint64_t ms) {
  const auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  char text[16];
  return {text, std::strftime(text, sizeof text, "%H:%M:%S", &parts)};
}

}  // namespace

LiveView::LiveView(CommandContext& context, const ViewRequest& request, views::Question question,
                   std::shared_ptr<const views::Description> description)
    : context_(context),
      request_(request),
      question_(std::move(question)),
      description_(std::move(description)),
      age_(context.io),
      time_(context.io),
      redraws_(request.watch && !request.jsonl && is_terminal(1)) {}

void LiveView::begin() {
  for (const auto& pair : request_.until)
    if (pair.find('=') == std::string::npos || pair.front() == '=')
      return context_.refuse("\"" + pair + "\" is not of the form FIELD=VALUE", usage);
  context_.on_interrupt([this] { over(request_.waits() ? failure : done); });
  if (request_.timeout_s > 0) {
    const std::chrono::duration<double> patience{request_.timeout_s};
    time_.start(std::chrono::duration_cast<std::chrono::milliseconds>(patience), [this] {
      if (ending_) return;
      if (request_.waits()) std::cerr << "It did not happen in time.\n";
      over(request_.waits() ? timed_out : done);
    });
  }
  if (redraws_) tick();
  const auto id =
      context_.service.listen(question_, [this](const views::LiveUpdate& update) { on_update(update); });
  listening_ = id;
}

// A thing has to have one of the values, a list has to have it in every row of at least one.
bool LiveView::is_so(const json& answer) const {
  // Of an engine whose rows are missing nobody knows.
  if (!views::failed_engines(answer).empty()) return false;
  if (request_.until_empty && answer.contains("rows") && answer.at("rows").empty()) return true;
  return std::any_of(request_.until.begin(), request_.until.end(), [&answer](const std::string& pair) {
    if (!answer.contains("rows")) return equals(answer.value("fields", json::object()), pair);
    const auto& rows = answer.at("rows");
    return !rows.empty() &&
           std::all_of(rows.begin(), rows.end(), [&pair](const json& row) { return equals(row, pair); });
  });
}

void LiveView::on_update(const views::LiveUpdate& update) {
  if (ending_) return;
  if (!written()) return over(failure);
  if (update.status == COCKPIT_OK) {
    as_of_ = update.as_of_ms;
    problem_.clear();
    if (update.body && *update.body != shown_) {
      shown_ = *update.body;
      const auto answer = known_json(shown_);
      const bool so = is_so(answer);
      if (request_.watch || so) show(shown_);
      if (so) return over(done);
    }
    return show_age();
  }
  const auto problem = update.body ? problem_text(*update.body) : std::string{status_name(update.status)};
  const bool gone = update.status == COCKPIT_GONE || (update.status == COCKPIT_NOT_FOUND && !shown_.empty());
  if (problem != problem_ && request_.watch && request_.jsonl)
    std::cout << json_line({{"asOf", update.as_of_ms},
                            {"status", status_name(update.status)},
                            {"problem", problem}})
              << std::endl;
  if (problem != problem_ && !redraws_ && !(gone && request_.until_empty)) std::cerr << problem << '\n';
  problem_ = problem;
  show_age();
  if (!update.final) return;
  over(gone && request_.until_empty ? done : exit_of(update.status));
}

void LiveView::show(const std::string& body) {
  const auto answer = known_json(body);
  const bool mixed = context_.service.mixes_engines(question_);
  if (request_.watch && request_.jsonl) {
    auto line = answer;
    line["asOf"] = as_of_;
    std::cout << json_line(line) << std::endl;
  } else if (request_.json) {
    std::cout << indented_json(answer) << '\n';
  } else if ((request_.csv || request_.jsonl) && answer.contains("rows")) {
    Listing listing{description_, question_.at, mixed, request_.form(), {}};
    listing.page(answer);
    listing.end();
  } else if (request_.jsonl) {
    std::cout << json_line(answer) << '\n';
  } else {
    if (redraws_) std::cout << "\033[H\033[2J";
    std::cout << as_text(*description_, question_.at, mixed, answer, {takes_colour(1), line_width(1)});
    if (request_.watch && !redraws_) std::cout << "as of " << clock_text(as_of_) << "\n\n";
    std::cout.flush();
  }
}

// The last line of a terminal: how old what stands above it is.
void LiveView::show_age() {
  if (!redraws_ || as_of_ == 0) return;
  const auto now = views::now_ms();
  const auto age = now > as_of_ ? (now - as_of_) / 1000 : 0;
  auto line = "as of " + clock_text(as_of_) + ", " + std::to_string(age) + " s ago";
  if (!problem_.empty()) line += " - " + problem_;
  const auto width = line_width(1);
  if (width > 1 && line.size() >= width) line.resize(width - 1);
  const auto* tone = problem_.empty() ? "" : "warning";
  std::cout << "\r\033[K" << toned(line, tone, {takes_colour(1), 0}) << std::flush;
}

void LiveView::tick() {
  age_.start(std::chrono::seconds{1}, [this] {
    if (ending_) return;
    show_age();
    tick();
  });
}

void LiveView::over(int code) {
  if (std::exchange(ending_, true)) return;
  age_.stop();
  time_.stop();
  if (redraws_) std::cout << '\n';
  if (listening_ != 0) context_.service.leave_watch(listening_);
  context_.end(code);
}

}  // namespace host::cli
