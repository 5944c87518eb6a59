// How the files of the plugin folder are tried: several at once, each served as soon as it passed.
#include <nlohmann/json.hpp>

#include "bench.hpp"

using bench::Bench;
namespace fs = std::filesystem;

TEST_CASE("plugins are probed at the same time: four that wait for each other all serve") {
  Bench bench;
  fs::create_directory(bench.file("meeting"));
  const bench::Environment meeting{"HOSTILE_MEETING", bench.file("meeting").string()};
  for (const auto* name : {"meets_a", "meets_b", "meets_c", "meets_d"}) bench.drop(name);
  bench.start();
  for (const auto* name : {"meets_a.so", "meets_b.so", "meets_c.so", "meets_d.so"}) {
    CAPTURE(name, bench.reason(name));
    CHECK(bench.state(name) == "serving");
  }
}

TEST_CASE("a plugin serves while another one hangs in its probe, and each keeps its place") {
  Bench bench;
  bench.drop("hang_in_constructor", "a");
  bench.drop("smallest", "b");
  bench.begin();
  bench.until_state("b.so", "serving");
  CHECK(bench.read("smallest").status == COCKPIT_OK);
  CHECK(bench.state("a.so") == "starting");
  const auto entries = bench.service->registry().entries();
  REQUIRE(entries.size() == 2);
  CHECK(entries[0]->file == "a.so");
  CHECK(entries[1]->file == "b.so");
}

TEST_CASE("of two plugins with one id the first by name serves, also when its probe takes longer") {
  Bench bench;
  const bench::Environment release{"HOSTILE_RELEASE", bench.file("release").string()};
  bench.drop("waits_in_constructor", "a");
  bench.drop("well_behaved_2", "b");
  bench.begin();
  bench.until_state("b.so", "serving");
  bench::touch(bench.file("release"));
  bench.until([&bench] { return bench.looked(); });
  CHECK(bench.state("a.so") == "serving");
  CHECK(bench.state("b.so") == "refused");
  CHECK_THAT(bench.reason("b.so"), ContainsSubstring("\"hostile\" is served by a.so"));
  CHECK_THAT(bench.read().body, ContainsSubstring("\"from\":\"1.0.0\""));
}

TEST_CASE("the files over what a folder may hold are said, and served once there is room") {
  Bench bench;
  for (std::size_t i = 0; i < host::loader::most_files; ++i)
    bench::touch(bench.folder() / ("a" + std::to_string(1000 + i) + ".so"), "no library");
  bench.drop("smallest", "z");
  bench::touch(bench.folder() / "zz.so", "no library");
  bench.start();
  CHECK(bench.state("z.so") == "gone");
  CHECK(bench.service->registry().entries().size() == host::loader::most_files + 1);
  const auto* last = bench.service->registry().entries().back();
  CHECK(last->file == "2 more files");
  CHECK(last->state() == "refused");
  CHECK_THAT(last->reason, ContainsSubstring("more than 256 files"));
  CHECK_THAT(bench.service->state_json(), ContainsSubstring("2 more files"));
  for (std::size_t i = 0; i < host::loader::most_files; ++i)
    bench.remove("a" + std::to_string(1000 + i) + ".so");
  bench.until_state("z.so", "serving");
  CHECK(bench.state("2 more files") == "gone");
}
