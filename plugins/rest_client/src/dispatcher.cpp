#include "dispatcher.hpp"

#include <algorithm>
#include <utility>

#include "request_head.hpp"

namespace rest_client {

Dispatcher::Dispatcher(Environment& environment, Options options, std::vector<BaseUrl> nodes,
                       Authorization authorization)
    : core_(environment, std::move(options), std::move(nodes), std::move(authorization)), prober_(core_) {
  core_.node_failed = [this] { prober_.node_failed(); };
}

Dispatcher::~Dispatcher() {
  close();
}

CallId Dispatcher::send(Request request, Callback callback) {
  const CallId id = ++last_call_;
  FailureKind kind = FailureKind::invalid_request;
  if (std::string problem = problem_before_sending(request, kind); !problem.empty()) {
    core_.environment.deliver(std::move(callback), make_failure(kind, std::move(problem)));
    return id;
  }
  const Time deadline = request.deadline;
  std::string key = join_key(request);
  if (const auto same = joinable_.find(key); !key.empty() && same != joinable_.end()) {
    join(id, std::move(callback), deadline, same->second);
    return id;
  }
  const GroupId group = new_group(std::move(request), std::move(key));
  join(id, std::move(callback), deadline, group);
  groups_[group].work->start();  // may end it at once
  return id;
}

std::string Dispatcher::problem_before_sending(const Request& request, FailureKind& kind) const {
  const std::string origin = core_.nodes.front().origin();
  if (closed_) {
    kind = FailureKind::shutting_down;
    return "the connection to " + origin + " is shut down";
  }
  if (std::string problem = problem_of(request, core_.options.limits.target_bytes); !problem.empty()) {
    kind = FailureKind::invalid_request;
    return "the request to " + origin + " cannot be sent: " + problem;
  }
  if (calls_.size() >= core_.options.limits.calls) {
    kind = FailureKind::busy;
    return std::to_string(calls_.size()) + " calls to " + origin +
           " have no answer yet; no more are accepted";
  }
  if (request.deadline <= core_.environment.now()) {
    kind = FailureKind::timeout;
    return "the deadline had passed before anything was sent to " + origin;
  }
  return {};
}

std::string Dispatcher::join_key(const Request& request) const {
  const bool may_join = request.may_join && !request.anonymous && request.method == Method::get;
  if (!core_.options.join_identical_gets || !may_join) return {};
  // The parts are free of line breaks: they were checked.
  return request.target + '\n' + request.accept + '\n' + std::to_string(request.max_body) + '\n' +
         std::to_string(changes_ended_);
}

Dispatcher::GroupId Dispatcher::new_group(Request request, std::string key) {
  const GroupId id = ++last_group_;
  if (!key.empty()) joinable_.emplace(key, id);
  Group& group = groups_[id];
  group.join_key = std::move(key);
  group.work =
      std::make_unique<Work>(core_, std::make_shared<const Request>(std::move(request)), std::nullopt,
                             [this, id](Answer answer) { answered(id, std::move(answer)); });
  return id;
}

void Dispatcher::join(CallId id, Callback callback, Time deadline, GroupId group) {
  Call call;
  call.callback = std::move(callback);
  call.group = group;
  call.deadline = core_.environment.at(deadline, [this, id] {
    end_call(id, FailureKind::timeout, "no whole answer before the deadline, while ");
  });
  calls_.emplace(id, std::move(call));
  Group& joined = groups_[group];
  joined.calls.push_back(id);
  joined.work->allow_retries_until(deadline);
}

void Dispatcher::answered(GroupId id, Answer answer) {
  const auto found = groups_.find(id);
  Group group = std::move(found->second);  // holds the work, whose call this is, to the end
  groups_.erase(found);
  forget(group);
  const auto callback_of = [this](CallId call_id) {
    const auto call = calls_.find(call_id);
    Callback callback = std::move(call->second.callback);
    calls_.erase(call);
    return callback;
  };
  const CallId last = group.calls.back();
  for (const CallId call_id : group.calls)
    if (call_id != last) core_.environment.deliver(callback_of(call_id), answer);
  core_.environment.deliver(callback_of(last), std::move(answer));
}

void Dispatcher::cancel(CallId call) {
  end_call(call, FailureKind::cancelled, "cancelled while ");
}

void Dispatcher::end_call(CallId id, FailureKind kind, const std::string& words) {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return;
  const Call call = std::move(found->second);
  calls_.erase(found);
  const auto joined = groups_.find(call.group);
  Group& group = joined->second;

  Failure failure = make_failure(kind, words + group.work->describe());
  if (group.work->may_have_taken_effect()) {
    failure.kind = FailureKind::outcome_unknown;
    failure.cause += "; whether the change was made is unknown";
  }
  core_.environment.deliver(call.callback, std::move(failure));

  std::erase(group.calls, id);
  if (!group.calls.empty()) return;
  if (kind == FailureKind::timeout) group.work->blame_node();
  const Group ended = std::move(group);
  groups_.erase(joined);
  forget(ended);
}

void Dispatcher::forget(const Group& group) {
  if (group.work->is_change()) ++changes_ended_;
  const auto found = joinable_.find(group.join_key);
  if (found != joinable_.end()) joinable_.erase(found);
}

void Dispatcher::close() {
  if (closed_) return;
  closed_ = true;
  core_.pool.close();  // first: what the works give up shall serve nobody
  prober_.stop();
  std::vector<CallId> open;
  open.reserve(calls_.size());
  for (const auto& [id, call] : calls_) open.push_back(id);
  std::sort(open.begin(), open.end());
  for (const CallId id : open) end_call(id, FailureKind::shutting_down, "shut down while ");
  core_.pool.close();
  core_.authorization.wipe();
}

}  // namespace rest_client
