// The host as the program that it is, for what only a process of its own shows: its sudden end, and the next
// one.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench.hpp"

namespace bench {

// A plugin folder, a state folder and a token file, which outlive each start of the program.
class Place {
 public:
  Place();
  void drop(const std::string& plugin) const;
  std::filesystem::path operator/(const std::string& name) const { return scratch_ / name; }
  std::filesystem::path audit() const { return scratch_ / "state/audit.jsonl"; }
  std::vector<std::string> arguments(const std::string& command) const;

 private:
  Scratch scratch_;
};

struct Reply {
  int status = 0;  // 0: no answer came
  std::string head, body;
  nlohmann::json as_json() const { return nlohmann::json::parse(body); }
};

// `cockpit-host serve`, from its start to its end.
class Program {
 public:
  // Waits until it has said its address and its plugins are there.
  explicit Program(const Place& place, const std::vector<std::string>& more = {});
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  Reply ask(const std::string& line, const std::string& body = {}) const;
  Reply post(const std::string& path, const std::string& body) const { return ask("POST " + path, body); }
  // Sends and does not wait for an answer: the socket.
  int send(const std::string& line, const std::string& body) const;
  // What it said on stderr until now.
  std::string messages() const;
  void until_says(const std::string& words) const;
  void signal(int number) const;
  // Its exit code once it has ended, or minus the signal.
  int wait();

 private:
  pid_t child_ = -1;
  std::string port_;
  std::filesystem::path out_, messages_;
};

// Asks until something is so; fails the test after a minute.
void eventually(const std::function<bool()>& condition);

// Runs a command of the program to its end.
struct Finished {
  std::string out, messages;
  int code = 0;
};
Finished run_program(const std::vector<std::string>& arguments);

// Each line of a file of JSON Lines.
std::vector<nlohmann::json> lines_of(const std::filesystem::path& file);

}  // namespace bench
