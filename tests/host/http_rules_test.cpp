// The HTTP rules that every answer keeps, and who is served when places are short.
#include <fcntl.h>

#include <filesystem>
#include <set>

#include "site.hpp"

using namespace bench;

namespace {

std::string header_of(const std::string& head, const std::string& name) {
  const auto at = head.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const auto begin = at + name.size() + 4;
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

// The content of a chunked answer, and whether its end was marked.
struct Chunked {
  std::string content;
  bool whole = false;
};
Chunked chunks_of(const std::string& bytes) {
  Chunked read;
  auto at = bytes.find("\r\n\r\n") + 4;
  while (at < bytes.size()) {
    const auto line = bytes.find("\r\n", at);
    if (line == std::string::npos) break;
    const auto size = std::stoul(bytes.substr(at, line - at), nullptr, 16);
    if (size == 0) {
      read.whole = bytes.substr(line) == "\r\n\r\n";
      break;
    }
    read.content += bytes.substr(line + 2, size);
    at = line + 2 + size + 2;
  }
  return read;
}

std::string ticket_for(Site& site, const std::string& format) {
  auto wanted = json::parse(the_list);
  wanted["format"] = format;
  const auto answer = post(site, "/api/export", wanted.dump());
  REQUIRE(answer.status == 200);
  return answer.as_json().at("ticket");
}

// What a download of the list brings, until the connection ends.
Chunked downloaded(Site& site, const std::string& format) {
  Client client{site};
  client.send("GET /download/" + ticket_for(site, format) + " HTTP/1.1\r\nHost: " + site.name() + "\r\n\r\n");
  client.until_closed();
  return chunks_of(client.bytes());
}

}  // namespace

TEST_CASE("a HEAD gets what a GET gets without the body, and the next answer is in step") {
  Site site;
  for (const auto* path : {"/", "/healthz", "/readyz", "/nowhere", "/api/runs", "/api/plugins/hostile",
                           "/api/plugins/nobody", "/api/nothing", "/download/none"}) {
    CAPTURE(path);
    Client client{site};
    const auto whole = ask(site, request(site, std::string{"GET "} + path));
    client.send(request(site, std::string{"HEAD "} + path));
    client.send(request(site, "GET /healthz"));
    client.until([&client] { return client.bytes().find("\r\n\r\nok\n") != std::string::npos; });
    const auto head = client.bytes().substr(0, client.bytes().find("\r\n\r\n"));
    if (path != std::string{"/download/none"})
      CHECK(header_of(head, "Content-Length") == header_of(whole.head, "Content-Length"));
    CHECK(client.bytes().substr(head.size() + 4, 15) == "HTTP/1.1 200 OK");
  }
  const auto unknown =
      ask(site, "HEAD /api/runs HTTP/1.1\r\nHost: " + site.name() + "\r\nConnection: close\r\n\r\n");
  CHECK(unknown.body.empty());
}

TEST_CASE("every answer carries the same protection, whoever gives it") {
  host::http::ServerLimits limits;
  limits.header_bytes = 2048;
  limits.body_bytes = 4096;
  limits.read_patience = std::chrono::seconds{1};
  Site site{"well_behaved", limits};
  const auto download = ticket_for(site, "csv");
  const json run{{"plugin", "hostile"}, {"key", "k"}, {"action", "throw"}, {"ids", {"flint"}}};
  const auto id = post(site, "/api/runs", run.dump()).as_json().at("id").get<std::string>();
  site.bench.until([&] { return site.bench.run("k").find("\"ended\"") != std::string::npos; });
  const auto tag = header_of(ask(site, request(site, "GET /")).head, "ETag");
  const std::vector<std::pair<int, std::string>> cases{
      {200, request(site, "GET /")},
      {200, request(site, "GET /healthz")},
      {304, request(site, "GET /", {}, "If-None-Match: " + tag + "\r\n")},
      {200, request(site, "GET /api/runs")},
      {200, request(site, "GET /api/stream")},
      {200, request(site, "GET /download/" + download)},
      {404, request(site, "GET /download/" + download)},
      {204, request(site, "DELETE /api/runs/" + id)},
      {400, "no request\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\n\r\n"},
      {401, "GET /api/runs HTTP/1.1\r\nHost: " + site.name() + "\r\n\r\n"},
      {403, request(site, "GET /", {}, "Sec-Fetch-Site: cross-site\r\n")},
      {404, request(site, "GET /nowhere")},
      {405, request(site, "PUT /", "{}")},
      {408, "POST /api/read HTTP/1.1\r\nHost: " + site.name() + "\r\nContent-Length: 10\r\n\r\n"},
      {408, "GET /healthz HTTP/1.1\r\nHo"},
      {411, "POST / HTTP/1.1\r\nHost: " + site.name() + "\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {413, request(site, "POST /api/read", std::string(5000, 'x'))},
      {421, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"},
      {431, request(site, "GET /", {}, "X-Large: " + std::string(3000, 'x') + "\r\n")},
      {505, "GET / HTTP/1.0\r\nHost: " + site.name() + "\r\n\r\n"}};
  for (const auto& [status, bytes] : cases) {
    CAPTURE(status, bytes.substr(0, 80));
    Client client{site};
    client.send(bytes);
    client.until([&client] { return client.bytes().find("\r\n\r\n") != std::string::npos; });
    const auto head = client.bytes().substr(0, client.bytes().find("\r\n\r\n"));
    CHECK(head.substr(9, 3) == std::to_string(status));
    CHECK(header_of(head, "X-Content-Type-Options") == "nosniff");
    CHECK(header_of(head, "Cross-Origin-Resource-Policy") == "same-origin");
    CHECK(header_of(head, "Cross-Origin-Opener-Policy") == "same-origin");
    CHECK(header_of(head, "Referrer-Policy") == "no-referrer");
    CHECK(!header_of(head, "Cache-Control").empty());
    CHECK_THAT(header_of(head, "Content-Security-Policy"), ContainsSubstring("frame-ancestors 'none'"));
  }
}

TEST_CASE("who has the page already gets 304, however the tag is written") {
  Site site;
  const auto tag = header_of(ask(site, request(site, "GET /")).head, "ETag");
  REQUIRE(!tag.empty());
  const auto with = [&site](const std::string& tags) {
    return ask(site, request(site, "GET /", {}, "If-None-Match: " + tags + "\r\n")).status;
  };
  CHECK(with(tag) == 304);
  CHECK(with("W/" + tag) == 304);
  CHECK(with("\"other\", " + tag) == 304);
  CHECK(with("\"other\" ,W/" + tag + " , \"third\"") == 304);
  CHECK(with("*") == 304);
  CHECK(with("\"other\"") == 200);
  CHECK(with("W/\"other\", \"third\"") == 200);
}

TEST_CASE("the page comes in the coding that is taken, and plain where none is") {
  Site site;
  const auto coding = [&site](const std::string& accepted) {
    const auto answer = ask(
        site, request(site, "GET /", {}, accepted.empty() ? "" : "Accept-Encoding: " + accepted + "\r\n"));
    CHECK(answer.status == 200);
    const auto is = header_of(answer.head, "Content-Encoding");
    if (is.empty()) {
      CHECK_THAT(answer.body, ContainsSubstring("<!doctype html") || ContainsSubstring("<!DOCTYPE html"));
      CHECK_THAT(answer.body, ContainsSubstring("</html>") || ContainsSubstring("</body>") ||
                                  ContainsSubstring("<script"));
    }
    return is;
  };
  CHECK(coding("br, gzip") == "br");
  CHECK(coding("GZIP;q=0.5") == "gzip");
  CHECK(coding("gzip, br;q=0") == "gzip");
  CHECK(coding("*") == "br");
  CHECK(coding("*;q=0") == "");
  CHECK(coding("identity") == "");
  CHECK(coding("gzip;q=0, br;q=0.000") == "");
  CHECK(coding("") == "");
}

TEST_CASE("the host inherits none of its sockets to a child") {
  Site site;
  Client client{site};
  CHECK(client.ask(request(site, "GET /healthz")).status == 200);
  std::size_t sockets = 0;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd"}) {
    std::error_code error;
    const auto target = std::filesystem::read_symlink(entry.path(), error).string();
    if (target.rfind("socket:", 0) != 0) continue;
    const int descriptor = std::stoi(entry.path().filename());
    if (descriptor == client.descriptor()) continue;  // the test's own
    ++sockets;
    CHECK((::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
  }
  CHECK(sockets >= 2);
}

TEST_CASE("idle connections give way to people, and the connections of people stay") {
  host::http::ServerLimits limits;
  limits.connections = 8;
  Site site{"well_behaved", limits};
  Client person{site};
  CHECK(person.ask(request(site, "GET /api/runs")).status == 200);
  Client stream{site};
  stream.send(request(site, "GET /api/stream"));
  stream.until([&stream] { return stream.bytes().find("event: host") != std::string::npos; });
  std::vector<std::unique_ptr<Client>> idle;
  for (int i = 0; i < 20; ++i) {
    idle.push_back(std::make_unique<Client>(site));
    if (i % 3 == 1) idle.back()->send("GET / HTTP/1.1\r\nHo");
    if (i % 3 == 2)
      CHECK(idle.back()->ask("GET /healthz HTTP/1.1\r\nHost: " + site.name() + "\r\n\r\n").status == 200);
  }
  for (int i = 0; i < 10; ++i) CHECK(ask(site, request(site, "GET /api/runs")).status == 200);
  CHECK(person.ask(request(site, "GET /api/runs")).status == 200);
  CHECK(!stream.closed());
  CHECK(site.api->tabs() == 1);
  CHECK(site.server->connections() <= limits.connections);
}

TEST_CASE("room is short only when every connection is in use") {
  host::http::ServerLimits limits;
  limits.connections = 3;
  Site site{"well_behaved", limits};
  const auto streams = open_streams(site, limits.connections);
  CHECK(ask(site, request(site, "GET /api/runs")).status == 503);
  for (const auto& stream : streams) CHECK(!stream->closed());
}

TEST_CASE("wrong tokens are answered later the more there are, and the right one at once") {
  Site site;
  std::vector<std::unique_ptr<Client>> wrong;
  std::size_t waiting = 0;
  for (int i = 0; i < 30; ++i) {
    wrong.push_back(std::make_unique<Client>(site));
    if (i % 2 == 0)
      wrong.back()->send(request(site, "POST /api/session", R"({"token":"guess"})"));
    else
      wrong.back()->send("GET /api/runs HTTP/1.1\r\nHost: " + site.name() +
                         "\r\nAuthorization: Bearer guess\r\n\r\n");
    CHECK(ask(site, request(site, "GET /healthz")).status == 200);
    CHECK(post(site, "/api/session", json{{"token", token}}.dump()).status == 200);
    wrong.back()->settle();
    if (wrong.back()->bytes().empty()) ++waiting;
  }
  CHECK(waiting == 20);  // the first ten are free
  for (auto& one : wrong) CHECK(one->answer().status == 401);
}

TEST_CASE("a session is good at the host that gave it, not at another with the same token") {
  Site site;
  const auto session =
      post(site, "/api/session", json{{"token", token}}.dump()).as_json().at("session").get<std::string>();
  host::http::Security same{{token, "a host of the tests", {}}, 1};
  host::http::Security other{{token, "another host", {}}, 1};
  CHECK(same.session() == session);
  CHECK(other.session() != session);
  host::http::Request request;
  request.headers = {{"authorization", "Bearer " + session}};
  CHECK(same.authorized(request));
  CHECK_FALSE(other.authorized(request));
}

TEST_CASE("a forwarded port or a proxy's name is answered in words until it is named, then served") {
  Site site;
  const auto from = [&site](const std::string& name, const std::string& more) {
    return ask(site, "GET / HTTP/1.1\r\nHost: " + name + "\r\n" + more + "\r\n");
  };
  const auto page = from("localhost:4711", "Accept: text/html,application/xhtml+xml\r\n");
  CHECK(page.status == 421);
  CHECK_THAT(header_of(page.head, "Content-Type"), ContainsSubstring("text/html"));
  CHECK_THAT(page.body, ContainsSubstring("localhost:4711") && ContainsSubstring("--name"));
  CHECK(from("<b>x</b>", "Accept: text/html\r\n").body.find("<b>") == std::string::npos);
  CHECK(from("localhost:4711", "Accept: application/json\r\n").as_json().at("status") == 421);
  CHECK(from("forwarded.example:18090", "").status == 200);
  const auto act = [&site](const std::string& origin) {
    return ask(site, "POST /api/session HTTP/1.1\r\nHost: forwarded.example:18090\r\nOrigin: " + origin +
                         "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
        .status;
  };
  CHECK(act("http://forwarded.example:18090") == 401);
  CHECK(act("https://forwarded.example:18090") == 401);
  CHECK(act("https://evil.example:18090") == 403);
}

TEST_CASE("a download says by its framing that it is whole") {
  Site site;
  for (const std::string format : {"csv", "json"}) {
    CAPTURE(format);
    const auto read = downloaded(site, format);
    CHECK(read.whole);
    CHECK_THAT(read.content, ContainsSubstring("flint"));
    if (format == "json") CHECK(json::parse(read.content).size() >= 1);
  }
}

TEST_CASE("a download whose source fails ends without the mark of the end") {
  Site site{"forged_event"};
  for (const std::string format : {"csv", "json"}) {
    CAPTURE(format);
    const auto read = downloaded(site, format);
    CHECK_FALSE(read.whole);
    if (format == "csv") CHECK_THAT(read.content, ContainsSubstring("broke off"));
  }
}

TEST_CASE("only what can be downloaded gets a ticket, and a person's oldest gives way") {
  Site site;
  const auto with = [&site](const std::string& member, const json& value) {
    auto wanted = json::parse(the_list);
    wanted["format"] = "csv";
    wanted[member] = value;
    return post(site, "/api/export", wanted.dump());
  };
  for (int i = 0; i < 100; ++i) {
    CHECK(with("plugin", "nobody").status == 503);
    CHECK(with("at", "views/stones").status == 400);
    CHECK(with("at", "nowhere").status == 400);
    CHECK(with("filters", {{"shape", "round"}}).status == 400);
    CHECK(with("engines", {"none"}).status == 404);
  }
  std::vector<std::string> tickets;
  for (std::size_t i = 0; i < host::http::Downloads::tickets_a_person + 3; ++i)
    tickets.push_back(ticket_for(site, "csv"));
  const auto served = [&site](const std::string& ticket) {
    return ask(site, "GET /download/" + ticket + " HTTP/1.1\r\nHost: " + site.name() + "\r\n\r\n").status;
  };
  CHECK(served(tickets.front()) == 404);
  Client last{site};
  last.send("GET /download/" + tickets.back() + " HTTP/1.1\r\nHost: " + site.name() + "\r\n\r\n");
  last.until_closed();
  CHECK(chunks_of(last.bytes()).whole);
}
