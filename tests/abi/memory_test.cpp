// No memory at any one moment: an answer that cannot be taken ends its call, once, and nothing else.
#include <boost/asio/io_context.hpp>

#include "catch.hpp"
#include "failing_memory.hpp"
#include "loader/open_calls.hpp"
#include "loader/runtime.hpp"

using host::loader::CallEvents;
using host::loader::OpenCalls;
using host::loader::Violations;

namespace {

cockpit_text text(std::string_view view) {
  return {view.data(), view.size()};
}

struct Open {
  boost::asio::io_context io;
  std::shared_ptr<Violations> faults = std::make_shared<Violations>();
  std::shared_ptr<OpenCalls> calls = std::make_shared<OpenCalls>(io, host::loader::host_limits, faults);
  int done = 0;
  int updates = 0;
  cockpit_status status = -1;
  cockpit_call call = 0;

  Open() {
    CallEvents events;
    events.done = [this](cockpit_status said, const std::string&) { ++done, status = said; };
    events.update = [this](cockpit_status, std::uint64_t, const std::string&) { ++updates; };
    call = calls->open(std::move(events), {host::loader::BodyShape::Kind::rows, "id"});
  }
  void turn() {
    io.restart();
    io.poll();
    calls->end_broken();
  }
};

// Longer than what a string holds within itself, and with a fault in it.
const std::string body =
    R"({"rows":[{"id":"a long enough identifier"},{"id":"a long enough identifier"},7],"total":3})";

}  // namespace

TEST_CASE("a completion for which there is no memory ends its call once", "[exceptions]") {
  std::size_t failed = 0;
  for (std::size_t at = 1; at < 200; ++at) {
    Open open;
    failing_memory::fails_at = at;
    const auto said = open.calls->complete(open.call, COCKPIT_OK, text(body));
    const bool reached = failing_memory::fails_at == 0;
    failing_memory::fails_at = 0;
    open.turn();
    CAPTURE(at);
    REQUIRE(open.done == 1);
    if (reached && said == COCKPIT_INTERNAL) {
      ++failed;
      CHECK(open.status == COCKPIT_INTERNAL);
    }
    CHECK(open.calls->owed() == 0);
    if (!reached) {
      CHECK(open.status == COCKPIT_OK);
      CHECK(failed > 5);
      return;
    }
  }
  FAIL("a completion allocates more often than that");
}

TEST_CASE("an update for which there is no memory is dropped, and the next one comes", "[exceptions]") {
  for (std::size_t at = 1; at < 200; ++at) {
    Open open;
    failing_memory::fails_at = at;
    open.calls->update(open.call, COCKPIT_OK, 1, text(body));
    const bool reached = failing_memory::fails_at == 0;
    failing_memory::fails_at = 0;
    CAPTURE(at);
    REQUIRE(open.calls->update(open.call, COCKPIT_OK, 2, text(body)) == COCKPIT_OK);
    open.turn();
    CHECK(open.updates == 1);
    CHECK(open.done == 0);
    open.calls->complete(open.call, COCKPIT_GONE, text("{}"));
    open.turn();
    CHECK(open.done == 1);
    if (!reached) return;
  }
  FAIL("an update allocates more often than that");
}
