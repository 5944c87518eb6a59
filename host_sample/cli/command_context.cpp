#include "cli/command_context.hpp"

#include <boost/asio/io_context.hpp>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json_text.hpp"
#include "cli/output.hpp"
#include "cli/table.hpp"
#include "views/problem_text.hpp"

namespace host::cli {

using nlohmann::json;

CommandContext::CommandContext(const Configuration& configuration, const Program& program)
    : owned_io_(std::make_unique<IoContext>(1)),
      io(*owned_io_),
      service(io, service_options(configuration, program, false)),
      signals_(io),
      ended_(program.ended) {}

CommandContext::~CommandContext() = default;

int CommandContext::run(const std::function<void()>& begin) {
  service.start(begin);
  io.run();
  if (!written()) code_ = code_ == done ? failure : code_;
  std::cerr.flush();
  if (!clean_ && ended_) ended_(code_);
  if (!clean_) std::_Exit(code_);  // a thread of a plugin still uses what is here
  return code_;
}

void CommandContext::end(int code) {
  if (std::exchange(ending_, true)) return;
  code_ = code;
  signals_.stop();
  service.stop([this](bool clean) {
    clean_ = clean;
    io.stop();
  });
}

void CommandContext::refuse(const std::string& words, Exit code) {
  if (!ending_) std::cerr << harmless(words) << '\n';
  end(code);
}

void CommandContext::failed(cockpit_status status, const std::string& problem) {
  refuse(problem_text(problem), exit_of(status));
}

void CommandContext::on_interrupt(std::function<void()> interrupted) {
  signals_.start({SIGINT, SIGTERM}, std::move(interrupted));
}

void CommandContext::ask_at(const Place& place, const std::string& id, const std::string& engine,
                            std::function<void(views::Question)> then) {
  views::Question question;
  question.plugin = place.plugin;
  question.at = place.at;
  if (!engine.empty()) question.engines = {engine};
  if (!place.needs_id) return then(std::move(question));
  const auto& engines = service.options().engines;
  if (question.engines.empty() && engines.size() == 1) question.engines = {engines.front().id};
  if (question.engines.empty()) return refuse(why_no_engine(engines.size()), usage);
  question.row = json_text(json{{"id", id}, {"engine", question.engines.front()}});
  if (place.section.empty()) return then(std::move(question));
  service.read(question, [this, question, section = place.section, then = std::move(then)](
                             cockpit_status status, const std::string& body) mutable {
    if (status != COCKPIT_OK) return failed(status, body);
    question.parent = json_text(known_json(body).value("fields", json::object()));
    question.at += "/sections/" + section;
    then(std::move(question));
  });
}

std::string why_no_engine(std::size_t configured) {
  return configured == 0
             ? "no engine is configured: give its address, --engine URL, or [[engine]] in the configuration"
             : "several engines are configured: say --on ENGINE";
}

std::string problem_text(const std::string& body) {
  return harmless(views::problem_text(parse_json(body)));
}

}  // namespace host::cli
