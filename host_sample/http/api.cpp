#include "http/api.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/json_text.hpp"
#include "base/secret.hpp"
#include "base/status.hpp"
#include "base/strict_json.hpp"
#include "http/page_answer.hpp"
#include "http/run_request.hpp"

namespace host::http {
namespace {

using nlohmann::json;

constexpr std::size_t deepest_request = 16;

Response with_body(unsigned status, std::string body, std::string_view type = "application/json") {
  Response response;
  response.status = status;
  response.headers = {{"Content-Type", std::string{type}}};
  response.body = std::move(body);
  return response;
}

Response problem(unsigned status, std::string_view title, std::string_view detail) {
  const json body{{"type", "about:blank"}, {"title", title}, {"status", status}, {"detail", detail}};
  return with_body(status, json_text(body), "application/problem+json");
}

Response problem_of(cockpit_status status, std::string_view title, std::string_view detail) {
  return with_body(http_status(status), problem_json(status, title, detail), "application/problem+json");
}

// "de-CH,de;q=0.9,en;q=0.8": what the person reads best.
std::string language_of(const Request& request) {
  const auto accepted = request.header("accept-language");
  return std::string{accepted.substr(0, accepted.find_first_of("-,;"))};
}

// The JSON object of a request, or what is wrong with it.
Result<json> body_of(const Request& request) {
  auto body = parse_strict(request.body, deepest_request);
  if (!body) return Result<json>::failed("The body is not a valid JSON object: " + body.reason + ".");
  if (!body->is_object()) return Result<json>::failed("The body is not a JSON object.");
  return body;
}

Response too_many_tabs() {
  return problem(503, "Too many tabs", "This host serves as many tabs as it may; close one.");
}

// A person who reached the host through an address it does not know sees what to do, in words.
Response not_for_us(const Security& security, const Request& request) {
  const auto why = security.why_not_for_us(request);
  if (request.header("accept").find("text/html") == std::string_view::npos)
    return problem(421, "Another host", why);
  std::string shown;
  for (const char c : why)
    if (c == '<' || c == '>' || c == '&')
      shown += "&#" + std::to_string(static_cast<int>(c)) + ";";
    else
      shown += c;
  return with_body(421,
                   "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
                   "content=\"width=device-width\"><title>Another host</title><h1>Another host</h1><p>" +
                       shown + "</p></html>\n",
                   "text/html; charset=utf-8");
}

}  // namespace

Api::Api(IoContext& io, views::Service& service, Access access)
    : io_(io), service_(service), access_(std::move(access)), downloads_(service) {
  service_.on_state = [this] {
    const auto tabs = *tabs_;
    for (const auto& [id, tab] : tabs) tab->send_host_state();
  };
  service_.runs().on_run = [this](const std::string& run) { send_to_all("run", run); };
  service_.runs().on_dismissed = [this](const std::string& id) {
    send_to_all("dismissed", json_text(json{{"id", id}}));
  };
}

Api::~Api() {
  service_.on_state = nullptr;
  service_.runs().on_run = nullptr;
  service_.runs().on_dismissed = nullptr;
}

void Api::listen_on(std::uint16_t port) {
  security_ = std::make_unique<Security>(access_, port);
}

void Api::send_to_all(const std::string& event, const std::string& data) {
  const auto tabs = *tabs_;
  for (const auto& [id, tab] : tabs) tab->send(event, data);
}

void Api::handle(const std::shared_ptr<Exchange>& exchange) {
  const auto& request = exchange->request();
  if (!security_->is_for_us(request)) return exchange->respond(not_for_us(*security_, request));
  if (const auto why = security_->why_refused(request); !why.empty())
    return exchange->respond(problem(403, "Refused", why));
  answer(exchange);
}

void Api::answer(const std::shared_ptr<Exchange>& exchange) {
  const auto& request = exchange->request();
  const std::string path = request.path;
  const bool head = request.method == "HEAD";
  const bool get = request.method == "GET" || head;  // the server leaves the body of a HEAD away
  const bool post = request.method == "POST";
  if (get && path == "/readyz" && !service_.ready())
    return exchange->respond(
        with_body(503, "The plugins are still being tried.\n", "text/plain; charset=utf-8"));
  if (get && (path == "/healthz" || path == "/readyz"))
    return exchange->respond(with_body(200, "ok\n", "text/plain; charset=utf-8"));
  if (path.rfind("/api/", 0) != 0) {
    if (path.rfind("/download/", 0) == 0) {
      // A ticket is good once: looking at the head is not to use it up.
      if (!get || head) return exchange->respond(problem(405, "Not here", "A download is a GET."));
      return downloads_.serve(*exchange, path.substr(10));
    }
    if (!get) return exchange->respond(problem(405, "Not here", "Only GET is answered here."));
    return page(*exchange);
  }
  const auto parsed = post ? body_of(request) : Result<json>::of(json::object());
  const auto malformed = [&] { exchange->respond(problem(400, "Malformed", parsed.reason)); };
  if (post && path == "/api/session") return parsed ? open_session(exchange, *parsed) : malformed();
  if (!security_->authorized(request))
    return refuse_credential(exchange, "Open the address that the host printed when it was started.");
  exchange->known();
  if (!parsed && path == "/api/runs") service_.runs().refuse({}, COCKPIT_INVALID, parsed.reason);
  if (!parsed) return malformed();
  const auto& body = *parsed;
  if (get && !head && path == "/api/stream") return open_stream(*exchange);
  if (post && path == "/api/poll") return open_poll(*exchange);
  if (post && path.rfind("/api/poll/", 0) == 0) return poll(exchange, path.substr(10));
  if (post && path.rfind("/api/stream/", 0) == 0) return set_watches(*exchange, path.substr(12), body);
  if (post && path == "/api/read") return read(exchange, body);
  if (post && path == "/api/export") return begin_export(*exchange, body);
  if (post && path == "/api/runs") return begin_run(*exchange, body);
  if (get && path == "/api/runs") return list_runs(*exchange);
  if (path.rfind("/api/runs/", 0) == 0) return change_run(*exchange, path.substr(10));
  if (get && path.rfind("/api/plugins/", 0) == 0) return describe(*exchange, path.substr(13));
  if (get && path == "/api/host") return exchange->respond(with_body(200, service_.state_json()));
  exchange->respond(problem(404, "Not found", "There is nothing at this address."));
}

void Api::page(Exchange& exchange) const {
  auto answer = page_answer(exchange.request());
  exchange.respond(answer ? std::move(*answer)
                          : problem(404, "Not found", "There is nothing at this address."));
}

void Api::open_session(const std::shared_ptr<Exchange>& exchange, const Body& body) {
  const auto token = body.find("token");
  if (token == body.end() || !token->is_string() || !security_->is_token(token->get<std::string>()))
    return refuse_credential(exchange, "This is not the token of this host; open the address it printed.");
  exchange->known();
  exchange->respond(with_body(200, json_text(json{{"session", security_->session()}})));
}

// Each connection has one request at a time, so who guesses is as slow as the wait. One that waits is among
// the first to go when connections are short.
void Api::refuse_credential(const std::shared_ptr<Exchange>& exchange, std::string_view why) {
  auto refusal = problem(401, "Not signed in", why);
  const bool guessed =
      exchange->request().method == "POST" || exchange->request().header_count("authorization") != 0;
  const auto wait =
      guessed ? security_->wrong_one(std::chrono::steady_clock::now()) : std::chrono::milliseconds{0};
  if (wait.count() == 0) return exchange->respond(std::move(refusal));
  const auto timer = std::make_shared<Timer>(io_);
  timer->start(wait, [timer, exchange, refusal = std::move(refusal)]() mutable {
    exchange->respond(std::move(refusal));
  });
}

void Api::open_stream(Exchange& exchange) {
  if (tabs_->size() >= most_tabs) return exchange.respond(too_many_tabs());
  auto head = with_body(200, {}, "text/event-stream");
  head.headers.emplace_back("X-Accel-Buffering", "no");
  const bool gzip = accepts_coding(exchange.request().header("accept-encoding"), "gzip");
  if (gzip) head.headers.emplace_back("Content-Encoding", "gzip");
  const auto stream = exchange.stream(std::move(head), Framing::until_close);
  if (stream) add_tab(random_name(), stream, gzip, exchange.request());
}

// For a page whose stream is held back on the way: the same events, fetched.
void Api::open_poll(Exchange& exchange) {
  if (tabs_->size() >= most_tabs) return exchange.respond(too_many_tabs());
  const auto stream = std::make_shared<PollStream>(io_);
  const auto id = random_name();
  std::erase_if(polled_, [](const auto& one) { return one.second.expired(); });
  polled_[id] = stream;
  stream->begin();
  add_tab(id, stream, false, exchange.request());
  exchange.respond(with_body(200, json_text(json{{"stream", id}})));
}

void Api::poll(const std::shared_ptr<Exchange>& exchange, const std::string& stream) {
  const auto at = polled_.find(stream);
  const auto polled = at == polled_.end() ? nullptr : at->second.lock();
  if (!polled) return exchange->respond(problem(404, "Not found", "This stream is over; open a new one."));
  polled->take(exchange);
}

void Api::add_tab(const std::string& id, const std::shared_ptr<Stream>& stream, bool gzip,
                  const Request& request) {
  auto tab = std::make_shared<Tab>(io_, service_, stream, id, gzip, language_of(request));
  (*tabs_)[id] = tab;
  // The tab must not be destroyed from within one of its own functions.
  stream->on_closed = [&io = io_, id, tabs = std::weak_ptr<Tabs>{tabs_}] {
    post(io, [id, tabs] {
      if (const auto open = tabs.lock()) open->erase(id);
    });
  };
  tab->begin();
}

void Api::describe(Exchange& exchange, const std::string& plugin) const {
  auto whole = service_.whole_description(plugin, language_of(exchange.request()));
  if (whole.empty())
    return exchange.respond(problem(404, "Not found", "This plugin is not available right now."));
  exchange.respond(with_body(200, std::move(whole)));
}

void Api::set_watches(Exchange& exchange, const std::string& stream, const Body& body) {
  const auto tab = tabs_->find(stream);
  if (tab == tabs_->end())
    return exchange.respond(problem(404, "Not found", "This stream is over; open a new one."));
  const auto watches = body.find("watch");
  if (watches == body.end()) return exchange.respond(problem(400, "Malformed", "\"watch\" is missing."));
  if (const auto why = tab->second->set_watches(*watches); !why.empty())
    return exchange.respond(problem(400, "This cannot be watched", why));
  exchange.respond(with_body(200, "{}"));
}

void Api::read(const std::shared_ptr<Exchange>& exchange, const Body& body) {
  auto question = views::parse_question(body);
  if (!question) return exchange->respond(problem(400, "This cannot be asked", question.reason));
  const auto reader = service_.read(*question, [exchange](cockpit_status status, std::string answer) {
    exchange->respond(with_body(http_status(status), std::move(answer),
                                status == COCKPIT_OK ? "application/json" : "application/problem+json"));
  });
  // A read ends with its last reader.
  if (reader != 0) exchange->on_gone([&service = service_, reader] { service.leave(reader); });
}

void Api::begin_export(Exchange& exchange, const Body& body) {
  auto question = views::parse_question(body, {"format"});
  if (!question) return exchange.respond(problem(400, "This cannot be exported", question.reason));
  const auto format = body.value("format", json{});
  if (format != "csv" && format != "json")
    return exchange.respond(
        problem(400, "This cannot be exported", "\"format\" has to be \"csv\" or \"json\""));
  const auto ticket =
      downloads_.ticket(std::move(*question), format == "csv", service_.options().principal_id);
  if (!ticket) return exchange.respond(problem_of(ticket.status, "This cannot be exported", ticket.reason));
  exchange.respond(with_body(200, json_text(json{{"ticket", ticket.name}})));
}

void Api::begin_run(Exchange& exchange, const Body& body) {
  auto start = parse_run(body);
  if (!start) {
    service_.runs().refuse(attempted(body), COCKPIT_INVALID, start.reason);
    return exchange.respond(problem(400, "This cannot be done", start.reason));
  }
  const auto begun = service_.begin(*start);
  if (begun.status != COCKPIT_OK)
    return exchange.respond(problem_of(begun.status, "Nothing was done", begun.reason));
  exchange.respond(with_body(202, begun.run));
}

void Api::list_runs(Exchange& exchange) const {
  std::string text = R"({"runs":[)";
  const auto runs = service_.runs().all();
  for (std::size_t i = 0; i < runs.size(); ++i) text += (i == 0 ? "" : ",") + runs[i];
  exchange.respond(with_body(200, text + "]}"));
}

void Api::change_run(Exchange& exchange, const std::string& rest) {
  const auto slash = rest.find('/');
  const auto id = rest.substr(0, slash);
  if (exchange.request().method == "POST" && slash != std::string::npos && rest.substr(slash) == "/cancel") {
    if (!service_.runs().cancel(id))
      return exchange.respond(problem(404, "Not found", "This run is not kept any more."));
    return exchange.respond(with_body(202, "{}"));
  }
  if (exchange.request().method == "DELETE" && slash == std::string::npos) {
    const auto status = service_.runs().dismiss(id);
    if (status == COCKPIT_OK) return exchange.respond(Response{204, {}, {}, {}});
    return exchange.respond(problem_of(
        status, "Not dismissed",
        status == COCKPIT_CONFLICT ? "It still runs; cancel it first." : "It is not kept any more."));
  }
  exchange.respond(problem(405, "Not here", "POST …/cancel or DELETE."));
}

}  // namespace host::http
