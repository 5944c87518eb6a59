#include "call.hpp"

#include <nlohmann/json.hpp>

namespace demo_engine {

Answer json_answer(const nlohmann::ordered_json& body) {
  Answer answer;
  answer.content_type = kJsonType;
  answer.body = body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  return answer;
}

Answer count_answer(std::size_t count) {
  return json_answer({{"count", count}});
}

Answer no_content() {
  Answer answer;
  answer.status = 204;
  return answer;
}

Answer text_answer(std::string text) {
  Answer answer;
  answer.content_type = kTextType;
  answer.body = std::move(text);
  return answer;
}

Refusal missing_right(const Call& call, const std::string& permission, const std::string& batch) {
  const std::string& user = call.caller.person->id;
  const nlohmann::ordered_json missing = {
      {"permissionName", permission}, {"resourceName", "Batch"}, {"resourceId", batch}};
  nlohmann::ordered_json body = {{"type", "AuthorizationException"},
                                 {"message", "The user with id '" + user + "' does not have '" + permission +
                                                 "' permission on resource '" + batch + "' of type 'Batch'."},
                                 {"code", 0},
                                 {"userId", user},
                                 {"resourceName", "Batch"},
                                 {"resourceId", batch},
                                 {"permissionName", permission}};
  body["missingAuthorizations"] = nlohmann::ordered_json::array({missing});
  Answer answer = json_answer(body);
  answer.status = 403;
  return {std::move(answer)};
}

}  // namespace demo_engine
