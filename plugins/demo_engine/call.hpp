// One request on its way through the routes: who asks what of which engine. Lives for one request on the one
// thread.
#pragma once

#include <cstdlib>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "engine_model.hpp"
#include "filters.hpp"
#include "message.hpp"
#include "people.hpp"
#include "url.hpp"

namespace demo_engine {

/// What tells one engine from another.
struct Traits {
  std::string version = "1.0.3";  ///< The one whose answers this engine imitates.
  bool history = true;            ///< Below level "full" batches leave no trace.

  /// Running batches have no start, nor can they be found or ordered by it, before Camunda 7.18.
  bool knows_start() const { return since(18); }
  /// Jobs and entries of the job log name their batch since Camunda 7.22.
  bool tells_batch_of_job() const { return since(22); }
  /// A due date beside the retries is ignored before Camunda 7.19: it has a path of its own.
  bool takes_due_with_retries() const { return since(19); }
  bool filters_acquired() const { return since(24); }
  bool pages_incidents() const { return since(16); }
  /// Up to Camunda 7.18 the message of a failed expression or listener begins with the expression, and those
  /// of some commands have no code.
  bool has_old_words() const { return !since(19); }
  bool has_error_codes() const { return since(18); }

 private:
  /// Operaton, whose versions begin at 1, knows all of Camunda 7.
  bool since(int minor) const {
    return !version.starts_with("7.") || std::atoi(version.c_str() + 2) >= minor;
  }
};

struct Call {
  const Request& request;
  const Target& target;
  std::vector<std::string> parameters;  ///< The `{}` of the route's pattern, in order.
  Caller caller;
  EngineModel& model;
  const People& people;
  std::optional<std::size_t> max_results;  ///< The engine's queryMaxResultsLimit.
  const Traits& traits;

  const std::string& parameter() const { return parameters.front(); }
  std::optional<Id> id() const { return parse_id(parameter()); }
};

/// Throws Refusal for what the engine refuses.
using Handler = Answer (*)(const Call&);

struct Route {
  const char* method;
  std::vector<std::string> pattern;  ///< Segments; "{}" matches any one.
  const char* produces;              ///< Media type of a success with a body.
  Handler handle;
};

Answer json_answer(const nlohmann::ordered_json& body);
Answer count_answer(std::size_t count);
Answer no_content();
Answer text_answer(std::string text);
/// 403 with everything the engine says about the missing right.
Refusal missing_right(const Call& call, const std::string& permission, const std::string& batch);

void add_batch_routes(std::vector<Route>& routes);
void add_history_routes(std::vector<Route>& routes);
void add_job_routes(std::vector<Route>& routes);
void add_job_log_routes(std::vector<Route>& routes);
void add_creation_routes(std::vector<Route>& routes);
void add_people_routes(std::vector<Route>& routes);

}  // namespace demo_engine
