#include "program.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>
#include <thread>

extern char** environ;

namespace bench {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

pid_t spawn(std::vector<std::string> arguments, const fs::path& out, const fs::path& messages) {
  std::vector<char*> pointers;
  auto program = host_program().string();
  pointers.push_back(program.data());
  for (auto& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::posix_spawn_file_actions_addopen(&actions, 2, messages.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t child = -1;
  REQUIRE(::posix_spawn(&child, program.c_str(), &actions, nullptr, pointers.data(), environ) == 0);
  ::posix_spawn_file_actions_destroy(&actions);
  return child;
}

int wait_for(pid_t child) {
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

void eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) FAIL("waited for a minute in vain");
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
}

Place::Place() {
  fs::create_directory(scratch_ / "plugins");
  touch(scratch_ / "token", "a-token-that-is-long-enough-for-this\n");
  fs::permissions(scratch_ / "token", fs::perms::owner_read | fs::perms::owner_write);
}

void Place::drop(const std::string& plugin) const {
  fs::copy_file(plugin_file(plugin), scratch_ / "part", fs::copy_options::overwrite_existing);
  fs::rename(scratch_ / "part", scratch_ / "plugins" / (plugin + ".so"));
}

std::vector<std::string> Place::arguments(const std::string& command) const {
  std::vector<std::string> all;
  std::istringstream words{command};
  for (std::string word; words >> word;) all.push_back(word);
  for (const auto& word : {std::string{"--plugins"}, (scratch_ / "plugins").string(), std::string{"--state"},
                           (scratch_ / "state").string()})
    all.push_back(word);
  return all;
}

Program::Program(const Place& place, const std::vector<std::string>& more)
    : out_(place / "out"), messages_(place / "messages") {
  auto arguments = place.arguments("serve --port 0 --token-file " + (place / "token").string());
  arguments.insert(arguments.end(), more.begin(), more.end());
  child_ = spawn(std::move(arguments), out_, messages_);
  eventually([this] { return content_of(out_).find('\n') != std::string::npos; });
  const auto address = content_of(out_);
  const auto colon = address.rfind(':', address.find('#'));
  port_ = address.substr(colon + 1, address.find('/', colon) - colon - 1);
  // The address may come before the plugins have been tried.
  eventually([this] {
    const auto host = ask("GET /api/host");
    if (host.status != 200) return false;
    const auto plugins = host.as_json().at("plugins");
    return !plugins.empty() && std::all_of(plugins.begin(), plugins.end(), [](const json& plugin) {
      return plugin.at("state") != "starting";
    });
  });
}

Program::~Program() {
  if (child_ < 0) return;
  ::kill(child_, SIGKILL);
  wait();
}

int Program::send(const std::string& line, const std::string& body) const {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port_)));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return socket;
  auto text = line + " HTTP/1.1\r\nHost: 127.0.0.1:" + port_ +
              "\r\nAuthorization: Bearer a-token-that-is-long-enough-for-this\r\nConnection: close\r\n";
  if (!body.empty())
    text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  text += "\r\n" + body;
  for (std::string_view left = text; !left.empty();) {
    const auto count = ::send(socket, left.data(), left.size(), MSG_NOSIGNAL);
    if (count <= 0) break;
    left.remove_prefix(static_cast<std::size_t>(count));
  }
  return socket;
}

Reply Program::ask(const std::string& line, const std::string& body) const {
  const int socket = send(line, body);
  std::string bytes;
  char block[16384];
  while (true) {
    const auto count = ::recv(socket, block, sizeof block, 0);
    if (count <= 0) break;
    bytes.append(block, static_cast<std::size_t>(count));
    const auto end = bytes.find("\r\n\r\n");
    const auto length = bytes.find("Content-Length: ");
    if (end != std::string::npos && length < end &&
        bytes.size() >= end + 4 + std::stoul(bytes.substr(length + 16)))
      break;
  }
  ::close(socket);
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string::npos) return {};
  return {std::stoi(bytes.substr(9, 3)), bytes.substr(0, end), bytes.substr(end + 4)};
}

std::string Program::messages() const {
  return content_of(messages_);
}

void Program::until_says(const std::string& words) const {
  INFO("waiting for: " << words);
  eventually([&] { return messages().find(words) != std::string::npos; });
}

void Program::signal(int number) const {
  REQUIRE(::kill(child_, number) == 0);
}

int Program::wait() {
  return wait_for(std::exchange(child_, -1));
}

Finished run_program(const std::vector<std::string>& arguments) {
  const Scratch scratch;
  Finished finished;
  finished.code = wait_for(spawn(arguments, scratch / "out", scratch / "messages"));
  finished.out = content_of(scratch / "out");
  finished.messages = content_of(scratch / "messages");
  return finished;
}

std::vector<json> lines_of(const fs::path& file) {
  std::vector<json> lines;
  std::istringstream text{content_of(file)};
  for (std::string line; std::getline(text, line);) lines.push_back(json::parse(line, nullptr, false));
  return lines;
}

}  // namespace bench
