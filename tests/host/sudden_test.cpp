// A plugin that ends the process it is in: never success without an answer, and it is known whose call it
// was.
#include <signal.h>
#include <sys/wait.h>

#include "program.hpp"

using bench::Place;
using bench::Program;
using nlohmann::json;

namespace {

bench::Finished run_in(const Place& place, const std::string& command) {
  return bench::run_program(place.arguments(command));
}

}  // namespace

TEST_CASE("a command in which a plugin ends the process is a failure, and says whose call it was") {
  const auto [plugin, words] = GENERATE(table<std::string, std::string>({
      {"exits_in_read", "ended by itself (exit code 0)"},
      {"vanishes_in_read", "ended by itself (exit code 0)"},
      {"crashes_in_read", "was ended by SIGABRT"},
  }));
  CAPTURE(plugin);
  const Place place;
  place.drop(plugin);
  for (const auto* form : {"", " --json", " --csv"}) {
    const auto finished = run_in(place, "view hostile.all" + std::string{form});
    CHECK(finished.code == 1);
    CHECK(finished.out.empty());
    CHECK_THAT(finished.messages, ContainsSubstring(words) && ContainsSubstring("before it had an answer") &&
                                      ContainsSubstring(plugin + ".so: it was in a call of invoke"));
  }
  // The next one knows it, too, and shows it beside the plugin.
  const auto listed = run_in(place, "plugins");
  CHECK_THAT(listed.out + listed.messages, ContainsSubstring("it was in a call of invoke"));
  CHECK(run_in(place, "plugins").messages.find("unexpectedly") == std::string::npos);
}

TEST_CASE("a host that a plugin ended says at its next start whose call it was") {
  const Place place;
  place.drop("crashes_in_read");
  place.drop("smallest");
  {
    Program first{place};
    const int socket = first.send("POST /api/read", R"({"plugin":"hostile","at":"views/stones/lists/all"})");
    CHECK(first.wait() == -SIGABRT);
    ::close(socket);
  }
  Program next{place};
  CHECK_THAT(next.messages(),
             ContainsSubstring("the host ended unexpectedly at an earlier run; of the plugin "
                               "crashes_in_read.so: it was in a call of invoke"));
  std::size_t noted = 0;
  const auto host = next.ask("GET /api/host").as_json();
  for (const auto& plugin : host.at("plugins")) {
    CHECK(plugin.at("state") == "serving");
    if (plugin.at("reason") == "") continue;
    ++noted;
    CHECK(plugin.at("file") == "crashes_in_read.so");
    CHECK_THAT(plugin.at("reason").get<std::string>(),
               ContainsSubstring("take its file out of the plugin folder"));
  }
  CHECK(noted == 1);
}

TEST_CASE("a host in which a plugin calls exit(0) has not ended well") {
  const Place place;
  place.drop("exits_in_read");
  {
    Program host{place};
    const int socket = host.send("POST /api/read", R"({"plugin":"hostile","at":"views/stones/lists/all"})");
    CHECK(host.wait() == 1);
    CHECK_THAT(host.messages(), ContainsSubstring("called exit()"));
    ::close(socket);
  }
  Program next{place};
  CHECK_THAT(next.messages(), ContainsSubstring("exits_in_read.so: it was in a call of invoke"));
}

TEST_CASE("a host that was asked to stop blames no plugin") {
  const Place place;
  place.drop("keeps_reads");
  {
    Program host{place};
    const int socket = host.send("POST /api/read", R"({"plugin":"hostile","at":"views/stones/lists/all"})");
    host.signal(SIGTERM);
    CHECK(host.wait() == 0);
    ::close(socket);
  }
  Program next{place};
  CHECK(next.messages().find("unexpectedly") == std::string::npos);
}

TEST_CASE("a host that was killed while a plugin owed it answers says so at its next start") {
  const Place place;
  place.drop("keeps_reads");
  const bench::Environment trace{"HOSTILE_TRACE", (place / "asked").string()};
  {
    Program host{place};
    std::filesystem::remove(place / "asked");  // left when it was loaded
    const int socket = host.send("POST /api/read", R"({"plugin":"hostile","at":"views/stones/lists/all"})");
    bench::eventually([&] { return std::filesystem::exists(place / "asked"); });
    // The call is over on the lane by the time the host answers something that was asked after it.
    CHECK(host.ask("GET /api/host").status == 200);
    host.signal(SIGKILL);
    host.wait();
    ::close(socket);
  }
  Program next{place};
  CHECK_THAT(next.messages(), ContainsSubstring("keeps_reads.so: it "));
}

TEST_CASE("a read ends with the one who asked") {
  const Place place;
  place.drop("keeps_reads");
  const bench::Environment trace{"HOSTILE_TRACE", (place / "asked").string()};
  const bench::Environment cancelled{"HOSTILE_CANCELLED", (place / "cancelled").string()};
  Program host{place};
  std::filesystem::remove(place / "asked");
  const int socket = host.send("POST /api/read", R"({"plugin":"hostile","at":"views/stones/lists/all"})");
  const int other = host.send("POST /api/read", R"({"plugin":"hostile","at":"views/stones/lists/all"})");
  bench::eventually([&] { return std::filesystem::exists(place / "asked"); });
  ::close(socket);
  CHECK(host.ask("GET /api/host").status == 200);
  CHECK_FALSE(std::filesystem::exists(place / "cancelled"));  // one of them still waits
  ::close(other);
  bench::eventually([&] { return std::filesystem::exists(place / "cancelled"); });
}

TEST_CASE("SIGHUP takes the configuration anew, all or nothing, and says what cannot change") {
  const Place place;
  place.drop("refuses_settings");
  const auto configure = [&](const std::string& more, const std::string& engine) {
    bench::touch(place / "host.toml",
                 more + "\n[[engine]]\nid = \"" + engine + "\"\nnodes = [\"http://127.0.0.1:9\"]\n");
  };
  configure("", "first");
  Program host{place, {"--config", (place / "host.toml").string()}};
  const auto engine = [&] { return host.ask("GET /api/host").as_json().at("engines").at(0).at("id"); };
  CHECK(engine() == "first");
  configure("port = 7777\nread_only = true", "second");
  host.signal(SIGHUP);
  host.until_says("the configuration is taken");
  CHECK(engine() == "second");
  CHECK(host.ask("GET /api/host").as_json().at("readOnly") == true);
  CHECK(host.post("/api/runs", R"({"plugin":"hostile","action":"count","key":"k"})").status == 403);
  // A plugin that refuses it keeps everybody at the old one.
  configure("", "third");
  bench::touch(place / "host.toml",
               bench::content_of(place / "host.toml") + "[plugin.hostile]\nwith = \"mud\"\n");
  host.signal(SIGHUP);
  host.until_says("everything is as before: the plugin hostile refuses it: Refused: no mud here");
  CHECK(engine() == "second");
  // So does a file that is none.
  bench::touch(place / "host.toml", "engine = 7\n");
  host.signal(SIGHUP);
  host.until_says("engines are written as [[engine]]");
  CHECK(engine() == "second");
  CHECK(host.post("/api/read", R"({"plugin":"hostile","at":"views/stones/lists/all","engines":["second"]})")
            .status == 200);
}

TEST_CASE("what cannot change while the host runs is said by its name") {
  const Place place;
  place.drop("smallest");
  bench::touch(place / "host.toml", "log_level = \"info\"\n");
  Program host{place, {"--config", (place / "host.toml").string()}};
  bench::touch(place / "host.toml", "log_level = \"error\"\naudit_file = \"elsewhere.jsonl\"\n");
  host.signal(SIGHUP);
  host.until_says("not while the host runs, start it again for: audit_file, log_level");
  host.until_says("the configuration is taken");
}

TEST_CASE(
    "the terminal says what is wrong with an answer, shows the good rows, and never an empty list instead") {
  const Place odd;
  odd.drop("odd_rows");
  auto finished = run_in(odd, "view hostile.all");
  CHECK_THAT(finished.out, ContainsSubstring("flint") && ContainsSubstring("chert") &&
                               ContainsSubstring("! The plugin's answer has a fault: row 1 is a number"));
  finished = run_in(odd, "view hostile.all --csv");
  CHECK_THAT(finished.out, ContainsSubstring("flint\r\nchert\r\n"));
  const Place none;
  none.drop("no_rows");
  finished = run_in(none, "view hostile.all");
  CHECK(finished.code != 0);
  CHECK_THAT(finished.messages, ContainsSubstring("is a text where a list is owed"));
  CHECK(finished.messages.find("json.exception") == std::string::npos);
}

TEST_CASE(
    "the terminal refuses what an action does not declare, and fills in what it does, as the page's way "
    "does") {
  const Place place;
  place.drop("everything");
  const auto act = [&](const std::string& more) {
    return run_in(place, "do everything.demolish L1012 --yes --engine http://127.0.0.1:9 " + more);
  };
  CHECK_THAT(act("--param reason=storm --param hard=true").messages,
             ContainsSubstring("no parameter \"hard\""));
  CHECK_THAT(act("").messages, ContainsSubstring("\"reason\" is missing"));
  CHECK(act("--param reason=storm").code == 0);
  const auto lines = bench::lines_of(place.audit());
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].at("event") == "refused");
  CHECK(lines[1].at("event") == "refused");
  CHECK(lines[2].at("params").at("how") == "hand");
}
