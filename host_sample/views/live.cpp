#include "views/live.hpp"

#include <algorithm>
#include <utility>

#include "base/status.hpp"

namespace host::views {
namespace {

constexpr auto first_wait = std::chrono::milliseconds{500};
constexpr auto longest_wait = std::chrono::milliseconds{15000};
constexpr auto ask_every = std::chrono::milliseconds{5000};  // of a plugin that offers no watches
constexpr auto ask_deadline = std::chrono::milliseconds{20000};

// Whether a watch that ended so is worth opening again without anybody asking.
bool may_pass(cockpit_status status) {
  switch (status) {
    case COCKPIT_UNAVAILABLE:
    case COCKPIT_TIMEOUT:
    case COCKPIT_BUSY:
    case COCKPIT_STOPPING:
    case COCKPIT_INTERNAL:
    case COCKPIT_CANCELLED:
    case COCKPIT_TOO_LARGE:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::uint64_t now_ms() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                        std::chrono::system_clock::now().time_since_epoch())
                                        .count());
}

std::string share_key(cockpit_authority authority, const std::string& plugin, const loader::BodyShape& shape,
                      const std::string& request) {
  return std::to_string(authority) + '\n' + plugin + '\n' + std::to_string(static_cast<int>(shape.kind)) +
         '\n' + shape.id_field + '\n' + request;
}

struct Live::Watch {
  Watch(IoContext& io, std::string by, std::string of, std::string what, loader::BodyShape owed)
      : key(std::move(by)),
        plugin(std::move(of)),
        request(std::move(what)),
        shape(std::move(owed)),
        timer(io) {}

  std::string key, plugin, request;
  loader::BodyShape shape;
  std::map<Id, Listener> listeners;
  std::weak_ptr<loader::Runtime> runtime;  // where it is open
  cockpit_call call = 0;
  std::uint64_t round = 0;  // which opening; events of earlier ones are dropped
  std::shared_ptr<const std::string> last_good;
  std::uint64_t last_good_as_of = 0;
  LiveUpdate last_error;  // status OK: none
  bool over = false;
  std::chrono::milliseconds wait = first_wait;
  Timer timer;
};

Live::Live(IoContext& io, loader::Registry& registry, cockpit_authority authority, std::string principal)
    : io_(io), registry_(registry), authority_(authority), principal_(std::move(principal)) {}

Live::~Live() = default;

Live::Id Live::listen(const std::string& plugin, const std::string& request, const loader::BodyShape& shape,
                      Listener listener) {
  const auto key = share_key(authority_, plugin, shape, request);
  auto& watch = watches_[key];
  const bool fresh = !watch;
  if (fresh) {
    if (watches_.size() > most_watches) {
      watches_.erase(key);
      LiveUpdate refused{COCKPIT_BUSY, now_ms(), nullptr, true};
      refused.body = std::make_shared<const std::string>(
          problem_json(COCKPIT_BUSY, "Too many live views", "This host watches as many things as it may."));
      listener(refused);
      return 0;
    }
    watch = std::make_shared<Watch>(io_, key, plugin, request, shape);
  }
  const auto kept = watch;
  const auto id = next_id_++;
  listening_[id] = kept;
  kept->listeners[id] = listener;
  if (fresh) {
    open(kept);
  } else {
    if (kept->last_good) listener({COCKPIT_OK, kept->last_good_as_of, kept->last_good, false});
    if (kept->last_error.status != COCKPIT_OK) listener(kept->last_error);
    if (kept->over) {  // somebody looks again: the cause may have gone
      kept->over = false;
      open(kept);
    }
  }
  return id;
}

void Live::leave(Id id) {
  const auto at = listening_.find(id);
  if (at == listening_.end()) return;
  const auto watch = at->second;
  listening_.erase(at);
  watch->listeners.erase(id);
  if (!watch->listeners.empty()) return;
  watch->timer.stop();
  ++watch->round;
  if (const auto runtime = watch->runtime.lock(); runtime && watch->call != 0) runtime->cancel(watch->call);
  watches_.erase(watch->key);
}

void Live::notify(Watch& watch, LiveUpdate update) {
  if (update.status == COCKPIT_OK) {
    if (update.body) watch.last_good = update.body;
    watch.last_good_as_of = update.as_of_ms;
    watch.last_error = {};
    watch.wait = first_wait;
  } else {
    watch.last_error = update;
  }
  const auto listeners = watch.listeners;  // one of them may leave meanwhile
  for (const auto& [id, listener] : listeners)
    if (watch.listeners.count(id) != 0) listener(update);
}

void Live::open_later(const std::shared_ptr<Watch>& watch) {
  const auto wait = watch->wait;
  watch->wait = std::min(watch->wait * 2, longest_wait);
  watch->timer.start(wait, [this, weak = std::weak_ptr<Watch>{watch}, round = watch->round] {
    const auto waiting = weak.lock();
    if (waiting && waiting->round == round) open(waiting);
  });
}

void Live::open(const std::shared_ptr<Watch>& watch) {
  const auto round = ++watch->round;
  watch->call = 0;
  const auto* entry = registry_.find(watch->plugin);
  if (entry == nullptr || !entry->serving()) {
    LiveUpdate update{COCKPIT_UNAVAILABLE, now_ms(), nullptr, false};
    update.body = std::make_shared<const std::string>(
        problem_json(COCKPIT_UNAVAILABLE, "The plugin is not there",
                     "\"" + watch->plugin + "\" is not available right now."));
    notify(*watch, std::move(update));
    return open_later(watch);
  }
  watch->runtime = entry->runtime;
  loader::CallEvents events;
  events.update = [this, weak = std::weak_ptr<Watch>{watch}, round](cockpit_status status,
                                                                    std::uint64_t as_of, std::string body) {
    const auto open = weak.lock();
    if (!open || open->round != round) return;
    LiveUpdate update{status, as_of, nullptr, false};
    if (!body.empty()) update.body = std::make_shared<const std::string>(std::move(body));
    notify(*open, std::move(update));
  };
  events.done = [this, weak = std::weak_ptr<Watch>{watch}, round](cockpit_status status, std::string body) {
    const auto ended = weak.lock();
    if (!ended || ended->round != round) return;
    ended->call = 0;
    LiveUpdate update{status, now_ms(), std::make_shared<const std::string>(std::move(body)),
                      !may_pass(status)};
    if (status == COCKPIT_OK) update.body = nullptr;
    ended->over = update.final;
    // A plugin that is being replaced says STOPPING: nobody needs to see that, the next one answers in a
    // moment.
    if (status != COCKPIT_STOPPING) notify(*ended, std::move(update));
    if (!ended->over && ended->round == round) open_later(ended);
  };
  loader::Ask ask;
  ask.authority = authority_;
  ask.principal = principal_;
  ask.body = watch->request;
  ask.shape = watch->shape;
  if (!entry->runtime->has_watch()) return ask_now_and_then(watch, std::move(ask));
  const auto call = entry->runtime->watch(std::move(ask), std::move(events));
  if (watch->round == round) watch->call = call;
}

// A plugin that offers no watches is asked, and asked again while somebody looks.
void Live::ask_now_and_then(const std::shared_ptr<Watch>& watch, loader::Ask ask) {
  loader::CallEvents events;
  events.done = [this, weak = std::weak_ptr<Watch>{watch}, round = watch->round](cockpit_status status,
                                                                                 std::string body) {
    const auto open = weak.lock();
    if (!open || open->round != round) return;
    open->call = 0;
    notify(*open, {status, now_ms(), std::make_shared<const std::string>(std::move(body)), false});
    if (status == COCKPIT_OK) open->wait = ask_every;
    if (open->round == round) open_later(open);
  };
  ask.deadline = ask_deadline;
  const auto round = watch->round;
  const auto call = watch->runtime.lock()->invoke(std::move(ask), std::move(events));
  if (watch->round == round) watch->call = call;
}

void Live::plugins_changed() {
  std::vector<std::shared_ptr<Watch>> all;
  all.reserve(watches_.size());
  for (const auto& [key, watch] : watches_) all.push_back(watch);
  for (const auto& watch : all) {
    const auto* entry = registry_.find(watch->plugin);
    const auto serving = entry != nullptr && entry->serving() ? entry->runtime : nullptr;
    const auto open_in = watch->runtime.lock();
    if (serving == open_in && serving != nullptr) continue;
    if (open_in && watch->call != 0) open_in->cancel(watch->call);
    if (serving) {
      watch->over = false;
      watch->timer.stop();
      open(watch);
    } else if (watch->call != 0 || open_in) {
      watch->runtime.reset();
      open(watch);
    }
  }
}

}  // namespace host::views
