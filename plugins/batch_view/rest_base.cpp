#include "rest_base.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "answer_text.hpp"
#include "owed.hpp"
#include "rest_client/url.hpp"

namespace batch_view {
namespace {

constexpr auto usual_path = "/engine-rest";

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// The list of engines that every REST API has, or the refusal to show it to strangers.
bool is_of_an_engine(const rest_client::Response& response) {
  if (response.status == 401) return true;
  if (response.status != 200) return false;
  const auto body = read_json(response.body);
  if (!body || !body->is_array()) return false;
  for (const auto& engine : *body)
    if (!engine.is_object() || !engine.contains("name")) return false;
  return !body->empty();
}

}  // namespace

RestBase::RestBase(Environment& environment, const rest_client::Options& options)
    : environment_(environment), address_(options.nodes.empty() ? std::string{} : options.nodes.front()) {
  options_.tls = options.tls;
  options_.user_agent = options.user_agent;
}

bool RestBase::in_doubt(const rest_client::Response& response) const {
  if (right_) return false;
  if (response.status == 404 || (response.status >= 300 && response.status < 400)) return true;
  return response.status >= 200 && response.status < 300 && response.content_type.rfind("text/html", 0) == 0;
}

void RestBase::look(Found found) {
  if (waiting_.size() >= most_waiting) return environment_.post([found = std::move(found)] { found({}); });
  waiting_.push_back(std::move(found));
  if (looking_) return;
  looking_ = true;
  const auto now = environment_.now();
  const auto url = rest_client::parse_base_url(address_);
  const auto* base = std::get_if<rest_client::BaseUrl>(&url);
  open_.clear();
  if (base != nullptr && (looked_ == Clock::time_point{} || now - looked_ >= pause)) {
    looked_ = now;
    found_.clear();
    if (!base->path.empty() && base->path != usual_path) open_.push_back(base->origin() + usual_path);
    if (!ends_with(base->path, usual_path)) open_.push_back(base->origin() + base->path + usual_path);
  }
  try_next();
}

void RestBase::try_next() {
  try {
    // It is in one of its own callbacks.
    if (transport_) environment_.post([done = std::exchange(transport_, nullptr)] {});
    if (!open_.empty()) return ask_next();
  } catch (const std::exception& error) {  // waiting callers get an answer all the same
    environment_.report(error.what());
  }
  tell(found_);
}

void RestBase::ask_next() {
  options_.nodes = {open_.back()};
  open_.pop_back();
  transport_ = environment_.connect(options_);
  rest_client::Request request;
  request.target = "/engine";
  request.anonymous = true;
  request.deadline = environment_.now() + patience;
  transport_->send(std::move(request), [this, address = options_.nodes.front()](rest_client::Answer answer) {
    const auto* response = std::get_if<rest_client::Response>(&answer);
    if (response != nullptr && is_of_an_engine(*response)) {
      found_ = address;
      open_.clear();
    }
    try_next();
  });
}

void RestBase::close() {
  open_.clear();
  if (transport_) transport_->close();
}

void RestBase::tell(const std::string& found) {
  looking_ = false;
  for (const auto& one : std::exchange(waiting_, {}))
    call_guarded(environment_, [&one, &found] { one(found); });
}

}  // namespace batch_view
