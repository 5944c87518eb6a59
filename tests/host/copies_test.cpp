// The private copies of plugin libraries: gone with their process, however it ended.
#include <signal.h>
#include <unistd.h>

#include <set>

#include "serving.hpp"

namespace fs = std::filesystem;

namespace {

std::set<fs::path> folders_in(const fs::path& at) {
  std::set<fs::path> all;
  for (const auto& one : fs::directory_iterator{at}) all.insert(one.path());
  return all;
}

}  // namespace

TEST_CASE("the copies of a process that was killed are removed by the next start, no others") {
  const bench::Scratch scratch;
  const auto temporary = scratch / "temporary";
  const auto plugins = (scratch / "plugins").string();
  fs::create_directory(temporary);
  fs::create_directory(plugins);
  fs::copy_file(bench::plugin_file("smallest"), fs::path{plugins} / "smallest.so");
  const bench::Environment there{"TMPDIR", temporary.string()};

  bench::Serving alive{scratch, plugins};
  bench::wait_until([&] { return folders_in(temporary).size() == 1; });
  const auto of_alive = folders_in(temporary);
  REQUIRE(of_alive.size() == 1);
  const auto name = of_alive.begin()->filename().string();
  {
    bench::Serving killed{scratch, plugins};
    bench::wait_until([&] { return folders_in(temporary).size() == 2; });
    killed.end(SIGKILL);
  }
  REQUIRE(folders_in(temporary).size() == 2);
  auto left_behind = folders_in(temporary);
  left_behind.erase(*of_alive.begin());

  // What only looks like one: a file, a link to a folder, and (as root) somebody else's folder.
  auto kept = of_alive;
  const auto like = [&](const std::string& ending) {
    const auto path = temporary / (name.substr(0, name.size() - 6) + ending);
    kept.insert(path);
    return path;
  };
  bench::touch(like("aFile0"));
  fs::create_directory(scratch / "elsewhere");
  bench::touch(scratch / "elsewhere" / "precious");
  fs::create_directory_symlink(scratch / "elsewhere", like("aLink0"));
  if (::geteuid() == 0) {
    const auto foreign = like("other0");
    fs::create_directory(foreign);
    REQUIRE(::chown(foreign.c_str(), 65534, 65534) == 0);
  }

  {
    const bench::Serving next{scratch, plugins};
    bench::wait_until([&] { return !fs::exists(*left_behind.begin()); });
  }
  CHECK(folders_in(temporary) == kept);
  CHECK(fs::exists(scratch / "elsewhere" / "precious"));

  alive.end(SIGTERM);
  kept.erase(*of_alive.begin());
  CHECK(folders_in(temporary) == kept);
}
