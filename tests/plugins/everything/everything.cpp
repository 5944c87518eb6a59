// The plugin "everything": lighthouses, and every word of the view vocabulary. It proves that the host knows
// no subject.
//
// Threads: the host's thread for this plugin answers reads; one thread of its own does the actions, ends what
// is due, and tells the watches what changed. One mutex guards all; no function of the host is called with it
// held.
#include <cockpit/sdk.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "coast.hpp"
#include "everything_view.hpp"

namespace lighthouses {
namespace {

constexpr std::size_t most_remembered_runs = 1000;

std::uint64_t now_ms() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                        std::chrono::system_clock::now().time_since_epoch())
                                        .count());
}

std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

struct Answer {
  cockpit_status status = COCKPIT_OK;
  std::string body;
};

// What a read or an action came to: its body, or its refusal as a problem.
template <class Make>
Answer answered(Make make) {
  try {
    return {COCKPIT_OK, text_of(make())};
  } catch (const Refusal& refusal) {
    return {refusal.status, cockpit::problem(refusal.title, refusal.detail)};
  } catch (const json::exception& error) {
    return {COCKPIT_INVALID, cockpit::problem("Malformed", error.what())};
  }
}

class Everything final : public cockpit::Plugin {
 public:
  explicit Everything(const cockpit::Host& host) : host_(host), thread_{[this] { run(); }} {}
  ~Everything() override {
    end();
    thread_.join();
  }

  void invoke(cockpit::Call call, const cockpit::Request& request) override {
    const auto asked = json::parse(request.body);
    const auto kind = asked.value("kind", "");
    if (kind == "describe") {
      call.ok(view_json());
    } else if (kind == "action") {
      const std::lock_guard lock{mutex_};
      actions_.push_back({std::move(call), asked});
      wake_.notify_one();
    } else {
      const auto answer = read(asked);
      call.complete(answer.status, answer.body);
    }
  }

  void watch(cockpit::Call call, const cockpit::Request& request) override {
    const std::lock_guard lock{mutex_};
    watches_.push_back({std::move(call), json::parse(request.body), {}, false});
    changed_ = true;
    wake_.notify_one();
  }

  void cancel(cockpit_call call) noexcept override {
    const std::lock_guard lock{mutex_};
    cancelled_.insert(call);
    changed_ = true;
    wake_.notify_one();
  }

  void configure(cockpit::Call call, std::string_view text) override {
    std::vector<std::string> engines;
    const auto configuration = json::parse(text);
    for (const auto& engine : configuration.at("engines")) engines.push_back(engine.at("id"));
    {
      const std::lock_guard lock{mutex_};
      coast_.set_engines(engines);
      changed_ = true;
      wake_.notify_one();
    }
    host_.log(COCKPIT_LOG_INFO, std::to_string(engines.size()) + " engines");
    call.ok("{}");
  }

  void stop() override { end(); }

 private:
  struct Action {
    cockpit::Call call;
    json request;
  };
  struct Watch {
    cockpit::Call call;
    json request;
    Answer last;
    bool over;
  };

  void end() {
    const std::lock_guard lock{mutex_};
    ending_ = true;
    wake_.notify_one();
  }

  Answer read(const json& request) {
    const std::lock_guard lock{mutex_};
    return answered([&] { return coast_.answer(request); });
  }

  void run() {
    while (true) {
      std::optional<Action> action;
      {
        std::unique_lock lock{mutex_};
        const auto ready = [this] {
          return ending_ || changed_ || !actions_.empty() || coast_.next_due() <= Clock::now();
        };
        while (!ready()) {
          if (coast_.next_due() == Clock::time_point::max())
            wake_.wait(lock);
          else
            wake_.wait_until(lock, coast_.next_due());
        }
        if (ending_) break;
        if (coast_.settle(Clock::now())) changed_ = true;
        if (!actions_.empty()) {
          action = std::move(actions_.front());
          actions_.pop_front();
        }
      }
      if (action) act(*action);
      tell_watches();
    }
    leave();
  }

  // On the plugin's thread: one action, or the same answer again for a run that was done already.
  void act(Action& action) {
    const auto run = action.request.value("run", "");
    const auto done = done_.find(run);
    if (!run.empty() && done != done_.end()) {
      action.call.complete(done->second.status, done->second.body);
      return;
    }
    std::vector<std::string> progress;
    Answer answer;
    {
      const std::lock_guard lock{mutex_};
      answer = answered([&] {
        return coast_.act(action.request, [&](const json& how_far) { progress.push_back(text_of(how_far)); });
      });
      changed_ = true;
    }
    for (const auto& how_far : progress) action.call.progress(how_far);
    if (done_.size() >= most_remembered_runs) done_.clear();
    done_[run] = answer;
    action.call.complete(answer.status, answer.body);
  }

  // On the plugin's thread: every watch whose answer is another now hears it.
  void tell_watches() {
    std::vector<Watch> mine;
    std::set<cockpit_call> cancelled;
    {
      const std::lock_guard lock{mutex_};
      if (!std::exchange(changed_, false)) return;
      mine.swap(watches_);
      cancelled.swap(cancelled_);
    }
    for (auto& watch : mine) {
      if (cancelled.count(watch.call.id()) != 0) {
        watch.call.fail(COCKPIT_CANCELLED, "Cancelled", "Nobody looks any more.");
        watch.over = true;
        continue;
      }
      auto answer = read(watch.request);
      // What was there and is no more is gone; what never was ends the watch at once.
      if (answer.status == COCKPIT_NOT_FOUND && !watch.last.body.empty()) answer.status = COCKPIT_GONE;
      if (answer.status == COCKPIT_OK) {
        if (answer.body != watch.last.body) watch.call.update(COCKPIT_OK, now_ms(), answer.body);
        watch.last = std::move(answer);
      } else {
        watch.call.complete(answer.status, answer.body);
        watch.over = true;
      }
    }
    std::erase_if(mine, [](const Watch& watch) { return watch.over; });
    const std::lock_guard lock{mutex_};
    for (auto& watch : mine) watches_.push_back(std::move(watch));
  }

  // On the plugin's thread, at the end: everything that is open is completed.
  void leave() {
    std::vector<Watch> watches;
    std::deque<Action> actions;
    {
      const std::lock_guard lock{mutex_};
      watches.swap(watches_);
      actions.swap(actions_);
    }
    for (auto& watch : watches) watch.call.fail(COCKPIT_STOPPING, "Stopping", "The plugin is being stopped.");
    for (auto& action : actions)
      action.call.fail(COCKPIT_STOPPING, "Stopping", "Nothing was done: the plugin is being stopped.");
  }

  cockpit::Host host_;
  std::mutex mutex_;
  std::condition_variable wake_;
  Coast coast_;
  std::deque<Action> actions_;
  std::vector<Watch> watches_;
  std::set<cockpit_call> cancelled_;
  bool changed_ = false;
  bool ending_ = false;
  std::map<std::string, Answer> done_;  // the thread's own
  std::thread thread_;                  // last: it uses all the others
};

}  // namespace
}  // namespace lighthouses

COCKPIT_PLUGIN(lighthouses::Everything, "everything", "Lighthouses", "1.0.0");
