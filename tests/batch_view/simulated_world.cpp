#include "simulated_world.hpp"

#include <new>
#include <utility>

namespace batch_view_tests {

namespace {

using rest_client::Failure;
using rest_client::FailureKind;
using rest_client::Method;

const demo_engine::Instant world_begins{milliseconds{1'795'000'000'000}};

Failure failed(FailureKind kind, const std::string& cause) {
  return rest_client::make_failure(kind, cause);
}

std::string base64(const std::string& text) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t j = 0; j < 3; ++j)
      three = three << 8U | (i + j < text.size() ? static_cast<unsigned char>(text[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      out += i + j <= text.size() ? digits[three >> (18U - 6U * j) & 63U] : '=';
  }
  return out;
}

// Of its path: "http://a/engine-rest" + "/batch" is "/engine-rest/batch" for the engine.
std::string path_of(const std::string& node) {
  const auto scheme = node.find("://");
  const auto slash = node.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  return slash == std::string::npos ? std::string{} : node.substr(slash);
}

}  // namespace

class SimulatedTimer final : public batch_view::Timer {
 public:
  SimulatedTimer(World& world, Clock::time_point time, std::function<void()> then)
      : world_(world), key_(world.add(time, std::move(then))) {}
  ~SimulatedTimer() override { world_.events_.erase(key_); }
  SimulatedTimer(const SimulatedTimer&) = delete;
  SimulatedTimer& operator=(const SimulatedTimer&) = delete;

 private:
  World& world_;
  World::Key key_;
};

class SimulatedTransport final : public batch_view::Transport {
 public:
  SimulatedTransport(World& world, rest_client::Options options)
      : world_(world), node_(options.nodes.at(0)), pending_(std::make_shared<Pending>()) {
    if (const auto* basic = std::get_if<rest_client::BasicCredentials>(&options.credentials)) {
      user_ = basic->user;
      password_ = basic->password;
    }
    if (world_.first_user_.empty()) world_.first_user_ = user_;
    if (world_.one_user) user_ = world_.first_user_;
    ++world_.open_transports;
  }
  ~SimulatedTransport() override {
    close();
    --world_.open_transports;
  }
  SimulatedTransport(const SimulatedTransport&) = delete;
  SimulatedTransport& operator=(const SimulatedTransport&) = delete;

  CallId send(rest_client::Request request, rest_client::Callback callback) override {
    world_.perhaps_throw();
    const auto id = ++last_;
    if (closed_) {
      world_.post([callback = std::move(callback)] {
        callback(failed(FailureKind::shutting_down, "The client is closed."));
      });
      return id;
    }
    const bool changes =
        request.method != Method::get && request.method != Method::head && !request.only_reads;
    Asked asked{node_,
                request.anonymous ? std::string{} : user_,
                std::string{rest_client::to_string(request.method)},
                request.target,
                request.body,
                changes,
                world_.now_};
    world_.asked.push_back(asked);
    if (changes && world_.double_changes) world_.asked.push_back(asked);
    pending_->calls[id] = {std::move(callback), changes};
    const auto fate = world_.fate(asked);
    const auto pending = pending_;
    auto* world = &world_;
    const bool wrong = !world_.passwords.empty() &&
                       (request.anonymous ||
                        (world_.passwords.count(user_) == 0 || world_.passwords.at(user_) != password_));
    if (fate.never_called) {
      world_.lost.push_back(pending->calls[id].callback);
      pending->calls.erase(id);
      return id;
    }
    if (fate.failure) {
      world_.add(world_.now_ + fate.there,
                 [pending, id, kind = *fate.failure] { pending->end(id, failed(kind, "The way is cut.")); });
      return id;
    }
    if (fate.status) {
      rest_client::Response response;
      response.status = *fate.status;
      response.body = fate.content;
      if (response.body.rfind("<", 0) == 0) response.content_type = "text/html";
      response.location = fate.location;
      if (fate.retry_after)
        response.retry_after = std::chrono::duration_cast<std::chrono::seconds>(*fate.retry_after);
      world_.add(world_.now_ + fate.there, [pending, id, response] { pending->end(id, response); });
      if (fate.carried_out_later.count() > 0)
        world_.add(world_.now_ + fate.carried_out_later,
                   [world, asked, password = password_] { world->carry_out(asked, password); });
    } else {
      if (fate.arrives)
        world_.add(world_.now_ + fate.there, [=, this_password = password_] {
          rest_client::Response response;
          if (wrong)
            response.status = 401;
          else
            response = world->carry_out(asked, this_password);
          if (fate.answered)
            world->add(world->now_ + fate.back, [pending, id, response] { pending->end(id, response); });
        });
      world_.add(std::max(request.deadline, world_.now_), [pending, id] {
        pending->end(id, failed(FailureKind::timeout, "The engine did not answer in time."));
      });
    }
    return id;
  }
  void cancel(CallId call) override {
    world_.post(
        [pending = pending_, call] { pending->end(call, failed(FailureKind::cancelled, "Cancelled.")); });
  }
  void close() override {
    if (std::exchange(closed_, true)) return;
    for (const auto& [id, call] : pending_->calls)
      world_.post([pending = pending_, id = id] {
        pending->end(id, failed(FailureKind::shutting_down, "The client is closed."));
      });
    password_.clear();
  }

 private:
  struct Call {
    rest_client::Callback callback;
    bool changes = false;
  };
  struct Pending {
    std::map<CallId, Call> calls;
    void end(CallId id, rest_client::Answer answer) {
      const auto at = calls.find(id);
      if (at == calls.end()) return;
      const auto call = std::move(at->second);
      calls.erase(at);
      if (auto* failure = std::get_if<Failure>(&answer); failure != nullptr && call.changes) {
        failure->underlying = failure->kind;
        failure->kind = FailureKind::outcome_unknown;
      }
      call.callback(std::move(answer));
    }
  };

  World& world_;
  std::string node_, user_, password_;
  std::shared_ptr<Pending> pending_;
  CallId last_ = 0;
  bool closed_ = false;
};

World::World(std::uint64_t seed) : random_(seed) {
  engine_options.content.empty = true;
}

// What is still waiting may hold what looks at the world while it goes.
World::~World() {
  while (!events_.empty()) {
    const auto waiting = std::exchange(events_, {});
  }
}

demo_engine::Instant World::engine_now() const {
  return world_begins + std::chrono::duration_cast<milliseconds>(now_.time_since_epoch());
}

std::chrono::system_clock::time_point World::wall_now() const {
  return std::chrono::system_clock::time_point{
      std::chrono::duration_cast<std::chrono::system_clock::duration>(engine_now().time_since_epoch())};
}

demo_engine::Router& World::engine(const std::string& node) {
  auto& engine = engines_[node];
  if (!engine) engine = std::make_unique<demo_engine::Router>(engine_now(), engine_options);
  return *engine;
}

rest_client::Response World::carry_out(const Asked& what, const std::string& password) {
  demo_engine::Request request;
  request.method = what.method;
  request.target = path_of(what.node) + what.target;
  if (!what.body.empty()) request.content_type = "application/json";
  request.body = what.body;
  if (!what.user.empty()) request.authorization = "Basic " + base64(what.user + ':' + password);
  const auto answer = engine(what.node).answer(request, engine_now());
  rest_client::Response response;
  response.status = static_cast<int>(answer.status);
  response.content_type = answer.content_type;
  response.body = answer.body;
  if (marks_users && !what.user.empty()) {
    const std::string mark = R"("createUserId":null)";
    for (auto at = response.body.find(mark); at != std::string::npos; at = response.body.find(mark, at))
      response.body.replace(at, mark.size(), R"("createUserId":"of-)" + what.user + '"');
  }
  if (what.changes) changed.push_back(what);
  return response;
}

std::string World::ask(const std::string& node, const std::string& method, const std::string& target,
                       const std::string& body) {
  demo_engine::Request request;
  request.method = method;
  request.target = path_of(node) + target;
  if (!body.empty()) request.content_type = "application/json";
  request.body = body;
  return engine(node).answer(request, engine_now()).body;
}

void World::perhaps_throw() const {
  if (throws_at > 0 && --throws_at == 0) throw std::bad_alloc{};
}

World::Key World::add(Clock::time_point time, std::function<void()> then) {
  const Key key{std::max(time, now_), ++last_event_};
  events_.emplace(key, std::move(then));
  return key;
}

std::unique_ptr<batch_view::Timer> World::at(Clock::time_point time, std::function<void()> then) {
  perhaps_throw();
  return std::make_unique<SimulatedTimer>(*this, time, std::move(then));
}

void World::post(std::function<void()> then) {
  add(now_, std::move(then));
}

std::unique_ptr<batch_view::Transport> World::connect(rest_client::Options options) {
  return std::make_unique<SimulatedTransport>(*this, std::move(options));
}

// As the plugin's own loop does: an exception ends what was at work, and the loop goes on.
bool World::step(Clock::time_point until) {
  if (events_.empty() || events_.begin()->first.first > until) return false;
  now_ = events_.begin()->first.first;
  const auto event = std::move(events_.begin()->second);
  events_.erase(events_.begin());
  try {
    event();
  } catch (const std::exception& error) {
    report(error.what());
  }
  return true;
}

void World::run(milliseconds duration) {
  const auto until = now_ + duration;
  while (step(until)) {
  }
  now_ = until;
}

bool World::run_until(const std::function<bool()>& so, milliseconds at_most) {
  const auto until = now_ + at_most;
  while (!so())
    if (!step(until)) return so();
  return true;
}

}  // namespace batch_view_tests
