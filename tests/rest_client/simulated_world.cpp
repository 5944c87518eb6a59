#include "simulated_world.hpp"

#include <algorithm>
#include <utility>

namespace rest_client::simulated {

class SimulatedTimer final : public Timer {
 public:
  SimulatedTimer(World& world, Time time, std::function<void()> then)
      : world_(world), key_(world.add(time, std::move(then))) {}
  ~SimulatedTimer() override { world_.events_.erase(key_); }
  SimulatedTimer(const SimulatedTimer&) = delete;
  SimulatedTimer& operator=(const SimulatedTimer&) = delete;

 private:
  World& world_;
  World::Key key_;
};

namespace {

class SimulatedConnection final : public Connection {
 public:
  SimulatedConnection(World& world, std::size_t node) : world_(world), node_(node) {
    world_.open_now.resize(std::max(world_.open_now.size(), node + 1));
    world_.most_open = std::max(world_.most_open, ++world_.open_now[node]);
  }
  ~SimulatedConnection() override { --world_.open_now[node_]; }
  SimulatedConnection(const SimulatedConnection&) = delete;
  SimulatedConnection& operator=(const SimulatedConnection&) = delete;

  void open(std::function<void(std::optional<Failure>)> done) override {
    world_.opened.push_back(node_);
    const Opening opening = world_.opening(node_);
    if (opening.never) return;
    event_ =
        world_.at(world_.now() + opening.after, [this, done = std::move(done), failure = opening.failure] {
          usable_ = !failure;
          done(failure);
        });
  }

  void exchange(Exchange exchange, std::function<void(ExchangeEnd)> done) override {
    if (!usable_) world_.broken_rule = "an exchange on a connection that is not open, in use, or broken";
    usable_ = false;
    lost_ = nullptr;
    server_closes_.reset();
    const std::string_view head = exchange.head.view();
    const Asked asked{node_, std::string(head.substr(0, head.find(" HTTP/"))), carried_++ > 0, world_.now()};
    world_.asked.push_back(asked);
    progress_ = Progress{true, true, 0};
    if (closed_) {  // the server had gone when the request came
      event_ = world_.at(world_.now() + milliseconds(1),
                         [this, done] { done(cut_answer(progress_.request_sent)); });
      return;
    }
    Treatment treatment = world_.treatment(asked);
    if (treatment.never) return;
    event_ = world_.at(world_.now() + treatment.end_after, [this, treatment, done = std::move(done)] {
      progress_ = treatment.end.progress;
      usable_ = treatment.end.reusable;
      if (usable_ && treatment.closes_idle_after) close_later(*treatment.closes_idle_after);
      done(treatment.end);
    });
  }

  Progress progress() const override { return progress_; }
  void rest(std::function<void()> lost) override { lost_ = std::move(lost); }
  bool is_clean() override { return usable_; }

 private:
  // First the server closes, then the client gets to know: in between a request may be sent in vain.
  void close_later(milliseconds after) {
    server_closes_ = world_.at(world_.now() + after, [this] {
      closed_ = true;
      news_ = world_.at(world_.now() + milliseconds(2), [this] {
        if (const auto lost = std::exchange(lost_, nullptr)) lost();
      });
    });
  }

  World& world_;
  const std::size_t node_;
  std::size_t carried_ = 0;
  bool usable_ = false;
  bool closed_ = false;
  Progress progress_;
  std::function<void()> lost_;
  std::unique_ptr<Timer> event_;
  std::unique_ptr<Timer> server_closes_;
  std::unique_ptr<Timer> news_;
};

}  // namespace

ExchangeEnd good_answer(int status, std::string body) {
  Response response;
  response.status = status;
  response.content_type = "application/json";
  response.body = std::move(body);
  return {std::move(response), {true, true, 100}, true};
}

ExchangeEnd cut_answer(bool request_sent) {
  return {make_failure(FailureKind::cut, "the simulated server closed the connection before it answered"),
          {request_sent, request_sent, 0},
          false};
}

World::Key World::add(Time time, std::function<void()> then) {
  const Key key{std::max(time, now_), ++last_event_};
  events_.emplace(key, std::move(then));
  return key;
}

std::unique_ptr<Timer> World::at(Time time, std::function<void()> then) {
  return std::make_unique<SimulatedTimer>(*this, time, std::move(then));
}

void World::deliver(Callback callback, Answer answer) {
  add(now_, [callback = std::move(callback), answer = std::move(answer)] { callback(answer); });
}

std::unique_ptr<Connection> World::connection_to(std::size_t node) {
  return std::make_unique<SimulatedConnection>(*this, node);
}

void World::run(milliseconds duration) {
  const Time end = now_ + duration;
  while (!events_.empty() && events_.begin()->first.first <= end) {
    const auto next = events_.begin();
    now_ = next->first.first;
    const std::function<void()> due = std::move(next->second);
    events_.erase(next);
    due();
  }
  now_ = end;
}

}  // namespace rest_client::simulated
