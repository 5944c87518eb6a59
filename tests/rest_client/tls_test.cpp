// TLS over real sockets: who is trusted, who is not, and that nothing of it can hang.
#include <fstream>

#include "catch.hpp"
#include "certificates.hpp"
#include "fixture.hpp"

using namespace rest_client;
using namespace rest_client::tests;

namespace {

struct TlsCase {
  std::string names = "DNS:localhost";
  std::string host = "localhost";
  bool expired = false;
  bool server_wants_certificate = false;
  bool client_has_certificate = false;
  bool client_trusts = true;
};

// A server with a certificate of an authority, and a client of it.
struct Secured {
  Secured(ScriptedServer::Plan plan, const TlsCase& how) {
    const CertificateFiles files = authority.issue(how.names, how.expired);
    const ServerTls tls{files.certificate, files.key, how.server_wants_certificate ? authority.file() : ""};
    server = std::make_unique<ScriptedServer>(context(), std::move(plan), &tls);
    Options options;
    options.nodes = {"https://" + how.host + ":" + std::to_string(server->port())};
    options.tls.authorities = how.client_trusts ? authority.file() : stranger.file();
    options.limits.connect_timeout = std::chrono::milliseconds(500);
    if (how.client_has_certificate) {
      const CertificateFiles own = authority.issue("DNS:client");
      options.tls.client_certificate = own.certificate;
      options.tls.client_key = own.key;
    }
    fixture.client = std::make_unique<Client>(context(), std::move(options));
  }

  boost::asio::io_context& context() { return fixture.context; }
  Answer ask(Request wish) { return fixture.ask(std::move(wish)); }

  Authority authority;
  Authority stranger;
  Fixture fixture{Options{{"http://127.0.0.1:1"}, {}, {}, {}, true, "test", "/"}};
  std::unique_ptr<ScriptedServer> server;
};

Script answers() {
  return {request(), say(ok("[1]")), request(), say(ok("[2]")), request(), stall()};
}

Failure refused(const TlsCase& how) {
  Secured s(always(answers()), how);
  const Failure failure = failure_of(s.ask(put("/a")));
  CHECK(failure.kind == FailureKind::tls);
  CHECK_THAT(failure.cause, ContainsSubstring("https://" + how.host));
  CHECK(s.server->requests().empty());  // nothing was sent to an untrusted server
  return failure;
}

}  // namespace

TEST_CASE("a trusted server is asked, several times on one connection") {
  Secured s(always(answers()), {});
  CHECK(response_of(s.ask(get("/a"))).body == "[1]");
  CHECK(response_of(s.ask(put("/b"))).body == "[2]");
  CHECK(s.server->connections() == 1);
}

TEST_CASE("a server may be known by its address") {
  TlsCase by_address;
  by_address.names = "IP:127.0.0.1";
  by_address.host = "127.0.0.1";
  Secured s(always(answers()), by_address);
  CHECK(response_of(s.ask(get("/a"))).body == "[1]");
}

TEST_CASE("a certificate for another name is refused") {
  TlsCase other;
  other.names = "DNS:elsewhere.example";
  CHECK_THAT(refused(other).cause, ContainsSubstring("ostname mismatch"));
  other.names = "DNS:localhost";
  other.host = "127.0.0.1";
  CHECK_THAT(refused(other).cause, ContainsSubstring("mismatch"));
}

TEST_CASE("a certificate of an unknown authority is refused") {
  TlsCase unknown;
  unknown.client_trusts = false;
  CHECK_THAT(refused(unknown).cause, ContainsSubstring("is not trusted"));
}

TEST_CASE("an expired certificate is refused") {
  TlsCase old;
  old.expired = true;
  CHECK_THAT(refused(old).cause, ContainsSubstring("expired"));
}

TEST_CASE("a server that wants a certificate gets it; without one there is no answer") {
  TlsCase mutual;
  mutual.server_wants_certificate = true;
  SECTION("shown") {
    mutual.client_has_certificate = true;
    Secured s(always(answers()), mutual);
    CHECK(response_of(s.ask(get("/a"))).body == "[1]");
  }
  SECTION("not shown") {
    Secured s(always(answers()), mutual);
    failure_of(s.ask(get("/a")));
    CHECK(s.server->requests().empty());
  }
}

TEST_CASE("a server that speaks no TLS, or hangs up, is a TLS failure; one that keeps silent a timeout") {
  Secured plain(always({say("HTTP/1.1 400 Bad Request\r\n\r\n")}), {});
  CHECK(failure_of(plain.ask(put("/a"))).kind == FailureKind::tls);
  Secured gone(always({close()}), {});
  CHECK(failure_of(gone.ask(put("/a"))).kind == FailureKind::tls);
  Secured silent(always({stall()}), {});
  const Failure failure = failure_of(silent.ask(put("/a")));
  CHECK(failure.kind == FailureKind::timeout);
  CHECK_THAT(failure.cause, ContainsSubstring("did not accept a connection"));
}

TEST_CASE("an answer cut at any byte of a TLS connection is never good") {
  const std::string whole = ok("[1]");
  Secured s(
      [&whole](std::size_t connection) {
        return connection == 0 ? Script{request(), close()}
                               : Script{request(), say(whole.substr(0, connection)), close()};
      },
      {});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CHECK(failure_of(s.ask(get("/a"))).kind == FailureKind::cut);
  }
}

TEST_CASE("a page that ends without TLS's farewell is cut, even where its end would otherwise count") {
  Secured s(
      always({request(), say("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<h1>"), close()}),
      {});
  CHECK(failure_of(s.ask(put("/a"))).underlying == FailureKind::cut);
}

TEST_CASE("the second answer in one TLS connection, unasked, is nobody's") {
  Secured s(in_turn({{request(), say(ok("[1]")), say(ok("[\"forged\"]")), stall()}, answers()}), {});
  CHECK(response_of(s.ask(get("/a"))).body == "[1]");
  const Answer second = s.ask(get("/b"));
  if (std::holds_alternative<Response>(second)) CHECK(std::get<Response>(second).body == "[1]");
  CHECK(s.server->connections() == 2);
}

TEST_CASE("closing does not wait for a server that never says farewell") {
  Secured s(always({request(), say(ok("[1]")), deaf()}), {});
  CHECK(response_of(s.ask(get("/a"))).body == "[1]");
  s.fixture.client->close();
  s.fixture.run_until([&s] { return s.server->open_connections() == 0; });
  s.server.reset();
  CHECK(s.fixture.run_out());
}

TEST_CASE("TLS files that cannot be used are refused when the client is made, and say which") {
  Authority authority;
  const CertificateFiles one = authority.issue("DNS:a");
  const CertificateFiles other = authority.issue("DNS:b");
  std::ofstream(authority.path("rubbish.pem")) << "rubbish";
  const auto refusal = [](const TlsFiles& files) {
    boost::asio::io_context context;
    Options options;
    options.nodes = {"https://localhost"};
    options.tls = files;
    try {
      const Client client(context, options);
    } catch (const InvalidOptions& problem) {
      return std::string(problem.what());
    }
    return std::string();
  };
  CHECK(refusal({authority.file(), one.certificate, one.key}).empty());
  CHECK_THAT(refusal({"/nowhere/ca.pem", "", ""}), ContainsSubstring("/nowhere/ca.pem"));
  CHECK_THAT(refusal({authority.path("rubbish.pem"), "", ""}), ContainsSubstring("rubbish.pem"));
  CHECK_THAT(refusal({authority.file(), one.certificate, ""}), ContainsSubstring("together"));
  CHECK_THAT(refusal({authority.file(), one.certificate, other.key}), ContainsSubstring("key"));
  CHECK_THAT(refusal({authority.file(), one.certificate, authority.path("rubbish.pem")}),
             ContainsSubstring("key"));
}
