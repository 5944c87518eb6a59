// The host's HTTP side over raw sockets: what it refuses and with which words, sessions, the page.
#include "site.hpp"

using namespace bench;

TEST_CASE("a request is for this host by exactly one Host, or refused") {
  Site site;
  const auto with = [&site](const std::string& hosts) {
    return ask(site, "GET /healthz HTTP/1.1\r\n" + hosts + "\r\n");
  };
  CHECK(with("Host: " + site.name() + "\r\n").status == 200);
  CHECK(with("Host: localhost:" + std::to_string(site.server->port()) + "\r\n").status == 200);
  CHECK(with("").status == 400);
  CHECK(with("Host: " + site.name() + "\r\nHost: " + site.name() + "\r\n").status == 400);
  CHECK(with("Host: evil.example\r\n").status == 421);
  CHECK(with("Host: 127.0.0.1\r\n").status == 421);
  CHECK(with("Host: 127.0.0.1:1\r\n").status == 421);
}

TEST_CASE("requests that are no plain HTTP/1.1 with a Content-Length are refused, and the host lives") {
  Site site;
  const auto head = "POST /api/read HTTP/1.1\r\nHost: " + site.name() + "\r\nAuthorization: Bearer " + token +
                    "\r\nContent-Type: application/json\r\n";
  CHECK(ask(site, head + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n").status == 411);
  CHECK(ask(site, head + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
            .status >= 400);
  CHECK(ask(site, head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}").status == 400);
  CHECK(ask(site, head + "Content-Length: -1\r\n\r\n").status == 400);
  CHECK(ask(site, "GET http://evil.example/ HTTP/1.1\r\nHost: " + site.name() + "\r\n\r\n").status == 400);
  CHECK(ask(site, "GET / HTTP/1.0\r\nHost: " + site.name() + "\r\n\r\n").status == 505);
  CHECK(ask(site, "\x16\x03\x01\x02 no HTTP\r\n\r\n").status == 400);
  CHECK(ask(site, "GET /a\tb HTTP/1.1\r\nHost: " + site.name() + "\r\n\r\n").status == 400);
  CHECK(ask(site, "GET /healthz HTTP/1.1\r\nHost: " + site.name() + "\r\n\r\n").status == 200);
}

TEST_CASE("what is too large is refused by name of the part") {
  host::http::ServerLimits limits;
  limits.header_bytes = 4096;
  limits.body_bytes = 8192;
  Site site{"well_behaved", limits};
  CHECK(ask(site, request(site, "GET /healthz", {}, "X-Large: " + std::string(5000, 'x') + "\r\n")).status ==
        431);
  CHECK(ask(site, request(site, "GET /" + std::string(5000, 'x'))).status == 431);
  CHECK(post(site, "/api/read", "{\"plugin\":\"" + std::string(9000, 'x') + "\"}").status == 413);
  // Its Content-Length is enough: nobody waits for the rest.
  CHECK(
      ask(site, "POST /api/read HTTP/1.1\r\nHost: " + site.name() + "\r\nContent-Length: 100000000\r\n\r\n{")
          .status == 413);
  CHECK(ask(site, request(site, "GET /healthz")).status == 200);
}

TEST_CASE("who sends slowly loses the connection, and others are served meanwhile") {
  host::http::ServerLimits limits;
  limits.read_patience = std::chrono::seconds{1};
  Site site{"well_behaved", limits};
  Client slow{site};
  slow.send("GET /healthz HTTP/1.1\r\nHo");
  CHECK(ask(site, request(site, "GET /healthz")).status == 200);
  slow.until_closed();
  CHECK_THAT(slow.bytes(), ContainsSubstring("408"));
}

TEST_CASE("one connection over the limit gets 503, and is served when another one closes") {
  host::http::ServerLimits limits;
  limits.connections = 3;
  Site site{"well_behaved", limits};
  {
    std::vector<std::unique_ptr<Client>> held;
    for (std::size_t i = 0; i < limits.connections; ++i) {
      held.push_back(std::make_unique<Client>(site));
      held.back()->send(request(site, "GET /api/stream"));
      held.back()->until([&] { return held.back()->bytes().find("event: host") != std::string::npos; });
    }
    CHECK(ask(site, request(site, "GET /healthz")).status == 503);
    CHECK_FALSE(held.front()->closed());
  }
  site.bench.until([&] { return site.server->connections() == 0; });
  CHECK(ask(site, request(site, "GET /healthz")).status == 200);
}

TEST_CASE("data needs the token or its session; the health of the host needs neither") {
  Site site;
  const auto with = [&](const std::string& header) {
    return ask(site, "GET /api/runs HTTP/1.1\r\nHost: " + site.name() + "\r\n" + header + "\r\n");
  };
  CHECK(with("").status == 401);
  CHECK(with("Authorization: Bearer wrong\r\n").status == 401);
  CHECK(with("Authorization: Basic " + token + "\r\n").status == 401);
  CHECK(with("Authorization: Bearer " + token + "\r\nAuthorization: Bearer " + token + "\r\n").status == 401);
  CHECK(with("Cookie: session=" + token + "\r\n").status == 401);
  CHECK(with("Authorization: Bearer " + token + "\r\n").status == 200);
  CHECK(post(site, "/api/session", R"({"token":"wrong"})").status == 401);
  CHECK(post(site, "/api/session", R"({"token":7})").status == 401);
  const auto session = post(site, "/api/session", json{{"token", token}}.dump());
  REQUIRE(session.status == 200);
  const auto key = session.as_json().at("session").get<std::string>();
  CHECK(key != token);
  CHECK(with("Authorization: Bearer " + key + "\r\n").status == 200);
  CHECK_THAT(session.head, ContainsSubstring("Cache-Control: no-store"));
  CHECK(session.head.find("Set-Cookie") == std::string::npos);
  CHECK(ask(site, "GET /readyz HTTP/1.1\r\nHost: " + site.name() + "\r\n\r\n").status == 200);
}

TEST_CASE("another site's page may neither ask nor change anything") {
  Site site;
  const auto own = "Origin: http://" + site.name() + "\r\n";
  CHECK(post(site, "/api/read", the_list, own).status == 200);
  CHECK(post(site, "/api/read", the_list, own + "Sec-Fetch-Site: same-origin\r\n").status == 200);
  CHECK(post(site, "/api/read", the_list, "Origin: http://127.0.0.1:1\r\n").status == 403);
  CHECK(post(site, "/api/read", the_list, "Origin: http://evil.example\r\n").status == 403);
  CHECK(post(site, "/api/read", the_list, "Origin: null\r\n").status == 403);
  CHECK(post(site, "/api/read", the_list, own + own).status == 403);
  CHECK(post(site, "/api/read", the_list, own + "Sec-Fetch-Site: cross-site\r\n").status == 403);
  CHECK(post(site, "/api/read", the_list, own + "Sec-Fetch-Site: same-site\r\n").status == 403);
  CHECK(post(site, "/api/read", the_list, "Sec-Fetch-Site: same-origin\r\n").status ==
        403);  // a browser's change says its Origin
  CHECK(ask(site, request(site, "GET /api/runs", {}, "Sec-Fetch-Site: cross-site\r\n")).status == 403);
  CHECK(ask(site, request(site, "DELETE /api/runs/x", {}, "Origin: http://evil.example\r\n")).status == 403);
  const auto form =
      "POST /api/read HTTP/1.1\r\nHost: " + site.name() + "\r\nAuthorization: Bearer " + token + "\r\n";
  for (const auto* type : {"text/plain", "application/x-www-form-urlencoded", "application/jsonp"}) {
    CAPTURE(type);
    CHECK(ask(site, form + "Content-Type: " + type + "\r\nContent-Length: 2\r\n\r\n{}").status == 403);
  }
  CHECK(ask(site, form + "Content-Length: 2\r\n\r\n{}").status == 403);
}

TEST_CASE("a question of the wrong form is refused with the member named") {
  Site site;
  const auto detail = [&site](const std::string& body) {
    const auto answer = post(site, "/api/read", body);
    CHECK(answer.status == 400);
    return answer.as_json().at("detail").get<std::string>();
  };
  CHECK_THAT(detail("[]"), ContainsSubstring("JSON object"));
  CHECK_THAT(detail("{"), ContainsSubstring("JSON object"));
  CHECK_THAT(detail("{\"plugin\":" + std::string(100, '[') + std::string(100, ']') + "}"),
             ContainsSubstring("JSON object"));
  CHECK_THAT(detail(std::string(200'000, '[')), ContainsSubstring("JSON object"));
  CHECK_THAT(detail(R"({"plugin":7,"at":"x"})"), ContainsSubstring("\"plugin\""));
  CHECK_THAT(detail(R"({"plugin":"hostile","at":["x"]})"), ContainsSubstring("\"at\""));
  CHECK_THAT(detail(R"({"plugin":"hostile","at":"x","surprise":1})"), ContainsSubstring("\"surprise\""));
  CHECK_THAT(detail(R"({"plugin":"hostile","at":"nowhere"})"), ContainsSubstring("nowhere"));
  CHECK_THAT(detail(R"({"plugin":"hostile","at":"views/stones/lists/all","filters":{"shape":"round"}})"),
             ContainsSubstring("shape"));
  CHECK_THAT(detail(R"({"plugin":"hostile","at":"views/stones/lists/all","sort":{"key":"weight"}})"),
             ContainsSubstring("weight"));
  const auto on_list = [&detail](const std::string& member) {
    return detail(R"({"plugin":"hostile","at":"views/stones/lists/all",)" + member + "}");
  };
  CHECK_THAT(on_list(R"("sort":{"key":"id","descending":true})"), ContainsSubstring("\"descending\""));
  CHECK_THAT(on_list(R"("sort":{"order":"desc"})"), ContainsSubstring("\"key\""));
  CHECK_THAT(on_list(R"("sort":{"key":""})"), ContainsSubstring("\"key\""));
  CHECK_THAT(on_list(R"("page":{"first":0,"count":20})"), ContainsSubstring("\"count\""));
  CHECK(post(site, "/api/read", R"({"plugin":"nobody","at":"views/stones/lists/all"})").status == 503);
  CHECK(post(site, "/api/read", R"({"plugin":"hostile","at":"views/stones/lists/all","engines":["none"]})")
            .status == 404);
}

TEST_CASE("a run of the wrong form is refused with the member named, and nothing is done") {
  Site site;
  const auto detail = [&site](const json& change) {
    json run{{"plugin", "hostile"}, {"key", "k"}, {"action", "throw"}, {"ids", {"flint"}}};
    run.update(change);
    const auto answer = post(site, "/api/runs", run.dump());
    CHECK(answer.status == 400);
    return answer.as_json().at("detail").get<std::string>();
  };
  CHECK_THAT(detail({{"key", 7}}), ContainsSubstring("\"key\""));
  CHECK_THAT(detail({{"action", json::array()}}), ContainsSubstring("\"action\""));
  CHECK_THAT(detail({{"action", "fly"}}), ContainsSubstring("fly"));
  CHECK_THAT(detail({{"ids", "flint"}}), ContainsSubstring("\"ids\""));
  CHECK_THAT(detail({{"ids", {7}}}), ContainsSubstring("\"ids\""));
  CHECK_THAT(detail({{"ids", std::vector<std::string>(1001, "x")}}), ContainsSubstring("\"ids\""));
  CHECK_THAT(detail({{"query", json::object()}}), ContainsSubstring("not both"));
  CHECK_THAT(detail({{"params", "x"}}), ContainsSubstring("\"params\""));
  CHECK_THAT(detail({{"dryRun", 1}}), ContainsSubstring("\"dryRun\""));
  CHECK_THAT(detail({{"dryRun", true}}), ContainsSubstring("no dry run"));
  CHECK_THAT(detail({{"expect", 1}}), ContainsSubstring("\"expect\""));
  CHECK_THAT(detail({{"plan", 1}}), ContainsSubstring("\"plan\""));
  CHECK_THAT(detail({{"params", {{"hard", true}}}}), ContainsSubstring("no parameter \"hard\""));
  const auto twice =
      post(site, "/api/runs",
           R"({"plugin":"hostile","key":"k","action":"throw","ids":["flint"],"ids":["chert"]})");
  CHECK(twice.status == 400);
  CHECK_THAT(twice.body, ContainsSubstring("\\\"ids\\\" stands twice"));
  // Each attempt stands in the audit log, with its reason; none of them began.
  std::istringstream lines{site.bench.audit()};
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    CHECK(json::parse(line).at("event") == "refused");
    CHECK_FALSE(json::parse(line).at("reason").get<std::string>().empty());
  }
  CHECK(count == 14);
}

TEST_CASE("who may not ask leaves nothing in the audit log") {
  Site site;
  const std::string body = R"({"plugin":"hostile","key":"k","action":"fly"})";
  const auto answer =
      ask(site, "POST /api/runs HTTP/1.1\r\nHost: " + site.name() +
                    "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
                    "\r\n\r\n" + body);
  CHECK(answer.status == 401);
  CHECK(site.bench.audit().empty());
}

TEST_CASE("the whole description of a plugin that serves is had by its name, by who may ask") {
  Site site;
  const auto whole = ask(site, request(site, "GET /api/plugins/hostile"));
  CHECK(whole.status == 200);
  CHECK(whole.as_json().at("views").contains("stones"));
  CHECK(ask(site, request(site, "GET /api/plugins/nobody")).status == 404);
  CHECK(ask(site, request(site, "GET /api/plugins/")).status == 404);
  CHECK(ask(site, "GET /api/plugins/hostile HTTP/1.1\r\nHost: " + site.name() + "\r\n\r\n").status == 401);
}

TEST_CASE("the page is served with a policy that runs nothing but its own files") {
  Site site;
  const auto page = ask(site, request(site, "GET /", {}, "Accept-Encoding: gzip\r\n"));
  CHECK(page.status == 200);
  for (const auto* rule :
       {"Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src "
        "'self'",
        "require-trusted-types-for 'script'", "frame-ancestors 'none'", "X-Content-Type-Options: nosniff",
        "Cross-Origin-Resource-Policy: same-origin", "Cross-Origin-Opener-Policy: same-origin",
        "Referrer-Policy: no-referrer", "Content-Encoding: gzip"})
    CHECK_THAT(page.head, ContainsSubstring(rule));
  const auto tag = page.head.substr(page.head.find("ETag: ") + 6, 18);
  CHECK(ask(site, request(site, "GET /", {}, "Accept-Encoding: gzip\r\nIf-None-Match: " + tag + "\r\n"))
            .status == 304);
  CHECK(ask(site, request(site, "GET /../etc/passwd")).status == 404);
  CHECK(ask(site, request(site, "POST /", "{}")).status == 405);
}
