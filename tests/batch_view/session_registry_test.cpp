// The configuration as the plugin takes it: whole, or not at all.
#include "session/session_registry.hpp"

#include "catch.hpp"
#include "engine/asio_environment.hpp"

using batch_view::SessionRegistry;

TEST_CASE("where ids in messages lead is configured for all engines, or for each", "[engines]") {
  batch_view::AsioEnvironment environment;
  SessionRegistry engines{environment};
  const auto why = [&](const std::string& settings) {
    const auto result = engines.configure(
        R"({"engines":[{"id":"a","nodes":["http://127.0.0.1:1/engine-rest"]}],"settings":)" + settings + "}");
    const auto* problem = std::get_if<std::string>(&result);
    return problem == nullptr ? std::string{} : *problem;
  };
  CHECK(why("{}").empty());
  CHECK(why(R"({"instance_link":"https://cockpit.example/#/process-instance/{id}"})").empty());
  CHECK(why(R"({"instance_link":{"a":"https://cockpit.example/{id}","b":"https://other.example/{id}"}})")
            .empty());
  CHECK_FALSE(why(R"({"instance_link":"https://cockpit.example/"})").empty());
  CHECK_FALSE(why(R"_({"instance_link":"javascript:alert({id})"})_").empty());
  CHECK_FALSE(why(R"({"instance_link":7})").empty());
  CHECK_FALSE(why(R"({"colour":"red"})").empty());
}
