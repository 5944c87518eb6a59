#include "model/reply.hpp"

#include <nlohmann/json.hpp>

namespace batch_view {

using nlohmann::json;

Reply done(const json& body, bool moving, std::chrono::milliseconds again_after) {
  return {COCKPIT_OK, body.dump(-1, ' ', false, json::error_handler_t::replace), moving, again_after};
}

Reply refusal(const Problem& problem) {
  return {problem.status, problem_body(problem), false};
}

json problem_detail(const Problem& problem) {
  if (problem.key.empty()) return problem.detail;
  return words((problem.key + "Text").c_str(), {{"what", problem.what}}, problem.detail);
}

std::string problem_body(const Problem& problem) {
  json title = problem.title;
  if (!problem.key.empty()) title = {{"key", problem.key}, {"fallback", problem.title}};
  const json body{{"title", std::move(title)}, {"detail", problem_detail(problem)}};
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

json words(const char* key, json args, std::string fallback) {
  return {{"key", key}, {"args", std::move(args)}, {"fallback", std::move(fallback)}};
}

}  // namespace batch_view
