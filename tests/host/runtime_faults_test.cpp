// What a plugin may say or leave unsaid once it serves: garbage, floods, forged events, twice, never, late;
// and what hangs.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "bench.hpp"
#include "loader/loaded_library.hpp"

using bench::Bench;
using bench::Said;
using nlohmann::json;

namespace {

std::unique_ptr<Bench> served(const std::string& plugin,
                              const std::function<void(host::views::ServiceOptions&)>& change = {}) {
  auto bench = std::make_unique<Bench>(change);
  bench->drop(plugin);
  bench->start();
  CAPTURE(bench->reason(plugin + ".so"));
  REQUIRE(bench->state(plugin + ".so") == "serving");
  return bench;
}

void quick_thread(host::views::ServiceOptions& options) {
  options.registry.runtime.thread_patience = std::chrono::milliseconds{100};
}

const host::loader::Runtime& runtime_of(const Bench& bench) {
  return *bench.service->registry().find("hostile")->runtime;
}

}  // namespace

TEST_CASE("a body that is no JSON is refused with the cause, and the plugin goes on serving") {
  const auto [plugin, cause] =
      GENERATE(std::pair{"garbage_body", "not JSON"}, std::pair{"deep_body", "deeper than 32"},
               std::pair{"forged_event", "not JSON"});
  CAPTURE(plugin);
  const auto bench = served(plugin);
  const auto said = bench->read();
  CHECK(said.status == COCKPIT_INTERNAL);
  CHECK_THAT(said.body, ContainsSubstring(cause));
  CHECK(said.body.find("forged") == std::string::npos);
  CHECK(runtime_of(*bench).counts().malformed == 1);
  CHECK(bench->state(std::string{plugin} + ".so") == "serving");
}

TEST_CASE("line breaks between the tokens of a body become spaces, so that it stays one line of an event") {
  const auto bench = served("blank_lines");
  const auto said = bench->read();
  CHECK(said.status == COCKPIT_OK);
  CHECK(said.body.find('\n') == std::string::npos);
  CHECK(said.body.find('\r') == std::string::npos);
  CHECK(json::parse(said.body) == json{{"rows", json::array()}, {"note", "event: run"}, {"total", 0}});
}

TEST_CASE("a second completion and one of a call that never was are dropped and counted") {
  const auto bench = served("answers_twice");
  const auto said = bench->read();
  CHECK(said.status == COCKPIT_OK);
  CHECK_THAT(said.body, ContainsSubstring("flint"));
  // Each completion is a message of its own; the second may still be on its way.
  bench->until([&bench] { return runtime_of(*bench).counts().stale == 2; });
}

TEST_CASE("a call that is never answered ends at its deadline") {
  const auto bench =
      served("never_answers", [](auto& options) { options.read_deadline = std::chrono::milliseconds{200}; });
  const auto said = bench->read();
  CHECK(said.status == COCKPIT_TIMEOUT);
  CHECK_THAT(said.body, ContainsSubstring("did not answer within 200 ms"));
}

TEST_CASE("the reads over what a plugin may owe are refused at once") {
  const auto bench =
      served("never_answers", [](auto& options) { options.read_deadline = std::chrono::milliseconds{300}; });
  std::vector<Said> all(host::loader::host_limits.open_calls + 1);
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto question = bench->question();
    question.first = i;  // equal questions would be asked once
    bench->service->read(question, [&said = all[i]](cockpit_status status, std::string body) {
      said = {true, status, std::move(body)};
    });
  }
  CHECK(all.back().came);
  CHECK(all.back().status == COCKPIT_BUSY);
  bench->until(
      [&] { return std::all_of(all.begin(), all.end(), [](const Said& said) { return said.came; }); });
  CHECK(all.front().status == COCKPIT_TIMEOUT);
}

TEST_CASE("a flood of log lines is cut to what a second may hold, each on one harmless line") {
  const auto entry = host::loader::load_for_good(bench::plugin_file("log_flood"));
  REQUIRE(entry);
  Bench bench;
  std::vector<std::string> lines;
  host::loader::RuntimeOptions options;
  options.log = [&lines](std::uint32_t, const std::string& line) { lines.push_back(line); };
  const auto runtime = host::loader::Runtime::make(bench.io, *entry, options);
  bool over = false;
  runtime->start(R"({"engines":[],"settings":{}})",
                 [&over](const std::string&, const std::string&) { over = true; });
  bench.until([&over] { return over; });
  Said said;
  host::loader::CallEvents events;
  events.done = [&said](cockpit_status status, std::string body) { said = {true, status, std::move(body)}; };
  host::loader::Ask ask;
  ask.body = R"({"kind":"rows"})";
  runtime->invoke(std::move(ask), std::move(events));
  bench.until([&said] { return said.came; });
  CHECK(said.status == COCKPIT_OK);
  CHECK(lines.size() >= host::loader::host_limits.log_per_second);
  CHECK(lines.size() <=
        10 * host::loader::host_limits.log_per_second);  // of 20,000, within some seconds at the worst
  CHECK(lines.front() == "flood  [31m of lines");
  over = false;
  runtime->stop([&over](bool) { over = true; });
  bench.until([&over] { return over; });
}

TEST_CASE("a plugin that hangs in a call costs only its own page, and comes back") {
  Bench bench{quick_thread};
  const bench::Environment release{"HOSTILE_RELEASE", bench.file("release").string()};
  bench.drop("hang_in_invoke");
  bench.drop("smallest");
  bench.start();
  Said first;
  bench.ask(first);
  bench.until([&] { return first.came; });
  CHECK(first.status == COCKPIT_TIMEOUT);
  CHECK_THAT(first.body, ContainsSubstring("has not come back"));
  CHECK(bench.state("hang_in_invoke.so") == "quarantined");
  CHECK_THAT(bench.service->state_json(), ContainsSubstring("quarantined"));
  const auto refused = bench.read();
  CHECK(refused.status == COCKPIT_UNAVAILABLE);
  CHECK(bench.read("smallest").status == COCKPIT_OK);

  bench::touch(bench.file("release"));
  bench.until_state("hang_in_invoke.so", "serving");
  const auto again = bench.read();
  CHECK(again.status == COCKPIT_OK);
  CHECK_THAT(again.body, ContainsSubstring("flint"));
}

TEST_CASE("equal questions in flight are asked once") {
  Bench bench;
  const bench::Environment release{"HOSTILE_RELEASE", bench.file("release").string()};
  bench.drop("hang_in_invoke");
  bench.start();
  Said one, other;
  bench.ask(one);
  bench.ask(other);
  bench::touch(bench.file("release"));
  bench.until([&] { return one.came && other.came; });
  CHECK(one.body == other.body);
}

TEST_CASE("answers that are not as promised are said with the plugin's name, and the good rows stay") {
  const auto bench = served("odd_rows");
  const auto said = bench->read();
  REQUIRE(said.status == COCKPIT_OK);
  const auto body = json::parse(said.body);
  CHECK(body.at("rows") == json::parse(R"([{"id":"flint"},{"id":"chert"}])"));
  CHECK_FALSE(body.contains("total"));
  CHECK_FALSE(body.contains("totalKind"));
  REQUIRE(body.at("warnings").size() == host::loader::most_notes);
  CHECK_THAT(body.at("warnings").at(0).get<std::string>(),
             ContainsSubstring("row 1 is a number and not an object"));
  CHECK(runtime_of(*bench).violations().of(host::loader::Violation::garbage) == host::loader::most_notes);
}

TEST_CASE("a list without rows, and a status that is none, fail and are no empty list") {
  const auto [plugin, words] =
      GENERATE(table<std::string, std::string>({{"no_rows", "\"rows\\\" is a text where a list is owed"},
                                                {"odd_status", "It returned the unknown status 4711"}}));
  const auto bench = served(plugin);
  const auto said = bench->read();
  CHECK(said.status == COCKPIT_INTERNAL);
  CHECK_THAT(said.body, ContainsSubstring(words));
  CHECK(bench->state(plugin + ".so") == "serving");
}

TEST_CASE("reads in flight are answered by the plugin that replaces theirs") {
  Bench bench;
  bench.drop("keeps_reads", "plugin");
  bench.start();
  constexpr std::size_t count = 40;
  std::vector<Said> said(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto question = bench.question();
    question.first = i;  // each its own question
    question.size = 10;
    bench.service->read(question, [&into = said[i]](cockpit_status status, std::string body) {
      into = {true, status, std::move(body)};
    });
  }
  bench.drop("well_behaved_2", "plugin");
  bench.until(
      [&] { return std::all_of(said.begin(), said.end(), [](const Said& one) { return one.came; }); });
  for (const auto& one : said) {
    CHECK(one.status == COCKPIT_OK);
    CHECK_THAT(one.body, ContainsSubstring("\"from\":\"2.0.0\""));
  }
}

TEST_CASE("a plugin in quarantine says why and what can be done, where its state is shown") {
  Bench bench{quick_thread};
  const bench::Environment release{"HOSTILE_RELEASE", bench.file("release").string()};
  bench.drop("hang_in_invoke");
  bench.start();
  Said said;
  bench.ask(said);
  bench.until([&] { return said.came; });
  const auto shown = json::parse(bench.service->state_json(false)).at("plugins").at(0);
  CHECK(shown.at("state") == "quarantined");
  CHECK_THAT(shown.at("reason").get<std::string>(),
             ContainsSubstring("within 100 ms (invoke)") &&
                 ContainsSubstring("take its file out of the plugin folder"));
  bench::touch(bench.file("release"));
  bench.until_state("hang_in_invoke.so", "serving");
  CHECK(json::parse(bench.service->state_json(false)).at("plugins").at(0).at("reason") == "");
}
