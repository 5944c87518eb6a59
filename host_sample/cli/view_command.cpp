// `cockpit-host view PLUGIN.LIST [ID]`: an answer of a plugin, once or while it changes.
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/cells.hpp"
#include "cli/listing.hpp"
#include "cli/output.hpp"
#include "cli/pairs.hpp"
#include "cli/session.hpp"
#include "cli/terminal.hpp"
#include "cli/watching.hpp"
#include "views/pages.hpp"

namespace host::cli {
namespace {

using nlohmann::json;

class View {
 public:
  View(Session& session, const ViewRequest& request) : session_(session), request_(request) {}

  void begin() {
    const auto named = resolve(session_.service, request_.name);
    if (!named) return session_.refuse(named.reason, usage);
    if (named->needs_id && request_.id.empty())
      return session_.refuse("\"" + request_.name + "\" shows one thing: give its id", usage);
    session_.ask_at(*named, request_.id, request_.engine,
                    [this](views::Question question) { ask(std::move(question)); });
  }

 private:
  void ask(views::Question question) {
    description_ = session_.service.description(question.plugin);
    const auto& place = *description_->node(question.at);
    if (request_.csv && columns_of(place).empty())
      return session_.refuse("\"" + request_.name + "\" is no list, and only lists are CSV", usage);
    for (const auto& pair : request_.filters)
      if (auto why = add_filter(place, pair, question.filters); !why.empty())
        return session_.refuse(why, usage);
    const auto colon = request_.sort.rfind(':');
    question.sort_key = request_.sort.substr(0, colon);
    question.sort_order = colon == std::string::npos ? "asc" : request_.sort.substr(colon + 1);
    if (question.sort_order != "asc" && question.sort_order != "desc")
      return session_.refuse("a list is sorted by KEY, KEY:asc or KEY:desc", usage);
    question.first = request_.first;
    question.size = request_.size;
    question_ = std::move(question);
    style_ = {takes_colour(1), line_width(1)};
    if (request_.watch || request_.waits()) {
      watching_ = std::make_unique<Watching>(session_, request_, question_, description_);
      return watching_->begin();
    }
    const bool is_list = !columns_of(place).empty();
    const bool one_page = request_.first != 0 || request_.size != 0;
    all_ = is_list && (request_.all || ((request_.csv || request_.jsonl) && !one_page));
    if (all_ && question_.size == 0) question_.size = views::rows_a_walked_page;
    if (is_list && (all_ || request_.csv || request_.jsonl))
      listing_ = std::make_unique<Listing>(description_, question_.at, mixed(), request_.form(), style_);
    walk_ = {place.value("idField", "id"), question_.first, question_.size};
    next();
  }

  void next() {
    session_.service.read(question_, [this](cockpit_status status, const std::string& body) {
      if (status != COCKPIT_OK) {
        session_.failed(status, body);
        if (listing_) listing_->broke_off(problem_text(body));
        return;
      }
      got(json::parse(body));
    });
  }

  void got(const json& answer) {
    // The rows of the others are there, and a script learns that they are not all.
    if (const auto missing = views::failed_engines(answer); !missing.empty() && code_ == done) {
      for (std::istringstream lines{missing}; std::getline(lines, line_);)
        std::cerr << harmless(line_) << '\n';
      code_ = partly_done;
    }
    if (is_incomplete(answer) && code_ == done) code_ = incomplete;
    if (!listing_) {
      if (request_.json)
        std::cout << answer.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
      else if (request_.jsonl)
        std::cout << json_line(answer) << '\n';
      else
        std::cout << as_text(*description_, question_.at, mixed(), answer, style_);
      return session_.end(code_);
    }
    auto page = answer;
    page["rows"] = walk_.take(answer);
    const bool more = listing_->page(page);
    const auto after = walk_.next();
    if (all_ && after && more) {
      question_.first = *after;
      return next();
    }
    if (!written()) {
      listing_->broke_off("the output takes no more.");
      return session_.end(failure);
    }
    listing_->end();
    if (all_ && after)
      std::cerr << "A table has at most " << Listing::most_table_rows
                << " rows; --csv and --jsonl give all of them.\n";
    session_.end(code_);
  }
  bool mixed() const { return session_.service.mixes_engines(question_); }

  Session& session_;
  const ViewRequest& request_;
  std::shared_ptr<const views::Description> description_;
  views::Question question_;
  views::PageWalk walk_;
  Style style_;
  bool all_ = false;
  Exit code_ = done;
  std::string line_;
  std::unique_ptr<Listing> listing_;
  std::unique_ptr<Watching> watching_;
};

std::string why_not_together(const ViewRequest& request) {
  const bool follows = request.watch || request.waits();
  if (follows && request.all)
    return "--all reads all pages once; it cannot be combined with --watch or --until";
  if (request.watch && (request.csv || request.json)) return "--watch goes with a table or with --jsonl";
  if (request.timeout != 0 && !follows) return "--timeout goes with --watch, --until or --until-empty";
  return {};
}

}  // namespace

int view(const Configuration& configuration, const Program& program, const ViewRequest& request) {
  if (const auto why = why_not_together(request); !why.empty()) {
    std::cerr << why << '\n';
    return usage;
  }
  Session session{configuration, program};
  View asked{session, request};
  return session.run([&asked] { asked.begin(); });
}

}  // namespace host::cli
