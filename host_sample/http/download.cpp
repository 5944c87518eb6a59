#include "http/download.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/json_text.hpp"
#include "base/secret.hpp"
#include "base/status.hpp"
#include "views/csv.hpp"
#include "views/pages.hpp"

namespace host::http {
namespace {

using nlohmann::json;

// One download under way: asks a page, writes it, and asks the next when it was taken.
struct Walk : std::enable_shared_from_this<Walk> {
  Walk(views::Service& of, views::Question what, bool as_csv)
      : service(of), question(std::move(what)), csv(as_csv) {}

  views::Service& service;
  views::Question question;
  bool csv;
  std::shared_ptr<Stream> stream;
  std::shared_ptr<const views::Description> description;
  json columns;
  views::PageWalk walk;
  std::uint64_t written = 0;

  void begin() {
    stream->on_drained = [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->next();
    };
    // The stream owns the walk; when the reader goes, so does it.
    stream->on_closed = [self = shared_from_this()]() mutable { self->stream = nullptr; };
    stream->write(csv ? views::csv_titles(columns) : std::string{"[\n"});
  }
  void next() {
    question.first = walk.next().value_or(0);
    question.size = views::rows_a_walked_page;
    service.read(question, [self = shared_from_this()](cockpit_status status, const std::string& body) {
      self->got(status, body);
    });
  }
  void got(cockpit_status status, const std::string& body) {
    if (!stream) return;
    const auto answer = parse_json(body);
    // Without the rows of an engine that should be among them it would look whole, too.
    const auto missing = answer.is_object() ? views::failed_engines(answer) : std::string{};
    const auto failed = status != COCKPIT_OK || !answer.is_object() || !missing.empty();
    const auto rows = failed ? json::array() : walk.take(answer);
    std::string text;
    for (auto row : rows) {
      row.erase("_actions");
      if (csv)
        text += views::csv_row(columns, row);
      else
        text += (written == 0 ? "" : ",\n") + json_text(row);
      ++written;
    }
    const bool last = !walk.next();
    // A half file must not look whole: its end is not marked, so that a browser calls the download failed,
    // and who opens it all the same reads it in the last line.
    if (failed)
      text += !csv              ? std::string{}
              : missing.empty() ? "\"The export broke off: the source stopped answering.\"\r\n"
                                : views::csv_cell("The export broke off: " + missing) + "\r\n";
    const auto to = stream;
    if (!failed && last && !csv) text += "\n]\n";
    if (failed || last) stream = nullptr;
    if (!text.empty()) to->write(std::move(text));
    if (failed)
      to->abort();
    else if (last)
      to->finish();
  }
};

}  // namespace

Downloads::Issued Downloads::ticket(views::Question question, bool csv, const std::string& person) {
  const auto now = std::chrono::steady_clock::now();
  std::erase_if(tickets_, [now](const auto& one) { return one.second.until < now; });
  const auto description = service_.description(question.plugin);
  if (!description)
    return {{}, COCKPIT_UNAVAILABLE, "The plugin \"" + question.plugin + "\" is not available right now."};
  const auto* place = description->node(question.at);
  if (place == nullptr || !place->contains("columns"))
    return {{}, COCKPIT_INVALID, "There is no list at \"" + question.at + "\"."};
  if (const auto asked = service_.check(question); asked.status != COCKPIT_OK)
    return {{}, asked.status, asked.reason};
  auto oldest = tickets_.end();
  std::size_t own = 0;
  for (auto at = tickets_.begin(); at != tickets_.end(); ++at) {
    if (at->second.person != person) continue;
    ++own;
    if (oldest == tickets_.end() || at->second.number < oldest->second.number) oldest = at;
  }
  if (own >= tickets_a_person) tickets_.erase(oldest);
  if (tickets_.size() >= most_tickets)
    return {{}, COCKPIT_BUSY, "Too many downloads were begun at once. Try again in a minute."};
  auto name = random_name();
  tickets_[name] = {std::move(question), csv, person, ++given_out_, now + good_for};
  return {std::move(name), COCKPIT_OK, {}};
}

void Downloads::serve(Exchange& exchange, const std::string& name) {
  const auto at = tickets_.find(name);
  const auto refuse = [&exchange](unsigned status, const std::string& why) {
    exchange.respond({status, {{"Content-Type", "text/plain; charset=utf-8"}}, why + "\n", {}});
  };
  if (at == tickets_.end() || at->second.until < std::chrono::steady_clock::now())
    return refuse(404, "This download is over; start it again from the page.");
  exchange.known();
  auto ticket = std::move(at->second);
  tickets_.erase(at);
  auto description = service_.description(ticket.question.plugin);
  const auto* place = description ? description->node(ticket.question.at) : nullptr;
  if (place == nullptr || !place->contains("columns")) return refuse(404, "There is no such list any more.");
  const auto walk = std::make_shared<Walk>(service_, std::move(ticket.question), ticket.csv);
  walk->description = description;
  walk->walk = {place->value("idField", "id"), 0, views::rows_a_walked_page};
  walk->columns = views::columns_of_rows(place->at("columns"), service_.mixes_engines(walk->question));
  Response head;
  const std::string ending = ticket.csv ? "csv" : "json";
  head.headers = {
      {"Content-Type", ticket.csv ? "text/csv; charset=utf-8" : "application/json"},
      {"Content-Disposition", "attachment; filename=\"" + place->value("id", "rows") + "." + ending + "\""}};
  walk->stream = exchange.stream(std::move(head), Framing::chunked);
  if (walk->stream) walk->begin();
}

}  // namespace host::http
