// The configuration as the plugin takes it: whole, or not at all.
#include "engines.hpp"

#include "catch.hpp"

using batch_view::Engines;

TEST_CASE("where ids in messages lead is configured for all engines, or for each", "[engines]") {
  boost::asio::io_context io;
  Engines engines{io};
  const auto why = [&](const std::string& settings) {
    return engines.configure(
        R"({"engines":[{"id":"a","nodes":["http://127.0.0.1:1/engine-rest"]}],"settings":)" + settings + "}");
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
