#include "credentials.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "checked_options.hpp"
#include "request_head.hpp"
#include "scratch.hpp"

using namespace rest_client;

namespace {

std::string value_of(Authorization& authorization) {
  const auto value = authorization.value();
  if (const auto* problem = std::get_if<std::string>(&value)) return "problem: " + *problem;
  return std::string(std::get<std::string_view>(value));
}

std::string refused(Options options) {
  try {
    Authorization authorization(options.credentials);
    check_limits(options);
    checked_nodes(options);
  } catch (const InvalidOptions& problem) {
    return problem.what();
  }
  return {};
}

Options good_options() {
  Options options;
  options.nodes = {"http://engine:8080/engine-rest"};
  return options;
}

}  // namespace

TEST_CASE("basic credentials are coded as RFC 7617 says") {
  for (const auto& [user, password, coded] :
       {std::tuple{"Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},
        std::tuple{"demo", "demo", "Basic ZGVtbzpkZW1v"},
        std::tuple{"test", "123\xc2\xa3", "Basic dGVzdDoxMjPCow=="}}) {
    Credentials credentials = BasicCredentials{user, password};
    Authorization authorization(credentials);
    CHECK(value_of(authorization) == coded);
    CHECK(std::get<BasicCredentials>(credentials).password.empty());
  }
}

TEST_CASE("a token file is read again when it has changed, and must be usable when it is needed") {
  support::ScratchFile file;
  Credentials credentials = BearerTokenFile{file.path()};
  Authorization authorization(credentials);
  CHECK_THAT(value_of(authorization), ContainsSubstring("cannot be opened"));
  file.replace("first\n");
  CHECK(value_of(authorization) == "Bearer first");
  CHECK(value_of(authorization) == "Bearer first");
  file.replace("other\n");
  CHECK(value_of(authorization) == "Bearer other");
  file.replace(" \n");
  CHECK_THAT(value_of(authorization), ContainsSubstring("is empty"));
  file.replace("back");
  CHECK(value_of(authorization) == "Bearer back");
  file.remove();
  CHECK_THAT(value_of(authorization), ContainsSubstring("cannot be opened"));
  file.replace(std::string(10000, 'x'));
  CHECK_THAT(value_of(authorization), ContainsSubstring("more than"));
}

TEST_CASE("a token cannot smuggle a header in, and no message repeats it") {
  support::ScratchFile file;
  file.replace("hunter2\r\nX-Evil: 1");
  Credentials from_file = BearerTokenFile{file.path()};
  Authorization authorization(from_file);
  const std::string value = value_of(authorization);
  CHECK_THAT(value, ContainsSubstring("characters that tokens cannot have"));
  CHECK(value.find("hunter2") == std::string::npos);

  Options options = good_options();
  options.credentials = BearerToken{"hunter2\r\nX-Evil: 1"};
  const std::string cause = refused(std::move(options));
  CHECK_FALSE(cause.empty());
  CHECK(cause.find("hunter2") == std::string::npos);
}

TEST_CASE("options that cannot work are refused") {
  CHECK(refused(good_options()).empty());
  const auto refuses = [](auto change) {
    Options options = good_options();
    change(options);
    return !refused(std::move(options)).empty();
  };
  CHECK(refuses([](Options& o) { o.nodes.clear(); }));
  CHECK(refuses([](Options& o) { o.nodes.assign(max_nodes + 1, o.nodes.front()); }));
  CHECK(refuses([](Options& o) { o.nodes.emplace_back("http://demo:demo@engine"); }));
  CHECK(refuses([](Options& o) { o.limits.idle = std::chrono::seconds(60); }));
  CHECK(refuses([](Options& o) { o.limits.connections_per_node = 0; }));
  CHECK(refuses([](Options& o) { o.limits.header_bytes = 1U << 20U; }));
  CHECK(refuses([](Options& o) { o.limits.connect_timeout = std::chrono::seconds(0); }));
  CHECK(refuses([](Options& o) { o.user_agent = "a\r\nX: 1"; }));
  CHECK(refuses([](Options& o) { o.probe_target = "engine"; }));
  CHECK(refuses([](Options& o) { o.credentials = BasicCredentials{"a:b", "c"}; }));
  CHECK(refuses([](Options& o) { o.credentials = BearerToken{""}; }));
}

TEST_CASE("a secret's bytes are overwritten in place") {
  Secret secret("correct horse battery staple");
  const char* const memory = secret.view().data();
  const std::size_t size = secret.view().size();
  secret.wipe();
  CHECK(secret.empty());
  CHECK(std::string_view(memory, size) == std::string(size, '\0'));

  Secret moved_from("hunter2");
  const Secret moved_to(std::move(moved_from));
  CHECK(moved_to.view() == "hunter2");
}

TEST_CASE("a request's fields") {
  const auto node = std::get<BaseUrl>(parse_base_url("http://engine:8080/engine-rest"));
  Request request;
  request.method = Method::put;
  request.target = "/batch/1/suspended";
  request.body = "{}";
  request.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  CHECK(request_head(node, request, "Basic x", "agent").view() ==
        "PUT /engine-rest/batch/1/suspended HTTP/1.1\r\nHost: engine:8080\r\nUser-Agent: agent\r\nAccept: "
        "application/json\r\n"
        "Accept-Encoding: identity\r\nAuthorization: Basic x\r\n"
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\nContent-Type: "
        "application/json\r\n"
        "Content-Length: 2\r\n\r\n");
  request.body.clear();
  request.method = Method::post;
  CHECK_THAT(std::string(request_head(node, request, "", "agent").view()),
             ContainsSubstring("Content-Length: 0\r\n"));
}

TEST_CASE("no part of a request can smuggle a header in") {
  const auto refuses = [](auto change) {
    Request request;
    request.method = Method::post;
    request.target = "/x";
    request.body = "{}";
    change(request);
    return !problem_of(request, 8000).empty();
  };
  CHECK_FALSE(refuses([](Request&) {}));
  CHECK(refuses([](Request& r) { r.target = "/x HTTP/1.1\r\nX: 1"; }));
  CHECK(refuses([](Request& r) { r.accept = "a\r\nX: 1"; }));
  CHECK(refuses([](Request& r) { r.content_type = "a\nX: 1"; }));
  CHECK(refuses([](Request& r) { r.content_type = ""; }));
  CHECK(refuses([](Request& r) { r.traceparent = std::string("a\0b", 3); }));
  CHECK(refuses([](Request& r) { r.method = Method::get; }));
}
