// Asking the engine, and what it means when it refuses the credentials (401).
//
// Not every 401 says that user or password are wrong. An engine that asks nobody who he is answers 401 to the
// question for somebody's rights; and a proxy, or the engine, may guard one part of the interface by itself.
// Wrong are the credentials when they are refused where they were taken before, or when nothing ever took
// them. They are not sent again then, because accounts lock.
#include <algorithm>
#include <utility>

#include "engine/answer_text.hpp"
#include "engine/callback_guard.hpp"
#include "engine/json.hpp"
#include "engine/query_string.hpp"

namespace batch_view {
namespace {

constexpr auto rights_part =
    "/authorization/check";  // refused to everybody by an engine that asks nobody who he is
constexpr std::size_t most_parts_known = 100;
constexpr std::size_t most_waiting = 1000;  // questions

// Rather than of what was asked, or of who asked.
bool is_of_the_engine(rest_client::FailureKind kind) {
  using Kind = rest_client::FailureKind;
  return kind != Kind::invalid_request && kind != Kind::credentials && kind != Kind::busy &&
         kind != Kind::cancelled && kind != Kind::shutting_down && kind != Kind::too_large;
}

bool is_web_page(const rest_client::Response& response) {
  return response.content_type.rfind("text/html", 0) == 0;
}

// To a change: an answer of something between here and the engine, which may carry it out all the same. No
// engine answers a change with a web page, but a page to sign in may come with status 200.
bool says_nothing(const rest_client::Response& response) {
  if (response.status >= 200 && response.status < 300) return is_web_page(response);
  if (response.status == 408 || response.status == 502 || response.status == 503 || response.status == 504)
    return true;
  if (response.status < 500) return false;
  const auto body = read_json(response.body);
  return !body || !body->is_object() || !body->contains("message");
}

Problem problem_of_silence(const rest_client::Response& response) {
  const auto status = std::to_string(response.status);
  return {COCKPIT_UNKNOWN_OUTCOME, "Outcome unknown",
          "A server between this host and the engine answered with status " + status +
              "; the engine may still have done it. Check before you repeat it.",
          "problemSilence", status};
}

bool only_reads(const rest_client::Request& request) {
  using rest_client::Method;
  return request.method == Method::get || request.method == Method::head || request.only_reads;
}

// "/history/job-log" of "/history/job-log/count?…": what is guarded together. Reading and changing are two.
std::string part_of(const rest_client::Request& request) {
  const auto path = request.target.substr(0, request.target.find('?'));
  auto end = path.find('/', 1);
  if (path.compare(0, 9, "/history/") == 0 || path.compare(0, 15, "/authorization/") == 0)
    end = path.find('/', end + 1);
  return (only_reads(request) ? "" : "change ") + path.substr(0, end);
}

// Engines take all the methods that they are sent here: it is something on the way that does not.
Problem blocked(const std::string& method, bool changes) {
  if (!changes)
    return {COCKPIT_DENIED, "Queries are blocked before they reach the engine",
            "A firewall or proxy between this host and the engine rejects " + method +
                " (405), which the lists need. Allow this request there.",
            "problemBlockedRead", method};
  return {COCKPIT_DENIED, "Changes are blocked before they reach the engine",
          "A firewall or proxy between this host and the engine rejects " + method +
              " (405). Nothing was done. Allow this request there.",
          "problemBlocked", method};
}

Problem problem_of_no_engine(const std::string& address) {
  return {COCKPIT_UNAVAILABLE, "No engine answers there",
          "A server answers at " + address +
              ", but not with an engine's REST API. That address usually ends with /engine-rest.",
          "problemNoRest", address};
}

Problem problem_of_address(const std::string& found) {
  return {COCKPIT_UNAVAILABLE, "The address is not the REST API's",
          "The engine's REST API answers at " + found +
              ". Give the host that address, with --engine or in its configuration.",
          "problemAddress", found};
}

Problem refused_part(const std::string& part) {
  return {COCKPIT_DENIED, "The engine refuses this part",
          "It answered 401 to " + part +
              ", although it takes these credentials elsewhere. Does it, or a proxy before it, guard this "
              "part by "
              "itself?",
          "problemPart", part};
}

}  // namespace

struct Engine::Asking {
  rest_client::Request request;
  std::string part, method;
  bool changes = false;
  std::function<void(Got<rest_client::Response>)> then;
};

Engine::Engine(Environment& environment, rest_client::Options options)
    : environment_(environment),
      has_credentials_(!std::holds_alternative<rest_client::NoCredentials>(options.credentials)),
      base_(environment, options),
      transport_(environment.connect(std::move(options))) {}

void Engine::ask(rest_client::Request request, std::function<void(Got<rest_client::Response>)> then,
                 const Gate& gate) {
  const auto asking = std::make_shared<Asking>();
  asking->part = part_of(request);
  asking->method = rest_client::to_string(request.method);
  asking->changes = !only_reads(request);
  asking->then = std::move(then);
  const auto refused = part_refused_.find(asking->part);
  // All that waits for an answer waits through here, and so keeps this engine.
  if (refused_ || refused != part_refused_.end())
    return environment_.post([asking, why = refused_ ? *refused_ : refused->second,
                              self = shared_from_this()] { asking->then(why); });
  if (gate)
    if (const auto why = gate())
      return environment_.post([asking, why = *why, self = shared_from_this()] { asking->then(why); });
  if (open_parts_.count(asking->part) != 0) request.anonymous = true;
  // What may have to be asked again is kept.
  if (accepted_.count(asking->part) == 0) asking->request = request;
  // The first question shows whether the credentials are taken; the others wait for it, or a wrong password
  // would be sent as often as there are questions at a start.
  if (has_credentials_ && accepted_.empty()) {
    if (first_is_asked_) return wait_for_first(asking, std::move(request), gate);
    first_is_asked_ = true;
    asking->then = [this, self = shared_from_this(), then = asking->then](Got<rest_client::Response> got) {
      first_is_asked_ = false;
      call_guarded(environment_, then, got);
      for (const auto& next : std::exchange(after_first_, {})) call_guarded(environment_, next);
    };
  }
  transport_->send(std::move(request), [this, self = shared_from_this(), asking](rest_client::Answer answer) {
    answered(asking, std::move(answer));
  });
}

void Engine::wait_for_first(const std::shared_ptr<Asking>& asking, rest_client::Request request,
                            const Gate& gate) {
  if (after_first_.size() < most_waiting)
    return after_first_.push_back(
        [this, asking, request = std::move(request), gate] { ask(request, asking->then, gate); });
  environment_.post([asking, self = shared_from_this()] {
    asking->then(Problem{COCKPIT_BUSY, "Too many requests",
                         "The engine has not answered the first question yet.", "problemBusy",
                         "The engine has not answered the first question yet."});
  });
}

void Engine::answered(const std::shared_ptr<Asking>& asking, rest_client::Answer answer) {
  if (const auto* failure = std::get_if<rest_client::Failure>(&answer)) {
    if (is_of_the_engine(failure->kind)) note_answer(false);
    return asking->then(problem_of(*failure));
  }
  auto& response = std::get<rest_client::Response>(answer);
  if (response.date) set_clock(*response.date);
  note_answer(response.status < 500 && response.status != 401);
  if (response.status != 401 && response.status != 407 && accepted_.size() < most_parts_known)
    accepted_.insert(asking->part);
  if (response.status < 300) rest_.reset();
  if (!asking->changes && base_.in_doubt(response)) return doubt_address(asking, response);
  if (response.status < 300) base_.is_right();
  if (response.status >= 200 && response.status < 300) {
    if (asking->changes && says_nothing(response)) return asking->then(problem_of_silence(response));
    return asking->then(std::move(response));
  }
  if (response.status == 405) return asking->then(blocked(asking->method, asking->changes));
  auto problem =
      asking->changes && says_nothing(response) ? problem_of_silence(response) : problem_of(response);
  if (response.status == 401) return was_refused(asking, problem);
  take_rest(response, problem);
  asking->then(std::move(problem));
}

// No engine has answered here yet. One that has no such path says so in its own words, which stay.
void Engine::doubt_address(const std::shared_ptr<Asking>& asking, const rest_client::Response& response) {
  const auto body = read_json(response.body);
  const bool in_its_words = body && body->is_object() && body->contains("type") && body->contains("message");
  const bool sent_elsewhere = response.status >= 300 && response.status < 400;
  auto problem =
      in_its_words || sent_elsewhere ? problem_of(response) : problem_of_no_engine(base_.address());
  base_.find([self = shared_from_this(), asking, problem = std::move(problem)](const std::string& found) {
    asking->then(found.empty() ? problem : problem_of_address(found));
  });
}

void Engine::take_rest(const rest_client::Response& response, const Problem& problem) {
  if (!response.retry_after || (response.status != 429 && response.status < 500)) return;
  rest_ = {environment_.now() + std::min<std::chrono::seconds>(*response.retry_after, longest_rest), problem};
}

std::optional<std::pair<Clock::time_point, Problem>> Engine::resting() const {
  return rest_ && rest_->first > environment_.now() ? rest_ : std::nullopt;
}

void Engine::was_refused(const std::shared_ptr<Asking>& asking, const Problem& problem) {
  const auto stop = [this, asking](const Problem& why) {
    refused_ = why;
    accepted_.clear();  // whoever tries again finds out anew, one question first
    asking->then(why);
  };
  const bool anonymous = open_parts_.count(asking->part) != 0;
  if (accepted_.count(asking->part) != 0 && !anonymous) return stop(problem);
  const auto of_this_part = [this, asking] {
    const auto why = refused_part(asking->part);
    if (part_refused_.size() < most_parts_known) part_refused_[asking->part] = why;
    asking->then(why);
  };
  const auto only_here = [this, self = shared_from_this(), asking, stop, of_this_part, problem] {
    if (!accepted_.empty()) return of_this_part();
    if (asking->part != rights_part) return stop(problem);
    ask_if_guarded([stop, of_this_part, problem](bool guarded) {
      if (guarded) return stop(problem);
      of_this_part();
    });
  };
  // A change is not sent twice.
  if (anonymous || !has_credentials_ || asking->changes) return only_here();
  auto request = asking->request;
  request.anonymous = true;
  request.may_join = false;
  transport_->send(std::move(request),
                   [this, self = shared_from_this(), asking, only_here](rest_client::Answer answer) {
                     auto* response = std::get_if<rest_client::Response>(&answer);
                     if (response == nullptr || response->status < 200 || response->status >= 300)
                       return only_here();
                     if (open_parts_.size() < most_parts_known) open_parts_.insert(asking->part);
                     note_answer(true);
                     asking->then(std::move(*response));
                   });
}

void Engine::ask_if_guarded(std::function<void(bool)> then) {
  if (guarded_) return then(*guarded_);
  rest_client::Request request;
  request.target = "/batch/count";
  request.anonymous = true;
  request.may_join = false;
  request.deadline = environment_.now() + read_deadline;
  transport_->send(std::move(request),
                   [this, self = shared_from_this(), then = std::move(then)](rest_client::Answer answer) {
                     const auto* response = std::get_if<rest_client::Response>(&answer);
                     // No answer is no permission, and is asked again.
                     if (response != nullptr) guarded_ = response->status < 200 || response->status >= 300;
                     then(guarded_.value_or(true));
                   });
}

// An engine that asks nobody who he is refuses this question to everybody, and guards nothing.
void Engine::allowed(Permission permission, const std::string& batch, Then<bool> then) {
  const char* name = permission == Permission::update   ? "UPDATE"
                     : permission == Permission::remove ? "DELETE"
                                                        : "DELETE_HISTORY";
  Query query;
  query.add("permissionName", name)
      .add("resourceName", "Batch")
      .add("resourceType", "13")
      .add("resourceId", batch);
  const auto wanted =
      made<bool>(then, [](const nlohmann::json& from) { return from.at("authorized").get<bool>(); });
  get(rights_part + query.text(),
      [this, self = shared_from_this(), then = std::move(then), wanted](Got<nlohmann::json> got) {
        const auto* problem = std::get_if<Problem>(&got);
        if (problem == nullptr || problem->key != "problemPart") return wanted(std::move(got));
        ask_if_guarded([then, why = *problem](bool guarded) {
          if (guarded) return then(why);
          then(true);
        });
      });
}

void Engine::try_again() {
  refused_.reset();
  part_refused_.clear();
  guarded_.reset();
}

}  // namespace batch_view
