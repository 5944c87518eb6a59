#include "message.hpp"

#include <nlohmann/json.hpp>

namespace demo_engine {

Refusal refusal(unsigned status, const std::string& type, const std::string& message,
                std::optional<int> code) {
  nlohmann::ordered_json body = {{"type", type}, {"message", message}, {"code", nullptr}};
  if (code) body["code"] = *code;
  Answer answer;
  answer.status = status;
  answer.content_type = kJsonType;
  answer.body = body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  return {std::move(answer)};
}

Answer html_bad_request() {
  Answer answer;
  answer.status = 400;
  answer.content_type = "text/html;charset=utf-8";
  answer.body =
      "<!doctype html><html lang=\"en\"><head><title>HTTP Status 400 – Bad Request</title></head>"
      "<body><h1>HTTP Status 400 – Bad Request</h1></body></html>";
  answer.close = true;
  return answer;
}

}  // namespace demo_engine
