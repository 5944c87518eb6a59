// Thousands of random histories in simulated time: whatever servers, callers and chance do, the promises
// hold. REST_CLIENT_SEEDS=n in the environment runs n of them instead.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>

#include "catch.hpp"
#include "dispatcher.hpp"
#include "simulated_world.hpp"

using namespace rest_client;
using namespace rest_client::simulated;

namespace {

// What the simulated world does wrong on purpose, to see that the checks notice.
enum class Planted { nothing, lies_that_nothing_was_sent, reads_from_the_past };

class History {
 public:
  History(std::uint64_t seed, Planted planted) : world_(seed), planted_(planted) {
    Options options;
    options.limits.connections_per_node = 1 + pick(3);
    options.limits.waiting = 4;
    options.limits.calls = 20;
    connections_ = options.limits.connections_per_node;
    const std::size_t nodes = 1 + pick(3);
    std::vector<BaseUrl> urls;
    for (std::size_t i = 0; i < nodes; ++i) urls.push_back({false, "node" + std::to_string(i), 8080, ""});
    world_.opening = [this](std::size_t) { return random_opening(); };
    world_.treatment = [this](const Asked& asked) { return random_treatment(asked); };
    Credentials none;
    client_ = std::make_unique<Dispatcher>(world_, std::move(options), std::move(urls), Authorization(none));
  }

  // The first promise that was broken; empty if none was.
  std::string run() {
    for (int step = 0; step < 40; ++step) {
      const std::size_t what = pick(10);
      if (what < 4) {
        send(Method::get, pick(2) == 0 ? "/a" : "/b");
      } else if (what < 7) {
        send(Method::put, "/change/" + std::to_string(calls_.size()));
      } else if (what == 7 && !calls_.empty()) {
        client_->cancel(1 + pick(calls_.size()));
      } else {
        world_.run(milliseconds(pick(pick(4) == 0 ? 20000 : 200)));
      }
      most_open_ok();
    }
    if (pick(2) == 0) client_->close();
    world_.run(std::chrono::minutes(5));
    client_.reset();
    world_.run(std::chrono::minutes(5));

    for (const auto& [id, call] : calls_) {
      if (call.answers != 1) broken("a call was answered " + std::to_string(call.answers) + " times");
      if (call.method != Method::put) continue;
      const int effects = effects_[call.target];
      if (effects > 1) broken("a change was made twice");
      if (call.good && effects != 1) broken("a change was confirmed, but not made");
      if (call.failed_for_certain && effects != 0) broken("a change failed for certain, but was made");
    }
    if (!world_.idle()) broken("timers are left");
    for (const std::size_t open : world_.open_now) {
      if (open != 0) broken("connections are left");
    }
    if (!world_.broken_rule.empty()) broken(world_.broken_rule);
    return broken_;
  }

 private:
  struct Call {
    Method method = Method::get;
    std::string target;
    Time deadline{};
    int version_known = 0;  // when it was sent
    int answers = 0;
    bool good = false;
    bool failed_for_certain = false;
  };

  std::size_t pick(std::size_t below) { return world_.random()() % below; }
  void broken(const std::string& promise) {
    if (broken_.empty()) broken_ = promise;
  }

  void most_open_ok() {
    if (world_.most_open > connections_) broken("too many connections to a node");
  }

  void send(Method method, const std::string& target) {
    Request request;
    request.method = method;
    request.target = target;
    request.deadline = world_.now() + milliseconds(pick(pick(2) == 0 ? 300 : 10000));
    Call call;
    call.method = method;
    call.target = target;
    call.deadline = request.deadline;
    call.version_known = version_confirmed_;
    const std::size_t index = calls_.size();
    calls_[index] = call;
    inside_ = true;
    client_->send(std::move(request), [this, index](const Answer& answer) {
      if (inside_) broken("a callback was called from inside send()");
      answered(calls_[index], answer);
    });
    inside_ = false;
  }

  void answered(Call& call, const Answer& answer) {
    ++call.answers;
    if (world_.now() > call.deadline) broken("an answer came after the deadline");
    if (const auto* failure = std::get_if<Failure>(&answer)) {
      call.failed_for_certain = failure->kind != FailureKind::outcome_unknown;
      if (failure->cause.empty()) broken("a failure has no cause");
      if (call.method == Method::get && !call.failed_for_certain) broken("a read has an unknown outcome");
      return;
    }
    const Response& response = std::get<Response>(answer);
    if (response.status != 200) {
      call.failed_for_certain = true;
      return;
    }
    call.good = true;
    const std::size_t blank = response.body.find(' ');
    if (response.body.substr(0, blank) != call.target) broken("an answer belongs to another request");
    const int version = std::stoi(response.body.substr(blank + 1));
    if (call.method == Method::put) version_confirmed_ = std::max(version_confirmed_, version);
    if (version < call.version_known) broken("a read does not see a change that was confirmed before it");
  }

  Opening random_opening() {
    Opening opening;
    opening.after = milliseconds(1 + pick(20));
    const std::size_t fate = pick(10);
    if (fate == 0) opening.failure = make_failure(FailureKind::refused, "refused");
    if (fate == 1) opening.failure = make_failure(FailureKind::tls, "tls");
    if (fate == 2) opening.never = true;
    return opening;
  }

  // A server does what it is asked when the request comes; what it says about it may get lost.
  Treatment random_treatment(const Asked& asked) {
    const std::string target = asked.line.substr(asked.line.find(' ') + 1);
    const bool is_change = asked.line.starts_with("PUT");
    Treatment treatment;
    treatment.end_after = milliseconds(1 + pick(pick(5) == 0 ? 2000 : 50));
    const std::size_t fate = pick(10);
    const bool good = fate < 6;
    if (is_change && (good || (fate > 6 && pick(4) != 0))) {
      ++effects_[target];
      ++version_;
    }
    if (good) {
      const int seen = planted_ == Planted::reads_from_the_past && !is_change ? version_ / 2 : version_;
      treatment.end = good_answer(200, target + " " + std::to_string(seen));
      treatment.end.reusable = pick(5) != 0;
      if (pick(3) == 0) treatment.closes_idle_after = milliseconds(pick(300));
    } else if (fate == 6) {
      treatment.end = good_answer(503, "{}");
      if (pick(2) == 0) std::get<Response>(treatment.end.answer).retry_after = std::chrono::seconds(pick(4));
    } else if (fate == 7) {
      treatment.end = cut_answer(planted_ != Planted::lies_that_nothing_was_sent);
      if (pick(2) == 0) treatment.end.progress.received = 10;
    } else if (fate == 8) {
      treatment.never = true;
    } else {
      treatment.end = {make_failure(FailureKind::malformed, "garbage"), {true, true, 9}, false};
    }
    return treatment;
  }

  World world_;
  const Planted planted_;
  std::size_t connections_ = 0;
  std::unique_ptr<Dispatcher> client_;
  std::map<std::size_t, Call> calls_;
  std::map<std::string, int> effects_;
  int version_ = 0;
  int version_confirmed_ = 0;
  bool inside_ = false;
  std::string broken_;
};

std::uint64_t seeds() {
  const char* const text = std::getenv("REST_CLIENT_SEEDS");
  return text == nullptr ? 3000 : std::strtoull(text, nullptr, 10);
}

bool is_noticed(Planted planted) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    if (!History(seed, planted).run().empty()) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("whatever happens, the promises of the client hold") {
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
    const std::string broken = History(seed, Planted::nothing).run();
    if (!broken.empty()) FAIL_CHECK("seed " << seed << ": " << broken);
  }
  CHECK(seeds() > 0);
}

TEST_CASE("a planted defect is noticed") {
  CHECK(is_noticed(Planted::lies_that_nothing_was_sent));
  CHECK(is_noticed(Planted::reads_from_the_past));
}
