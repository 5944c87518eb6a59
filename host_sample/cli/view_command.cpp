// `cockpit-host view PLUGIN.LIST [ID]`: one answer of a plugin, as a table or as JSON.
#include <boost/asio/io_context.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/cells.hpp"
#include "cli/commands.hpp"
#include "cli/names.hpp"

namespace host::cli {
namespace {

using nlohmann::json;

void say_problem(const std::string& body) {
  const auto problem = json::parse(body, nullptr, false);
  std::cerr << (problem.is_object() ? harmless(problem.value("title", "Failed")) : "Failed");
  if (problem.is_object() && problem.contains("detail") && problem.at("detail").is_string())
    std::cerr << ": " << harmless(problem.at("detail"));
  std::cerr << '\n';
}

// Asks what the name says: a section needs its thing's fields first.
class View {
 public:
  View(boost::asio::io_context& io, views::Service& service, const ViewRequest& request)
      : io_(io), service_(service), request_(request) {}

  int exit_code = failure;

  void begin() {
    const auto named = resolve(service_, request_.name);
    if (!named) return end(named.reason, usage);
    place_ = *named;
    if (place_.needs_id && request_.id.empty())
      return end("\"" + request_.name + "\" shows one thing: give its id", usage);
    views::Question question;
    question.plugin = place_.plugin;
    if (!request_.engine.empty()) question.engines = {request_.engine};
    const auto& engines = service_.options().engines;
    if (place_.needs_id && question.engines.empty() && engines.size() == 1)
      question.engines = {engines.front().id};
    if (place_.needs_id && question.engines.empty())
      return end("several engines are configured: say --on ENGINE", usage);
    if (place_.needs_id)
      question.row = json{{"id", request_.id}, {"engine", question.engines.front()}}.dump();
    question.at = place_.at;
    if (place_.section.empty()) return ask(std::move(question));
    service_.read(question, [this, question](cockpit_status status, const std::string& body) mutable {
      if (status != COCKPIT_OK) return failed(status, body);
      question.parent = json::parse(body).value("fields", json::object()).dump();
      question.at = place_.at + "/sections/" + place_.section;
      ask(std::move(question));
    });
  }

 private:
  void ask(views::Question question) {
    for (const auto& pair : request_.filters)
      if (auto why = add_pair(pair, question.filters); !why.empty()) return end(why, usage);
    const auto colon = request_.sort.rfind(':');
    question.sort_key = request_.sort.substr(0, colon);
    question.sort_order = colon == std::string::npos ? "asc" : request_.sort.substr(colon + 1);
    question.first = request_.first;
    question.size = request_.size;
    service_.read(question, [this, at = question.at](cockpit_status status, const std::string& body) {
      if (status != COCKPIT_OK) return failed(status, body);
      if (request_.json)
        std::cout << json::parse(body).dump(2, ' ', false, json::error_handler_t::replace) << '\n';
      else
        std::cout << as_text(*service_.description(place_.plugin), at, json::parse(body));
      exit_code = done;
      stop();
    });
  }
  void failed(cockpit_status status, const std::string& body) {
    say_problem(body);
    exit_code = exit_of(status);
    stop();
  }
  void end(const std::string& words, Exit code) {
    std::cerr << words << '\n';
    exit_code = code;
    stop();
  }
  void stop() {
    service_.stop([this](bool) { io_.stop(); });
  }

  boost::asio::io_context& io_;
  views::Service& service_;
  const ViewRequest& request_;
  Place place_;
};

}  // namespace

int view(const Configuration& configuration, const Program& program, const ViewRequest& request) {
  boost::asio::io_context io{1};
  views::Service service{io, service_options(configuration, program, false)};
  View asked{io, service, request};
  service.start([&asked] { asked.begin(); });
  io.run();
  return asked.exit_code;
}

}  // namespace host::cli
