#include "http/api.hpp"

#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/random.hpp"
#include "base/status.hpp"
#include "base/strict_json.hpp"
#include "http/page_files.hpp"
#include "http/run_request.hpp"

namespace host::http {
namespace {

using nlohmann::json;

constexpr std::size_t deepest_request = 16;

Response with_body(unsigned status, std::string body, std::string_view type = "application/json") {
  Response response;
  response.status = status;
  response.headers = {{"Content-Type", std::string{type}},
                      {"Cache-Control", "no-store"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Cross-Origin-Resource-Policy", "same-origin"},
                      {"Referrer-Policy", "no-referrer"}};
  response.body = std::move(body);
  return response;
}

Response problem(unsigned status, std::string_view title, std::string_view detail) {
  const json body{{"type", "about:blank"}, {"title", title}, {"status", status}, {"detail", detail}};
  return with_body(status, body.dump(-1, ' ', false, json::error_handler_t::replace),
                   "application/problem+json");
}

Response problem_of(cockpit_status status, std::string_view title, std::string_view detail) {
  return with_body(http_status(status), problem_json(status, title, detail), "application/problem+json");
}

// Whether an Accept-Encoding names a coding; those with q=0 do not occur in practice and only cost the one
// who sent them.
bool accepts(std::string_view header, std::string_view coding) {
  for (std::size_t at = 0; at < header.size();) {
    const auto end = std::min(header.find(',', at), header.size());
    auto one = header.substr(at, end - at);
    one = one.substr(0, one.find(';'));
    while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
    while (!one.empty() && one.back() == ' ') one.remove_suffix(1);
    if (one == coding) return true;
    at = end + 1;
  }
  return false;
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

}  // namespace

Api::Api(boost::asio::io_context& io, views::Service& service, std::string token)
    : io_(io), service_(service), token_(std::move(token)), downloads_(service) {
  service_.on_state = [this] {
    const auto tabs = *tabs_;
    for (const auto& [id, tab] : tabs) tab->say_host();
  };
  service_.runs().on_run = [this](const std::string& run) { tell_all("run", run); };
  service_.runs().on_dismissed = [this](const std::string& id) {
    tell_all("dismissed", json{{"id", id}}.dump());
  };
}

Api::~Api() {
  service_.on_state = nullptr;
  service_.runs().on_run = nullptr;
  service_.runs().on_dismissed = nullptr;
}

void Api::listen_on(std::uint16_t port) {
  security_ = std::make_unique<Security>(token_, port);
}

void Api::tell_all(const std::string& event, const std::string& data) {
  const auto tabs = *tabs_;
  for (const auto& [id, tab] : tabs) tab->say(event, data);
}

void Api::handle(const std::shared_ptr<Exchange>& exchange) {
  const auto& request = exchange->request();
  if (const auto why = security_->why_refused(request); !why.empty())
    return exchange->respond(problem(403, "Refused", why));
  const std::string path = request.path;
  const bool get = request.method == "GET";
  const bool post = request.method == "POST";
  if (get && (path == "/healthz" || path == "/readyz"))
    return exchange->respond(with_body(200, "ok\n", "text/plain; charset=utf-8"));
  if (path.rfind("/api/", 0) != 0) {
    if (get && path.rfind("/download/", 0) == 0) return downloads_.serve(*exchange, path.substr(10));
    if (!get && request.method != "HEAD")
      return exchange->respond(problem(405, "Not here", "Only GET is answered here."));
    return page(*exchange);
  }
  const auto parsed = post ? body_of(request) : Result<json>::of(json::object());
  const auto malformed = [&] { exchange->respond(problem(400, "Malformed", parsed.reason)); };
  if (post && path == "/api/session") return parsed ? open_session(*exchange, *parsed) : malformed();
  if (!security_->authorized(request))
    return exchange->respond(
        problem(401, "Not signed in", "Open the address that the host printed when it was started."));
  if (!parsed && path == "/api/runs") service_.runs().refuse({}, COCKPIT_INVALID, parsed.reason);
  if (!parsed) return malformed();
  const auto& body = *parsed;
  if (get && path == "/api/stream") return open_stream(*exchange);
  if (post && path.rfind("/api/stream/", 0) == 0) return look_at(*exchange, path.substr(12), body);
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
  const auto& request = exchange.request();
  for (const auto& file : page_files()) {
    if ("/" + std::string{file.path} != request.path) continue;
    Response response;
    const std::string etag{file.etag};
    response.headers = {
        {"Content-Type", std::string{file.content_type}},
        {"ETag", etag},
        {"Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache"},
        {"X-Content-Type-Options", "nosniff"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Referrer-Policy", "no-referrer"}};
    if (!file.immutable) {
      // Of use for a document only: scripts and styles obey the page that loads them.
      response.headers.emplace_back("Content-Security-Policy",
                                    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src "
                                    "'self'; img-src 'self' data:; "
                                    "form-action 'none'; "
                                    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for "
                                    "'script'; trusted-types 'none'");
      response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    }
    if (request.header("if-none-match") == etag) {
      response.status = 304;
      return exchange.respond(std::move(response));
    }
    // Everything that can run the page takes one of them; what does not is told so.
    const auto accepted = request.header("accept-encoding");
    const bool brotli = accepts(accepted, "br");
    if (!brotli && !accepts(accepted, "gzip"))
      return exchange.respond(problem(406, "Not acceptable", "The page is only here as gzip or br."));
    response.headers.emplace_back("Content-Encoding", brotli ? "br" : "gzip");
    response.headers.emplace_back("Vary", "Accept-Encoding");
    if (request.method != "HEAD") response.fixed = brotli ? file.brotli : file.gzip;
    return exchange.respond(std::move(response));
  }
  exchange.respond(problem(404, "Not found", "There is nothing at this address."));
}

void Api::open_session(Exchange& exchange, const Body& body) const {
  const auto token = body.find("token");
  if (token == body.end() || !token->is_string() || !security_->is_token(token->get<std::string>()))
    return exchange.respond(
        problem(401, "Not signed in", "This is not the token of this host; open the address it printed."));
  exchange.respond(with_body(200, json{{"session", security_->session()}}.dump()));
}

void Api::open_stream(Exchange& exchange) {
  if (tabs_->size() >= most_tabs)
    return exchange.respond(
        problem(503, "Too many tabs", "This host serves as many tabs as it may; close one."));
  auto head = with_body(200, {}, "text/event-stream");
  head.headers.emplace_back("X-Accel-Buffering", "no");
  const bool gzip = accepts(exchange.request().header("accept-encoding"), "gzip");
  if (gzip) head.headers.emplace_back("Content-Encoding", "gzip");
  auto stream = exchange.stream(std::move(head));
  if (!stream) return;
  const auto id = random_name();
  auto tab = std::make_shared<Tab>(io_, service_, stream, id, gzip, language_of(exchange.request()));
  (*tabs_)[id] = tab;
  // The tab must not be destroyed from within one of its own functions.
  stream->on_closed = [&io = io_, id, tabs = std::weak_ptr<Tabs>{tabs_}] {
    boost::asio::post(io, [id, tabs] {
      if (const auto open = tabs.lock()) open->erase(id);
    });
  };
  tab->begin();
}

void Api::describe(Exchange& exchange, const std::string& plugin) const {
  auto whole = service_.whole_description(plugin, language_of(exchange.request()));
  if (whole.empty())
    return exchange.respond(problem(404, "Not found", "This plugin does not serve right now."));
  exchange.respond(with_body(200, std::move(whole)));
}

void Api::look_at(Exchange& exchange, const std::string& stream, const Body& body) {
  const auto tab = tabs_->find(stream);
  if (tab == tabs_->end())
    return exchange.respond(problem(404, "Not found", "This stream is over; open a new one."));
  const auto watches = body.find("watch");
  if (watches == body.end()) return exchange.respond(problem(400, "Malformed", "\"watch\" is missing."));
  if (const auto why = tab->second->look_at(*watches); !why.empty())
    return exchange.respond(problem(400, "This cannot be watched", why));
  exchange.respond(with_body(200, "{}"));
}

void Api::read(const std::shared_ptr<Exchange>& exchange, const Body& body) {
  auto question = views::parse_question(body);
  if (!question) return exchange->respond(problem(400, "This cannot be asked", question.reason));
  service_.read(*question, [exchange](cockpit_status status, std::string answer) {
    exchange->respond(with_body(http_status(status), std::move(answer),
                                status == COCKPIT_OK ? "application/json" : "application/problem+json"));
  });
}

void Api::begin_export(Exchange& exchange, const Body& body) {
  auto question = views::parse_question(body, {"format"});
  if (!question) return exchange.respond(problem(400, "This cannot be exported", question.reason));
  const auto format = body.value("format", json{});
  if (format != "csv" && format != "json")
    return exchange.respond(
        problem(400, "This cannot be exported", "\"format\" has to be \"csv\" or \"json\""));
  const auto ticket = downloads_.ticket(std::move(*question), format == "csv");
  if (ticket.empty()) return exchange.respond(problem(503, "Too many downloads", "Try again in a minute."));
  exchange.respond(with_body(200, json{{"ticket", ticket}}.dump()));
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
