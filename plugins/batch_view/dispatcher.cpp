#include "dispatcher.hpp"

#include <algorithm>
#include <vector>

#include "actions/router.hpp"
#include "description.hpp"
#include "engine/callback_guard.hpp"
#include "watch/read_router.hpp"

namespace batch_view {
namespace {

Problem stopping() {
  return {COCKPIT_STOPPING, "Ending", "The plugin is being stopped."};
}
Problem signed_out() {
  return {COCKPIT_CANCELLED, "Signed out", "These rights are no longer in use."};
}
// The host opens a watch anew that ends so.
Problem anew() {
  return {COCKPIT_STOPPING, "Reconfigured", "The configuration changed."};
}
Problem cancelled() {
  return {COCKPIT_CANCELLED, "Cancelled", "The request was cancelled."};
}

}  // namespace

OpenCall::~OpenCall() {
  if (call_.id() == 0) return;
  try {
    fail(internal_problem());
  } catch (...) {  // not even room for words: the call drops itself
    call_ = cockpit::Call{std::move(call_)};
  }
}

void OpenCall::complete(cockpit_status status, const std::string& body) noexcept {
  if (call_.id() == 0) return;
  call_.complete(status, body);
  if (over_) over_(id_);
}

Dispatcher::Shared Dispatcher::open(cockpit::Call call, cockpit_authority authority) {
  return std::make_shared<OpenCall>(std::move(call), authority, [weak = weak_from_this()](cockpit_call id) {
    if (const auto self = weak.lock()) self->over(id);
  });
}

void Dispatcher::over(cockpit_call call) {
  reads_.erase(call);
  if (runs_.erase(call) != 0 && stopping_ && runs_.empty()) engines_.close_all();
}

void Dispatcher::invoke(cockpit::Call taken, const Incoming& incoming) {
  const auto call = open(std::move(taken), incoming.authority);
  if (stopping_) return call->fail(stopping());
  auto parsed = parse_request(incoming.body);
  if (const auto* problem = std::get_if<Problem>(&parsed)) return call->fail(*problem);
  const auto& request = std::get<Request>(parsed);
  if (request.kind == "describe") return call->complete(COCKPIT_OK, std::string{description()});
  auto sessions = engines_.sessions(incoming.authority, request.engines);
  if (const auto* problem = std::get_if<Problem>(&sessions)) return call->fail(*problem);
  const auto& found = std::get<Sessions>(sessions);
  // Never by itself: each try with a wrong password brings an account nearer to being locked.
  if (request.again || request.kind == "action")
    for (const auto& session : found) session->engine().try_again();
  if (request.kind == "action") return act_on(call, request, incoming, found);
  if (request.kind != "rows" && request.kind != "details")
    return call->fail(
        {COCKPIT_UNSUPPORTED, "Not known here", "Requests of kind \"" + request.kind + "\" are not known."});
  reads_[call->id()] = call;
  answer(found, request, [call](const Reply& reply) { call->complete(reply.status, reply.body); });
}

void Dispatcher::act_on(const Shared& call, const Request& request, const Incoming& incoming,
                        const Sessions& sessions) {
  if (sessions.size() != 1)
    return call->fail({COCKPIT_INVALID, "Which engine?", "An action names the one engine it is for."});
  ActionContext context;
  context.cancelled = std::make_shared<std::atomic<bool>>(false);
  context.deadline = incoming.deadline;
  context.progress = [call, weak = weak_from_this()](const std::string& progress) {
    call->progress(progress);
    const auto self = weak.lock();
    if (!self) return;
    if (const auto run = self->runs_.find(call->id()); run != self->runs_.end())
      run->second.progress = progress;
  };
  auto& run = runs_[call->id()];
  run.call = call;
  run.authority = incoming.authority;
  run.cancelled = context.cancelled;
  run.progress = R"({"done":0})";
  report_alive(call->id());
  act(sessions.front(), request, std::move(context),
      [call, weak = weak_from_this(), engine = sessions.front()->engine_id()](const Reply& reply) {
        // The outcome first: only what is asked after it says what came of it.
        call->complete(reply.status, reply.body);
        if (const auto self = weak.lock()) self->refresh(engine);
      });
}

void Dispatcher::report_alive(cockpit_call id) {
  const auto run = runs_.find(id);
  if (run == runs_.end()) return;
  if (run->second.alive)
    if (const auto call = run->second.call.lock()) call->progress(run->second.progress);
  run->second.alive = environment_.after(alive_interval, [weak = weak_from_this(), id] {
    if (const auto self = weak.lock()) self->report_alive(id);
  });
}

// Of a copy: a watch that ends takes itself out.
void Dispatcher::refresh(const std::string& engine) {
  std::vector<std::shared_ptr<Watch>> watches;
  for (const auto& [id, watched] : watches_)
    if (watched.watch->watches(engine)) watches.push_back(watched.watch);
  for (const auto& watch : watches) watch->refresh_now();
}

void Dispatcher::watch(cockpit::Call taken, const Incoming& incoming) {
  const auto refuse = [&taken](const Problem& problem) {
    taken.complete(problem.status, problem_body(problem));
  };
  if (stopping_) return refuse(stopping());
  auto parsed = parse_request(incoming.body);
  if (const auto* problem = std::get_if<Problem>(&parsed)) return refuse(*problem);
  auto& request = std::get<Request>(parsed);
  request.watched = true;
  if (request.kind != "rows" && request.kind != "details")
    return refuse({COCKPIT_UNSUPPORTED, "Not watchable", "Only rows and details can be watched."});
  auto sessions = engines_.sessions(incoming.authority, request.engines);
  if (const auto* problem = std::get_if<Problem>(&sessions)) return refuse(*problem);
  const auto id = taken.id();
  const auto watch =
      std::make_shared<Watch>(environment_, std::move(taken), std::get<Sessions>(std::move(sessions)),
                              std::move(request), [id, weak = weak_from_this()] {
                                if (const auto self = weak.lock()) self->watches_.erase(id);
                              });
  if (watch->asks_again())
    for (const auto& session : watch->sessions()) session->engine().try_again();
  watches_[id] = {incoming.authority, watch};
  watch->begin();
}

void Dispatcher::cancel(cockpit_call id) {
  if (const auto at = watches_.find(id); at != watches_.end()) {
    const auto watch = at->second.watch;
    watches_.erase(at);
    watch->end(cancelled().status, problem_body(cancelled()));
  }
  if (const auto at = reads_.find(id); at != reads_.end())
    if (const auto call = at->second.lock()) call->fail(cancelled());
  if (const auto at = runs_.find(id); at != runs_.end()) *at->second.cancelled = true;
}

void Dispatcher::open_authority(cockpit_authority authority, const std::string& engine, std::uint32_t kind,
                                std::string user, std::string secret) {
  if (!engines_.open(authority, engine, kind, std::move(user), std::move(secret))) return;
  std::vector<std::shared_ptr<Watch>> ending;
  for (auto at = watches_.begin(); at != watches_.end();) {
    const auto& [whose, watch] = at->second;
    if (whose != authority || !watch->watches(engine)) {
      ++at;
      continue;
    }
    ending.push_back(watch);
    at = watches_.erase(at);
  }
  for (const auto& watch : ending) watch->end(anew().status, problem_body(anew()));
}

void Dispatcher::close_authority(cockpit_authority authority) {
  end_watches(authority, signed_out());
  end_reads(authority, signed_out());
  cancel_runs(authority);
  engines_.close(authority);
}

void Dispatcher::configure(cockpit::Call call, const std::string& json) {
  const auto result = engines_.configure(json);
  if (const auto* why = std::get_if<std::string>(&result)) {
    call.fail(COCKPIT_INVALID, "Configuration refused", *why);
    return;
  }
  reconfigured(std::get<SessionRegistry::Changes>(result));
  call.ok("{}");
}

// Watches of engines that are as they were go on; the host opens those anew that end STOPPING.
void Dispatcher::reconfigured(const SessionRegistry::Changes& changes) {
  const Problem gone{COCKPIT_GONE, "The engine is gone", "This engine is not in the configuration any more."};
  std::vector<std::pair<std::shared_ptr<Watch>, Problem>> ending;
  for (auto at = watches_.begin(); at != watches_.end();) {
    const auto& sessions = at->second.watch->sessions();
    const auto count = [&sessions](const std::set<std::string>& engines) {
      return std::count_if(sessions.begin(), sessions.end(), [&engines](const auto& session) {
        return engines.count(session->engine_id()) != 0;
      });
    };
    const auto removed = static_cast<std::size_t>(count(changes.removed));
    const bool of_all = !at->second.watch->names_engines();
    const bool is_gone = removed == sessions.size() || (removed > 0 && !of_all);
    if (!is_gone && removed == 0 && count(changes.changed) == 0 && !(of_all && changes.added)) {
      ++at;
      continue;
    }
    ending.emplace_back(at->second.watch, is_gone ? gone : anew());
    at = watches_.erase(at);
  }
  for (const auto& [watch, why] : ending) watch->end(why.status, problem_body(why));
}

Bounds Dispatcher::bounds() const {
  auto bounds = engines_.bounds();
  const auto open = watches_.size() + reads_.size() + runs_.size();
  bounds.push_back({"open calls", open, most_open_calls});
  return bounds;
}

void Dispatcher::stop() {
  stopping_ = true;
  end_watches(0, stopping());
  end_reads(0, stopping());
  cancel_runs(0);
  if (runs_.empty()) engines_.close_all();
}

void Dispatcher::end_watches(cockpit_authority authority, const Problem& why) {
  std::vector<std::shared_ptr<Watch>> ending;
  for (auto at = watches_.begin(); at != watches_.end();) {
    if (authority != 0 && at->second.authority != authority) {
      ++at;
      continue;
    }
    ending.push_back(at->second.watch);
    at = watches_.erase(at);
  }
  for (const auto& watch : ending) watch->end(why.status, problem_body(why));
}

void Dispatcher::end_reads(cockpit_authority authority, const Problem& why) {
  std::vector<Shared> ending;
  for (const auto& [id, read] : reads_)
    if (auto call = read.lock(); call && (authority == 0 || call->authority() == authority))
      ending.push_back(std::move(call));
  for (const auto& call : ending) call->fail(why);
}

void Dispatcher::cancel_runs(cockpit_authority authority) {
  for (const auto& [id, run] : runs_)
    if (authority == 0 || run.authority == authority) *run.cancelled = true;
}

}  // namespace batch_view
