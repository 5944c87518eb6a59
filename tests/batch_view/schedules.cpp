#include "schedules.hpp"

#include <algorithm>
#include <set>

#include "scene.hpp"

namespace batch_view_tests {
namespace {

using std::chrono::minutes;

constexpr std::size_t most_clicks = 26;
const std::string node_a = Host::node, node_b = "http://b/engine-rest";
const std::vector<std::string> users{"ann", "bob", "cy"};

struct Target {  // a batch on an engine, and what it is made of
  std::string engine, node, id, job_definition, seed_definition, monitor_definition;
  std::vector<std::string> jobs;
  cockpit_call owner = 0;  // the action that has it, or had it last
};

class Schedule {
 public:
  Schedule(std::uint64_t seed, Planted planted)
      : random_(seed * 7919 + 17), world_(seed), planted_(planted) {}

  std::string run() {
    prepare();
    const auto clicks = 4 + pick(most_clicks);
    for (std::size_t i = 0; i < clicks && broken_.empty(); ++i) {
      click();
      pass(spread());
    }
    if (broken_.empty() && chance(0.3)) be_still();
    if (broken_.empty()) end();
    return broken_;
  }

 private:
  // Chance of the schedule's own, so that a change of the plugin changes as little as can be.
  std::size_t pick(std::size_t below) { return static_cast<std::size_t>(random_() % below); }
  bool chance(double share) { return static_cast<double>(random_() % 10'000) < share * 10'000; }
  milliseconds spread() {
    static constexpr int steps[] = {0, 0, 1, 2, 5, 20, 80, 300, 1400, 6000};
    return milliseconds{steps[pick(std::size(steps))]};
  }

  void prepare() {
    world_.fate = [this](const Asked& asked) { return fate_of(asked); };
    world_.double_changes = planted_ == Planted::repeated_changes;
    world_.one_user = planted_ == Planted::shared_credentials;
    world_.marks_users = true;
    host_.configure(Host::configuration({{"a", node_a}, {"b", node_b}}));
    host_.hears_no_cancel = planted_ == Planted::deaf_to_cancel;
    host_.ends_watches_alone = planted_ == Planted::restless;
    host_.completes_twice = planted_ == Planted::second_completion;
    for (std::size_t i = 0; i < 2; ++i) open_authority();
    pass(milliseconds{10});
    for (const auto& [engine, node] : {std::pair{"a", node_a}, std::pair{"b", node_b}}) {
      const auto batches = engine == std::string{"a"} ? 2 + pick(2) : 1;
      for (std::size_t i = 0; i < batches; ++i) add_batch(engine, node);
    }
    wild_ = true;
    world_.asked.clear();
    seen_ = 0;
  }

  // Its jobs fail at once, and whenever they are retried.
  void add_batch(const std::string& engine, const std::string& node) {
    Json ids = Json::array();
    for (std::size_t i = 0; i < 2 + pick(6); ++i) ids.push_back("x" + std::to_string(i));
    const auto made = Json::parse(world_.ask(node, "POST", "/external-task/retries-async",
                                             Json{{"externalTaskIds", ids}, {"retries", 1}}.dump()));
    Target target{engine,
                  node,
                  made.at("id"),
                  made.at("batchJobDefinitionId"),
                  made.at("seedJobDefinitionId"),
                  made.at("monitorJobDefinitionId"),
                  {},
                  0};
    world_.run(chance(0.8) ? seconds{4} : milliseconds{300});
    target.jobs = failed_jobs(world_, target.id, node);
    if (chance(0.2)) world_.ask(node, "PUT", "/batch/" + target.id + "/suspended", R"({"suspended":true})");
    targets_.push_back(std::move(target));
  }

  void open_authority() {
    const auto authority = ++last_authority_ + 1;
    const auto user = users[pick(users.size())];
    for (const auto* engine : {"a", "b"}) host_.open_authority(authority, engine, user, user);
    authorities_[authority] = user;
  }

  Fate fate_of(const Asked& asked) {
    Fate fate;
    if (!wild_) return fate;
    // Late and out of order.
    fate.there = milliseconds{1 + static_cast<int>(pick(chance(0.15) ? 9000 : 60))};
    fate.back = milliseconds{1 + static_cast<int>(pick(chance(0.15) ? 9000 : 60))};
    const auto kind = pick(40);
    if (kind == 0) fate.arrives = false;
    if (kind == 1) fate.answered = false;
    if (kind == 2) {
      static constexpr int statuses[] = {400, 401, 403, 404, 429, 500, 502, 503, 504};
      fate.status = statuses[pick(std::size(statuses))];
      if (chance(0.5)) fate.content = R"({"type":"X","message":"no"})";
      if (chance(0.4)) fate.retry_after = seconds{1 + static_cast<int>(pick(30))};
      if (asked.changes && chance(0.5)) fate.carried_out_later = seconds{1 + static_cast<int>(pick(6))};
    }
    if (kind == 3) {
      static constexpr rest_client::FailureKind kinds[] = {
          rest_client::FailureKind::refused, rest_client::FailureKind::cut, rest_client::FailureKind::timeout,
          rest_client::FailureKind::busy};
      fate.failure = kinds[pick(std::size(kinds))];
    }
    if (planted_ == Planted::lost_callback && kind < 4) fate.never_called = true;
    return fate;
  }

  // Steps one by one: what is sent is looked at while it is known what was asked for.
  void pass(milliseconds time) {
    const auto until = world_.time() + time;
    while (broken_.empty() && world_.step(until)) check();
    world_.run(milliseconds{
        std::max<std::int64_t>(0, std::chrono::duration_cast<milliseconds>(until - world_.time()).count())});
  }

  void check() {
    for (; seen_ < world_.asked.size(); ++seen_) {
      const auto& asked = world_.asked[seen_];
      if (asked.changes) changed(asked);
    }
    if (!host_.complaint.empty()) broken_ = host_.complaint;
    if (!world_.reports.empty()) broken_ = "an exception: " + world_.reports.front();
  }

  void changed(const Asked& asked) {
    const auto target = std::find_if(targets_.begin(), targets_.end(), [&asked](const Target& one) {
      const auto in = [&asked](const std::string& id) { return asked.target.find(id) != std::string::npos; };
      return one.node == asked.node &&
             (in(one.id) || in(one.job_definition) || in(one.seed_definition) || in(one.monitor_definition) ||
              std::any_of(one.jobs.begin(), one.jobs.end(), in));
    });
    if (target == targets_.end()) return broken("a change of what nobody named: " + asked.line());
    if (target->owner == 0) return broken("a change that nobody asked for: " + asked.line());
    const auto& record = host_.record(target->owner);
    if (record.over()) return broken("a change after its call had ended: " + asked.line());
    // On engines before 7.19 a retry is two changes: one that was begun is finished.
    const auto half = asked.target.rfind("/retries");
    if (half != std::string::npos && dated_.count({target->owner, asked.target.substr(0, half)}) != 0) return;
    if (const auto date = asked.target.rfind("/duedate"); date != std::string::npos)
      dated_.insert({target->owner, asked.target.substr(0, date)});
    if (cancelled_.count(target->owner) != 0)
      return broken("a change after its call was cancelled: " + asked.line());
    if (const auto deadline = deadlines_.find(target->owner);
        deadline != deadlines_.end() && asked.when > deadline->second)
      return broken("a change after the deadline of its call: " + asked.line());
    if (!sent_.insert({target->owner, asked.line() + asked.body}).second)
      return broken("the same change twice by one call: " + asked.line());
    if (asked.user != user_of(record.authority) && !world_.one_user)
      return broken("a change with somebody else's credentials: " + asked.line());
  }

  void broken(const std::string& what) {
    if (broken_.empty()) broken_ = what;
  }

  std::string user_of(cockpit_authority authority) const {
    const auto at = authorities_.find(authority);
    return at == authorities_.end() ? std::string{} : at->second;
  }
  cockpit_authority some_authority() {
    auto at = authorities_.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(pick(authorities_.size())));
    return at->first;
  }
  Target& some_target() { return targets_[pick(targets_.size())]; }

  void click() {
    const auto kind = pick(100);
    if (kind < 30) return void(remember(host_.watch(some_read(), some_authority())));
    if (kind < 45) return void(remember(host_.invoke(some_read(), some_authority(), seconds{20})));
    if (kind < 70) return act();
    if (kind < 88) return cancel_one();
    if (kind < 92) return change_persons();
    if (kind < 96) return configure();
    open_authority();
  }
  void remember(cockpit_call call) {
    calls_.push_back(call);
    cancelled_at_[call] = false;
  }

  Json some_read() {
    auto& target = some_target();
    Json body;
    switch (pick(9)) {
      case 0:
        body = Host::rows_of("running", Json::object(), {{"sort", {{"key", "start"}, {"order", "desc"}}}});
        if (chance(0.3)) body["filters"] = {{"state", "needs"}};
        if (chance(0.5)) return body;  // of all engines
        break;
      case 1:
        body = Host::rows_of("ended", Json::object(), {{"sort", {{"key", "end"}, {"order", "desc"}}}});
        if (chance(0.5)) return body;
        break;
      case 2:
        return Host::details_of("need", Json::object());
      case 3:
        body = Host::rows_of("causes", {{"batch", target.id}});
        break;
      case 4:
        body = Host::rows_of("failed-jobs", {{"batch", target.id}});
        break;
      case 5:
        body = Host::rows_of("retrying", {{"batch", target.id}});
        break;
      case 6:
        body = Host::details_of("course", {{"batch", target.id}});
        break;
      case 7:
        body = target.jobs.empty() ? Host::details_of("batch", {{"id", target.id}})
                                   : Host::details_of("job", {{"id", target.jobs[pick(target.jobs.size())]}});
        break;
      default:
        body = Host::details_of("batch", {{"id", target.id}});
    }
    body["engines"] = {target.engine};
    return body;
  }

  // One action a batch at once, so that every change has one call that it belongs to.
  void act() {
    auto& target = some_target();
    if (target.owner != 0 && !host_.record(target.owner).over()) return;
    static const std::vector<std::string> actions{"retry-job", "delete-job",   "retry-jobs",    "delete-jobs",
                                                  "retry-all", "run-now",      "retry-stuck",   "suspend",
                                                  "resume",    "delete-batch", "delete-history"};
    const auto& action = actions[pick(actions.size())];
    Json more;
    if (action == "retry-jobs" || action == "delete-jobs") {
      more = all_failed(target.id, std::max<std::size_t>(1, target.jobs.size()));
    } else if (action == "retry-job" || action == "delete-job" || action == "run-now") {
      if (target.jobs.empty()) return;
      const auto count = 1 + pick(target.jobs.size());
      more = {{"ids", std::vector<std::string>{target.jobs.begin(),
                                               target.jobs.begin() + static_cast<std::ptrdiff_t>(count)}}};
    } else {
      more = {{"ids", {target.id}}};
      if (action == "delete-batch" && chance(0.5)) more["params"] = {{"history", true}};
    }
    if (chance(0.1)) more["dryRun"] = true;
    more["engines"] = {target.engine};
    const auto deadline = chance(0.2) ? milliseconds{1 + static_cast<int>(pick(4000))} : milliseconds{0};
    target.owner = host_.invoke(Host::action_of(action, more), some_authority(), deadline);
    if (deadline.count() > 0) deadlines_[target.owner] = world_.time() + deadline;
    remember(target.owner);
  }

  void cancel_one() {
    std::vector<cockpit_call> open;
    for (const auto call : calls_)
      if (!host_.record(call).over() && !cancelled_at_[call]) open.push_back(call);
    if (open.empty()) return;
    cancel(open[pick(open.size())]);
  }
  void cancel(cockpit_call call) {
    cancelled_at_[call] = true;
    host_.cancel(call);
    // Behind it, when the plugin has taken it.
    world_.post([this, call] { cancelled_.insert(call); });
  }

  void change_persons() {
    if (authorities_.size() < 2) return open_authority();
    const auto authority = some_authority();
    if (chance(0.3)) {  // their credentials anew, or another password
      const auto secret = authorities_[authority] + (chance(0.5) ? "" : "-anew");
      for (const auto* engine : {"a", "b"})
        host_.open_authority(authority, engine, authorities_[authority], secret);
      return;
    }
    host_.close_authority(authority);
    // Of who is gone nothing may be begun any more, and every call ends.
    world_.post([this, authority] {
      for (const auto call : calls_)
        if (host_.record(call).authority == authority) cancelled_.insert(call);
    });
    gone_[authority] = authorities_[authority];
    authorities_.erase(authority);
  }

  void configure() {
    switch (pick(3)) {
      case 0:
        return void(host_.configure(Host::configuration({{"a", node_a}, {"b", node_b}})));
      case 1:
        return void(host_.configure(Host::configuration({{"a", node_a}})));
      default:
        host_.configure(
            Host::configuration({{"a", node_a}, {"b", chance(0.5) ? node_b : "http://c/engine-rest"}}));
    }
  }

  // Nobody looks any more: after a while nothing is asked.
  void be_still() {
    for (const auto call : calls_)
      if (!host_.record(call).over()) cancel(call);
    pass(minutes{2});
    for (const auto call : calls_)
      if (!host_.record(call).over()) return broken("a cancelled call does not end" + named(call));
    const auto before = world_.asked.size();
    pass(minutes{3});
    if (world_.asked.size() != before)
      broken("an engine is asked though nobody looks: " + world_.asked.back().line());
  }

  std::string named(cockpit_call call) const { return " (call " + std::to_string(call) + ")"; }

  void end() {
    check_bounds();
    const bool leaves = chance(0.2);
    if (leaves) {
      host_.destroy();
    } else {
      host_.stop();
      const auto until = world_.time() + minutes{4};
      while (broken_.empty() && !host_.stopped() && world_.step(until)) check();
      if (broken_.empty() && !host_.stopped()) return broken("a plugin that does not stop");
      host_.destroy();
    }
    const auto sent = world_.asked.size();
    pass(minutes{2});
    if (world_.asked.size() != sent)
      broken("an engine is asked after the end: " + world_.asked.back().line());
    if (world_.open_transports != 0) broken("a connection is left open at the end");
    for (auto& [call, record] : host_.records()) {
      if (record.completions != 1)
        broken("a call has " + std::to_string(record.completions) + " completions" + named(call));
      check_owner(call, record);
    }
  }

  void check_bounds() {
    for (const auto& bound : host_.bounds()) {
      const auto most = planted_ == Planted::tight_bounds ? std::min<std::size_t>(bound.most, 1) : bound.most;
      if (bound.size > most)
        broken(bound.what + ": " + std::to_string(bound.size) + " of " + std::to_string(most));
    }
  }

  // What engines say carries whose question it was.
  void check_owner(cockpit_call call, const Record& record) {
    auto mine = user_of(record.authority);
    if (mine.empty() && gone_.count(record.authority) != 0) mine = gone_.at(record.authority);
    for (const auto& user : users) {
      if (user == mine || record.authority == 0) continue;
      const auto mark = "of-" + user;
      if (record.body.find(mark) != std::string::npos) broken("an answer of somebody else's" + named(call));
      for (const auto& update : record.updates)
        if (update.body.find(mark) != std::string::npos) broken("an update of somebody else's" + named(call));
    }
  }

  std::mt19937_64 random_;
  World world_;
  Planted planted_;
  Host host_{world_};
  std::vector<Target> targets_;
  std::map<cockpit_authority, std::string> authorities_, gone_;
  cockpit_authority last_authority_ = 0;
  std::vector<cockpit_call> calls_;
  std::map<cockpit_call, bool> cancelled_at_;
  std::set<cockpit_call> cancelled_;
  std::map<cockpit_call, Clock::time_point> deadlines_;
  std::set<std::pair<cockpit_call, std::string>> sent_, dated_;
  std::size_t seen_ = 0;
  bool wild_ = false;
  std::string broken_;
};

}  // namespace

std::string run_schedule(std::uint64_t seed, Planted planted) {
  return Schedule{seed, planted}.run();
}

}  // namespace batch_view_tests
