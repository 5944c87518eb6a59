// The plugin folder: what is refused and why, what comes, goes and is replaced; and that all others go on
// serving meanwhile.
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "bench.hpp"

using bench::Bench;
namespace fs = std::filesystem;

namespace {

constexpr const char* good = "smallest.so";

struct Bad {
  const char* plugin;
  const char* cause;  // words of the reason that a person sees
};

// What a program prints, and how it ended.
struct Ended {
  std::string out;
  int status = 0;
};

Ended run_host(const std::string& arguments) {
  Ended ended;
  FILE* pipe = ::popen((bench::host_program().string() + " " + arguments + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  char block[4096];
  while (const auto count = std::fread(block, 1, sizeof block, pipe)) ended.out.append(block, count);
  ended.status = ::pclose(pipe);
  return ended;
}

}  // namespace

TEST_CASE(
    "plugins that crash, hang or break the contract are refused with the cause, and the good one serves") {
  const Bad all[] = {
      {"crash_in_constructor", "crashed in the probe (SIGABRT) while it was loaded"},
      {"exit_in_constructor", "ended the probe by itself (exit code 7)"},
      {"crash_in_entry", "crashed in the probe (SIGABRT) while it was entered"},
      {"crash_in_create", "crashed in the probe (SIGABRT)"},
      {"crash_in_describe", "crashed in the probe (SIGKILL)"},
      {"crash_in_destroy", "crashed in the probe (SIGABRT) while it was stopped"},
      {"no_entry", "does not export cockpit_plugin_entry_v1"},
      {"entry_of_version_9", "another major version"},
      {"silent_refusal", "gave no reason"},
      {"refuses_to_be_created", "the moon is not full"},
      {"refuses_to_describe", "could not describe itself"},
      {"requires_telepathy", "cockpit.telepathy/1"},
      {"other_draft", "draft"},
      {"id_with_dots", "[a-z0-9-]"},
      {"garbage_description", "not JSON"},
      {"brackets", "deeper than 32"},
      {"broken_schema", "views/stones/kind has to be one of \"list\", \"details\", and is \"carousel\""},
      {"dangling_view", "a view that is not there"},
      {"large_description", "larger than 256 KiB"},
      {"huge_description", "larger than 256 KiB"},
      {"null_cancel", "cancel is null"},
      {"null_open", "cockpit.authority/1: open is null"},
      {"describes_another", "its description is of \"another\", and the library is \"hostile\""},
      {"requires_holograms", "requires what this host does not have: section.hologram smell.rose"},
      {"two_lists_of_one_id", "views/stones/lists has two with the id \"all\""},
  };
  Bench bench;
  bench.drop("smallest");
  for (const auto& bad : all) bench.drop(bad.plugin);
  bench.start();
  for (const auto& bad : all) {
    const auto file = std::string{bad.plugin} + ".so";
    CAPTURE(file);
    CHECK(bench.state(file) == "refused");
    CHECK_THAT(bench.reason(file), ContainsSubstring(bad.cause));
  }
  CHECK(bench.state(good) == "serving");
  CHECK(bench.read("smallest").status == COCKPIT_OK);
}

TEST_CASE("a plugin that hangs is given up, and the others serve") {
  const auto bad =
      GENERATE(Bad{"hang_in_create", "did not come back from being created"},
               Bad{"hang_in_describe", "has not come back from a call"},
               Bad{"hang_in_stop", "did not stop within 5 s"}, Bad{"never_stops", "did not stop within 5 s"});
  const auto file = std::string{bad.plugin} + ".so";
  CAPTURE(file);
  Bench bench;
  bench.drop("smallest");
  bench.drop(bad.plugin);
  bench.start();
  CHECK(bench.state(file) == "refused");
  CHECK_THAT(bench.reason(file), ContainsSubstring(bad.cause));
  CHECK(bench.read("smallest").status == COCKPIT_OK);
}

TEST_CASE("no code of a library without the entry ever runs") {
  Bench bench;
  const bench::Environment trace{"HOSTILE_TRACE", bench.file("trace").string()};
  bench.drop("no_entry");
  bench.drop("entry_of_version_9");
  bench.start();
  CHECK(bench.state("no_entry.so") == "refused");
  CHECK_FALSE(fs::exists(bench.file("trace")));
  bench.drop("well_behaved");  // which leaves the trace
  bench.until_state("well_behaved.so", "serving");
  CHECK(fs::exists(bench.file("trace")));
}

TEST_CASE("what is no trustworthy library file is refused with the cause") {
  Bench bench;
  bench.drop("smallest");
  const auto whole = bench::content_of(bench::plugin_file("everything"));
  const auto at = bench.folder();
  bench::touch(at / "empty.so");
  bench::touch(at / "text.so", "This is no library.\n");
  bench::touch(at / "half.so", whole.substr(0, whole.size() / 2));
  bench::touch(at / "head.so", whole.substr(0, 100));
  fs::create_directory(at / "folder.so");
  bench::touch(bench.file("elsewhere.so"), bench::content_of(bench::plugin_file("well_behaved")));
  fs::create_symlink(bench.file("elsewhere.so"), at / "leads-out.so");
  fs::create_symlink("nowhere.so", at / "leads-nowhere.so");
  bench::touch(at / "for-all.so", bench::content_of(bench::plugin_file("well_behaved")));
  REQUIRE(::chmod((at / "for-all.so").c_str(), 0666) == 0);
  REQUIRE(::mkfifo((at / "fifo.so").c_str(), 0600) == 0);
  bench::touch(at / ".hidden.so", "not looked at");
  // A good library but for one field of its head.
  const auto changed = [&whole](std::size_t place, const std::string& bytes) {
    return whole.substr(0, place) + bytes + whole.substr(place + bytes.size());
  };
  bench::touch(at / "arm.so", changed(18, std::string{"\xb7\0", 2}));
  bench::touch(at / "narrow.so", changed(4, "\x01"));
  bench::touch(at / "object.so", changed(16, std::string{"\x01\0", 2}));
  bench::touch(at / "windows.dll", "MZ and so on");
  bench::touch(at / "damaged.so", changed(40, std::string{"\x01\0\0\0\0\0\0\0", 8}));  // its section table
  for (const auto* name : {"needs_missing_library", "needs_missing_symbol"}) bench.drop(name);
  for (const auto* name : {"notes.so~", "README.txt", "batch.so.bak", "libold.so.1"})
    bench::touch(at / name, "not looked at");
  bench.start();
  const Bad all[] = {
      {"empty.so", "it is empty"},
      {"text.so", "no shared library"},
      {"half.so", "cut off"},
      {"head.so", "cut off"},
      {"arm.so", "another processor (64-bit ARM); this host runs on x86-64"},
      {"narrow.so", "32-bit"},
      {"object.so", "no shared library but a program or an object file"},
      {"windows.dll", "for Windows"},
      {"damaged.so", "damaged"},
      {"needs_missing_library.so", "it needs the library libnowhere.so.7, which is not installed"},
      {"needs_missing_symbol.so", "it needs the symbol from_nowhere, which none of its libraries has"},
      {"folder.so", "no regular file"},
      {"leads-out.so", "leads out of the plugin folder"},
      {"leads-nowhere.so", "No such file"},
      {"for-all.so", "written by everybody"},
      {"fifo.so", "no regular file"}};
  for (const auto& bad : all) {
    CAPTURE(bad.plugin);
    CHECK(bench.state(bad.plugin) == "refused");
    CHECK_THAT(bench.reason(bad.plugin), ContainsSubstring(bad.cause));
    // No library of ours speaks to people.
    for (const auto* word :
         {"boost", "basic_ios", "iostream", "json.exception", "Bad file descriptor", "/tmp"})
      CHECK(bench.reason(bad.plugin).find(word) == std::string::npos);
  }
  for (const auto* name : {".hidden.so", "notes.so~", "README.txt", "batch.so.bak", "libold.so.1"})
    CHECK(bench.state(name) == "gone");
  CHECK(bench.read("smallest").status == COCKPIT_OK);
}

TEST_CASE("a file that others may write serves as soon as they may not") {
  Bench bench;
  bench.drop("smallest");
  REQUIRE(::chmod((bench.folder() / good).c_str(), 0666) == 0);
  bench.start();
  CHECK_THAT(bench.reason(good), ContainsSubstring("written by everybody"));
  REQUIRE(::chmod((bench.folder() / good).c_str(), 0644) == 0);
  bench.until_state(good, "serving");
}

TEST_CASE("nothing is loaded from a folder that others may write, until they may not") {
  Bench bench;
  bench.drop("smallest");
  REQUIRE(::chmod(bench.folder().c_str(), 0777) == 0);
  bench.start();
  CHECK(bench.state(good) == "gone");
  CHECK_THAT(bench.service->registry().folder_reason(), ContainsSubstring("written by everybody"));
  CHECK_THAT(bench.service->state_json(), ContainsSubstring("written by everybody"));
  REQUIRE(::chmod(bench.folder().c_str(), 0755) == 0);
  bench.until_state(good, "serving");
  CHECK(bench.service->registry().folder_reason().empty());
}

TEST_CASE("a folder that is not there is said, and used once it is") {
  Bench bench;
  fs::remove(bench.folder());
  bench.start();
  CHECK_THAT(bench.service->registry().folder_reason(), ContainsSubstring("No such file"));
  fs::create_directory(bench.folder());
  bench.drop("smallest");
  bench.until_state(good, "serving");
}

TEST_CASE("a file dropped while the host runs appears, and disappears with the file") {
  Bench bench;
  bench.start();
  CHECK(bench.service->registry().entries().empty());
  bench.drop("smallest");
  bench.until_state(good, "serving");
  CHECK(bench.read("smallest").status == COCKPIT_OK);
  bench.remove(good);
  bench.until_state(good, "gone");
  CHECK(bench.read("smallest").status == COCKPIT_UNAVAILABLE);
}

TEST_CASE("files that go one after the other all disappear, and who stays is not disturbed") {
  Bench bench;
  bench.drop("smallest");
  bench::touch(bench.folder() / "a.so", "no library");
  bench::touch(bench.folder() / "b.so", "no library either");
  bench.start();
  const auto before = bench.service->registry().find("smallest")->runtime;
  bench.remove("a.so");
  bench.until_state("a.so", "gone");
  bench.remove("b.so");
  bench.until_state("b.so", "gone");
  bench.drop("well_behaved");  // two more looks at the folder have been taken once it serves
  bench.until_state("well_behaved.so", "serving");
  CHECK(bench.service->registry().find("smallest")->runtime == before);
}

TEST_CASE("a replaced file is served anew, and an action that runs is finished by the old one") {
  Bench bench;
  const bench::Environment release{"HOSTILE_RELEASE", bench.file("release").string()};
  bench.drop("slow_action", "plugin");
  bench.start();
  REQUIRE(bench.act("first").status == COCKPIT_OK);
  bench.drop("well_behaved_2", "plugin");
  bench.until([&] {
    return bench.service->registry().find("hostile") != nullptr &&
           bench.service->registry().find("hostile")->version == "2.0.0";
  });
  CHECK_THAT(bench.read().body, ContainsSubstring("\"from\":\"2.0.0\""));
  CHECK_THAT(bench.run("first"), ContainsSubstring("\"state\":\"running\""));
  bench::touch(bench.file("release"));
  bench.until([&] { return bench.service->runs().running() == 0; });
  CHECK_THAT(bench.run("first"), ContainsSubstring("done by 1.0.0"));
}

TEST_CASE("a file replaced by a bad one is reported, and the old content goes on serving") {
  Bench bench;
  bench.drop("well_behaved", "plugin");
  bench.start();
  bench.drop("crash_in_create", "plugin");
  bench.until([&] { return !bench.reason("plugin.so").empty(); });
  CHECK_THAT(bench.reason("plugin.so"), ContainsSubstring("crashed in the probe"));
  CHECK(bench.state("plugin.so") == "serving");
  CHECK(bench.read().status == COCKPIT_OK);
}

TEST_CASE("of two plugins with one id the one that serves stays, and the other takes over when it goes") {
  Bench bench;
  bench.drop("well_behaved", "a");
  bench.drop("well_behaved_2", "b");
  bench.start();
  CHECK(bench.state("a.so") == "serving");
  CHECK(bench.state("b.so") == "refused");
  CHECK_THAT(bench.reason("b.so"), ContainsSubstring("\"hostile\" is served by a.so"));
  CHECK_THAT(bench.read().body, ContainsSubstring("\"from\":\"1.0.0\""));
  bench.remove("a.so");
  bench.until_state("b.so", "serving");
  CHECK_THAT(bench.read().body, ContainsSubstring("\"from\":\"2.0.0\""));
}

TEST_CASE("a plugin that is turned off is not loaded, and says so") {
  Bench bench{[](auto& options) { options.registry.disabled = {"hostile"}; }};
  bench.drop("well_behaved");
  bench.start();
  CHECK(bench.state("well_behaved.so") == "refused");
  CHECK_THAT(bench.reason("well_behaved.so"), ContainsSubstring("turned off"));
}

TEST_CASE("a host started without plugins loads none") {
  Bench bench{[](auto& options) { options.registry.none = true; }};
  bench.drop("smallest");
  bench.start();
  CHECK(bench.service->registry().entries().empty());
  CHECK_THAT(bench.service->registry().folder_reason(), ContainsSubstring("without plugins"));
}

TEST_CASE("the plugins over the limit are refused by name") {
  Bench bench;
  for (std::size_t i = 0; i < host::loader::most_plugins + 2; ++i)
    bench.drop("well_behaved", "p" + std::to_string(100 + i));
  bench.start();
  CHECK(bench.state("p100.so") == "serving");
  CHECK_THAT(bench.reason("p163.so"), ContainsSubstring("is served by p100.so"));
  CHECK_THAT(bench.reason("p164.so"), ContainsSubstring("more than 64 plugins"));
  CHECK_THAT(bench.reason("p165.so"), ContainsSubstring("more than 64 plugins"));
}

TEST_CASE("a plugin that hangs when it is created here, though not in the probe, holds nobody up") {
  const bench::Environment hangs{"COCKPIT_HOSTILE_HANGS", "1"};
  auto bench = std::make_unique<Bench>();
  bench->drop("hang_in_create_of_the_host");
  bench->drop("smallest");
  bench->start();
  CHECK(bench->read("smallest").status == COCKPIT_OK);
  CHECK(bench->state("hang_in_create_of_the_host.so") != "serving");
  CHECK_FALSE(bench->reason("hang_in_create_of_the_host.so").empty());
  // Its thread never ends; nothing it uses may be taken from under it, so this process ends with both.
  static const Bench* kept = nullptr;
  kept = bench.release();
  CHECK(kept != nullptr);
}

TEST_CASE("a plugin that takes the host down when it starts is not started again, by name") {
  const bench::Scratch scratch;
  fs::create_directory(scratch / "plugins");
  fs::copy_file(bench::plugin_file("crash_in_create_of_the_host"), scratch / "plugins/bad.so");
  fs::copy_file(bench::plugin_file("smallest"), scratch / "plugins/smallest.so");
  const auto arguments =
      "plugins --plugins " + (scratch / "plugins").string() + " --state " + (scratch / "state").string();
  const bench::Environment crashes{"COCKPIT_HOSTILE_CRASHES", "1"};
  const auto first = run_host(arguments);
  CHECK(first.status != 0);
  const auto second = run_host(arguments);
  CHECK(WEXITSTATUS(second.status) == 3);  // one is refused
  CHECK_THAT(second.out, ContainsSubstring("the host died while it started this very file"));
  CHECK_THAT(second.out, ContainsSubstring("smallest.so  serving"));
}
