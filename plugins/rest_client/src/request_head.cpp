#include "request_head.hpp"

namespace rest_client {
namespace {

void append_field(Secret& head, std::string_view name, std::string_view value) {
  head.append(name);
  head.append(": ");
  head.append(value);
  head.append("\r\n");
}

}  // namespace

Secret request_head(const BaseUrl& node, const Request& request, std::string_view authorization,
                    std::string_view user_agent) {
  Secret head;
  head.append(to_string(request.method));
  head.append(" ");
  head.append(node.path);
  head.append(request.target);
  head.append(" HTTP/1.1\r\n");
  append_field(head, "Host", node.authority());
  append_field(head, "User-Agent", user_agent);
  append_field(head, "Accept", request.accept.empty() ? "*/*" : std::string_view(request.accept));
  append_field(head, "Accept-Encoding", "identity");
  if (!authorization.empty()) append_field(head, "Authorization", authorization);
  if (!request.traceparent.empty()) append_field(head, "traceparent", request.traceparent);
  if (!request.body.empty()) append_field(head, "Content-Type", request.content_type);
  if (!request.body.empty() || request.method == Method::put || request.method == Method::post) {
    append_field(head, "Content-Length", std::to_string(request.body.size()));
  }
  head.append("\r\n");
  return head;
}

std::string problem_of(const Request& request, std::size_t target_bytes) {
  if (std::string problem = problem_of_target(request.target, target_bytes); !problem.empty()) return problem;
  if (!fits_in_header(request.accept)) return "the accepted type has characters that a field cannot have";
  if (!fits_in_header(request.traceparent)) return "the traceparent has characters that a field cannot have";
  if (!request.body.empty()) {
    if (request.method == Method::get || request.method == Method::head) return "GET and HEAD carry no body";
    if (request.content_type.empty() || !fits_in_header(request.content_type)) {
      return "the content type is empty or has characters that a field cannot have";
    }
  }
  return {};
}

}  // namespace rest_client
