#include "bench.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

namespace bench {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path host_program() {
  return COCKPIT_HOST_PROGRAM;
}
fs::path plugin_file(const std::string& plugin) {
  return fs::path{TEST_PLUGINS} / (plugin + ".so");
}

void touch(const fs::path& file, const std::string& content) {
  std::ofstream out{file, std::ios::binary};
  out << content;
  REQUIRE(out.good());
}

std::string content_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream{file, std::ios::binary}.rdbuf();
  return text.str();
}

Bench::Bench(const std::function<void(host::views::ServiceOptions&)>& change) {
  fs::create_directory(folder());
  host::views::ServiceOptions options;
  options.version = "test";
  options.principal_id = options.principal_name = "mary";
  options.audit_file = file("audit.jsonl");
  options.registry.folder = folder();
  options.registry.state = file("state");
  options.registry.program = host_program();
  if (change) change(options);
  service = std::make_unique<host::views::Service>(io, std::move(options));
}

Bench::~Bench() {
  stop();
}

void Bench::stop() {
  if (!begun_ || std::exchange(stopped_, true)) return;
  bool over = false;
  service->stop([&over](bool) { over = true; });
  until([&over] { return over; });
}

void Bench::drop(const std::string& plugin, const std::string& as) const {
  const auto part = file("part");
  fs::copy_file(plugin_file(plugin), part, fs::copy_options::overwrite_existing);
  fs::rename(part, folder() / ((as.empty() ? plugin : as) + ".so"));
}

void Bench::remove(const std::string& name) const {
  REQUIRE(fs::remove(folder() / name));
}

void Bench::start() {
  begin();
  until([this] { return looked_; }, std::chrono::seconds{120});
}

void Bench::begin() {
  begun_ = true;
  service->start([this] { looked_ = true; });
}

void Bench::until(const std::function<bool()>& condition, std::chrono::seconds most) {
  const auto deadline = std::chrono::steady_clock::now() + most;
  const auto work = boost::asio::make_work_guard(io);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) FAIL("waited for " << most.count() << " s in vain");
    io.restart();
    io.run_one_for(std::chrono::milliseconds{20});
  }
}

std::string Bench::state(const std::string& name) const {
  for (const auto* entry : service->registry().entries())
    if (entry->file == name) return entry->state();
  return "gone";
}

std::string Bench::reason(const std::string& name) const {
  for (const auto* entry : service->registry().entries())
    if (entry->file == name) return entry->reason;
  return {};
}

void Bench::until_state(const std::string& name, const std::string& wanted) {
  INFO(name << " is " << state(name) << " " << reason(name));
  until([&] { return state(name) == wanted; });
}

host::views::Question Bench::question(const std::string& plugin) const {
  host::views::Question question;
  question.plugin = plugin;
  question.at = "views/stones/lists/all";
  return question;
}

void Bench::ask(Said& into, const std::string& plugin) {
  service->read(question(plugin), [&into](cockpit_status status, std::string body) {
    into = {true, status, std::move(body)};
  });
}

Said Bench::read(const std::string& plugin) {
  Said said;
  ask(said, plugin);
  until([&said] { return said.came; });
  return said;
}

host::views::Runs::Begun Bench::act(const std::string& key, const std::string& action) {
  host::views::RunStart start;
  start.question.plugin = "hostile";
  start.action.action = action;
  start.action.run = key;
  if (action == "throw") start.action.ids = {"flint"};
  return service->begin(start);
}

std::string Bench::run(const std::string& key) const {
  for (const auto& kept : service->runs().all())
    if (json::parse(kept).at("key") == key) return kept;
  return "null";
}

std::string Bench::audit() const {
  return content_of(file("audit.jsonl"));
}

Environment::Environment(const std::string& name, const std::string& value) : name_(name) {
  ::setenv(name.c_str(), value.c_str(), 1);
}
Environment::~Environment() {
  ::unsetenv(name_.c_str());
}

}  // namespace bench
