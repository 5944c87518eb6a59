#include "session.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "owed.hpp"

namespace batch_view {
namespace {

constexpr auto any_batch = "*";  // as authorizations write it

// Room for so many more: a cache that is full begins anew, which costs some calls and no memory.
template <class Map>
void make_room(Map& map, std::size_t more = 1) {
  if (map.size() + more > Session::most_remembered) map.clear();
}

}  // namespace

Session::Session(Environment& environment, std::string engine_id, rest_client::Options options, bool person)
    : engine_(std::make_shared<Engine>(environment, std::move(options))),
      board_(std::make_shared<Board>(engine_)),
      courses_(std::make_shared<Courses>(engine_)),
      engine_id_(std::move(engine_id)),
      failures_(environment),
      plans_(environment),
      person_(person),
      attention_(std::make_shared<Attention>()) {}

std::int64_t Session::engine_now_ms() const {
  return environment().wall_ms() + engine_->clock_ahead().count();
}

void Session::learn_abilities(std::function<void()> then) {
  abilities_.filters_statistics = engine_->old_version().empty();
  if (std::exchange(asked_abilities_, true)) return then();
  engine_->version([self = shared_from_this(), this, then = std::move(then)](const Got<std::string>& got) {
    abilities_.filters_statistics = engine_->old_version().empty();
    if (std::holds_alternative<Problem>(got))
      asked_abilities_ = false;  // it was not there; it is asked again
    then();
  });
}

void Session::look_into_history(const Batch& running, std::function<void()> then) {
  if (history_known_until_ > now()) return then();
  history_known_until_ = now() + history_known_for;
  engine_->one_historic(running.id, [self = shared_from_this(), this,
                                     then = std::move(then)](const Got<std::optional<Batch>>& got) {
    if (const auto* record = std::get_if<0>(&got))
      abilities_.history = record->has_value();
    else
      history_known_until_ = {};
    then();
  });
}

std::string Session::name_of_user(const std::string& id) const {
  const auto at = names_.find(id);
  return at == names_.end() || at->second.second.empty() ? id : at->second.second;
}

void Session::learn_names(const std::set<std::string>& ids, std::function<void()> then) {
  constexpr std::size_t most_at_once = 100;  // ids in one query
  const auto time = now();
  std::vector<std::string> unknown;
  for (const auto& id : ids) {
    const auto at = names_.find(id);
    if ((at == names_.end() || at->second.first < time) && unknown.size() < most_at_once)
      unknown.push_back(id);
  }
  if (unknown.empty()) return then();
  make_room(names_, unknown.size());
  for (const auto& id : unknown)
    names_[id].first = time + names_for;  // asked now; what is not answered is not asked at once again
  const std::set<std::string> asked{unknown.begin(), unknown.end()};
  engine_->users(unknown, [self = shared_from_this(), this, asked, then = std::move(then)](
                              Got<std::vector<std::pair<std::string, std::string>>> got) {
    if (const auto* found = std::get_if<0>(&got))
      for (const auto& [id, name] : *found)
        if (asked.count(id) != 0) names_[id].second = name;  // and nobody else is kept
    then();
  });
}

void Session::ids_of_user(const std::string& name, std::function<void(std::set<std::string>)> then) {
  const auto same = [&name](const std::string& other) {
    return std::equal(name.begin(), name.end(), other.begin(), other.end(), [](char a, char b) {
      return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    });
  };
  std::set<std::string> known;
  for (const auto& [id, one] : names_)
    if (same(one.second)) known.insert(id);
  const auto at = named_.find(name);
  if (at != named_.end() && at->second.first > now()) {
    known.insert(at->second.second.begin(), at->second.second.end());
    return then(std::move(known));
  }
  engine_->users_named(
      name, [self = shared_from_this(), this, name, known, then = std::move(then)](Got<Engine::Names> got) {
        auto ids = known;
        if (const auto* found = std::get_if<0>(&got)) {
          make_room(named_);
          auto& remembered = named_[name];
          remembered.first = now() + names_for;
          for (const auto& [id, shown] : *found) remembered.second.insert(id);
          ids.insert(remembered.second.begin(), remembered.second.end());
        }
        then(std::move(ids));
      });
}

void Session::rights(const std::string& batch, bool fresh, Then<Rights> then) {
  if (!person_) return then(Rights{});
  const auto at = rights_.find(batch);
  if (!fresh && at != rights_.end() && at->second.first > now()) return then(at->second.second);
  ask_rights(batch, std::move(then));
}

void Session::ask_rights(const std::string& batch, Then<Rights> then) {
  struct Asking {
    Rights rights;
    int left = 3;
    std::optional<Problem> problem;
    Then<Rights> then;
  };
  auto asking = std::make_shared<Asking>();
  asking->then = std::move(then);
  const auto one = [self = shared_from_this(), this, asking, batch](bool Rights::*member) {
    return [self, this, asking, batch, member](Got<bool> got) {
      if (auto* problem = std::get_if<Problem>(&got))
        asking->problem = std::move(*problem);
      else
        asking->rights.*member = std::get<bool>(got);
      if (--asking->left != 0) return;
      if (asking->problem) return asking->then(std::move(*asking->problem));
      make_room(rights_);
      rights_[batch] = {now() + (batch == any_batch ? Clock::duration{rights_for_all_for} : rights_for),
                        asking->rights};
      asking->then(asking->rights);
    };
  };
  engine_->allowed(Permission::update, batch, one(&Rights::update));
  engine_->allowed(Permission::remove, batch, one(&Rights::remove));
  engine_->allowed(Permission::remove_history, batch, one(&Rights::remove_history));
}

std::optional<Session::Rights> Session::known_rights(const std::string& batch) const {
  if (!person_) return Rights{};
  // What is a little old is still right most of the time, and every action asks anew.
  const auto own = rights_.find(batch);
  if (own != rights_.end()) return own->second.second;
  const auto all = rights_.find(any_batch);
  if (all == rights_.end()) return std::nullopt;
  const auto& rights = all->second.second;
  return rights.update && rights.remove && rights.remove_history ? std::optional<Rights>{rights}
                                                                 : std::nullopt;
}

void Session::learn_rights(const std::vector<Batch>& batches, std::size_t most, std::function<void()> then) {
  if (!person_ || batches.empty()) return then();
  const auto all = rights_.find(any_batch);
  if (all == rights_.end() || all->second.first < now())
    return ask_rights(
        any_batch, [self = shared_from_this(), this, batches, most, then = std::move(then)](Got<Rights> got) {
          // Not knowing it, the rows offer nothing; the list itself is there.
          if (std::holds_alternative<Problem>(got)) return then();
          learn_rights(batches, most, then);
        });
  std::vector<std::string> unknown;
  for (const auto& batch : batches)
    if (unknown.size() < most && !known_rights(batch.id)) unknown.push_back(batch.id);
  if (unknown.empty()) return then();
  const auto left = std::make_shared<std::size_t>(unknown.size());
  const auto done = std::make_shared<std::function<void()>>(std::move(then));
  for (const auto& id : unknown)
    ask_rights(id, [left, done](const Got<Rights>&) {
      if (--*left == 0) (*done)();
    });
}

Session::Known Session::mover(const Batch& batch) const {
  Known known;
  if (const auto definition = suspect_definition(batch))
    if (const auto at = movers_.find(*definition); at != movers_.end()) known = at->second.known;
  if (known.mover != Mover::missing && known.mover != Mover::without_retries &&
      standstill_.is_suspended(batch.id))
    known.mover = Mover::suspended;
  return known;
}

// Whether to ask for the driving job of this stall candidate: not while it makes progress, or has just
// started.
bool Session::is_due(const Batch& batch, const std::string& definition) {
  const auto time = now();
  auto at = movers_.find(definition);
  if (at == movers_.end()) {
    if (movers_.size() >= most_remembered)
      std::erase_if(movers_, [](const auto& one) { return !one.second.looking; });
    at = movers_.emplace(definition, Remembered{}).first;
    at->second.created = batch.created;
    const auto start = batch.start ? ms_of(*batch.start) : std::nullopt;
    const auto age = std::chrono::milliseconds{start ? engine_now_ms() - *start : 0};
    at->second.until = batch.remaining == 0 || age > young ? time : time + mover_for;
  }
  auto& remembered = at->second;
  if (remembered.looking) return true;  // whoever asks meanwhile gets the same answer
  if (remembered.created != batch.created) {
    remembered = Remembered{};
    remembered.until = time + mover_for;
    remembered.known.mover = Mover::alive;
    remembered.created = batch.created;
    return false;
  }
  return remembered.until <= time;
}

void Session::look_at_suspects(const std::vector<Batch>& batches, std::size_t most,
                               std::function<void()> then) {
  std::vector<Batch> looked;
  std::vector<Batch> still;
  for (const auto& batch : batches) {
    const auto definition = suspect_definition(batch);
    if (definition && looked.size() < most && is_due(batch, *definition)) looked.push_back(batch);
    if (still.size() < most && standstill_.is_suspect(batch, now(), engine_now_ms())) still.push_back(batch);
  }
  if (looked.empty() && still.empty()) return then();
  auto left = std::make_shared<std::size_t>(looked.size() + still.size());
  auto all = std::make_shared<std::function<void()>>(std::move(then));
  const auto one = [left, all] {
    if (--*left == 0) (*all)();
  };
  for (const auto& batch : looked) look_at(batch, one);
  for (const auto& batch : still) look_at_standstill(batch, one);
}

void Session::look_at_standstill(const Batch& batch, std::function<void()> then) {
  const auto came = [self = shared_from_this(), id = batch.id,
                     then = std::move(then)](const Got<std::int64_t>& got) {
    const auto* count = std::get_if<std::int64_t>(&got);
    self->standstill_.answered(id, count != nullptr && *count > 0);
    then();
  };
  engine_->suspended_jobs_count(batch.job_definition, owed_answer<std::int64_t>(came));
}

void Session::look_at(const Batch& batch, std::function<void()> then) {
  const auto definition = *suspect_definition(batch);
  const bool monitor = definition == batch.monitor_definition;
  auto& asked = movers_[definition];
  asked.waiting.push_back(std::move(then));
  if (std::exchange(asked.looking, true)) return;
  engine_->only_job(definition, owed_answer<std::optional<Job>>([self = shared_from_this(), this, definition,
                                                                 monitor](Got<std::optional<Job>> got) {
                      auto& remembered = movers_[definition];
                      remembered.looking = false;
                      // A failed look leaves what was known; the list itself says that the engine is not
                      // there.
                      if (const auto* job = std::get_if<0>(&got))
                        learn_mover(remembered, *job, monitor);
                      else
                        remembered.until = now() + mover_for;
                      for (const auto& tell : std::exchange(remembered.waiting, {}))
                        call_guarded(environment(), tell);
                    }));
}

void Session::forget_standstill() {
  standstill_.forget();
  for (auto& [definition, remembered] : movers_)
    if (remembered.known.mover == Mover::suspended) {
      remembered.known = {};
      remembered.until = {};
    }
}

void Session::forget_mover(const std::string& definition) {
  const auto at = movers_.find(definition);
  if (at == movers_.end()) return;
  at->second.known = {};
  at->second.until = {};
}

void Session::learn_mover(Remembered& remembered, const std::optional<Job>& job, bool monitor) const {
  const auto before = remembered.known.mover;
  if (!job) {
    // Between two jobs there may be a moment without: it has to be missing twice.
    if (!std::exchange(remembered.missing_once, true)) {
      remembered.until = now();
      return;
    }
    remembered.known = {Mover::missing, {}};
  } else {
    remembered.missing_once = false;
    remembered.known = {job->retries == 0 ? Mover::without_retries
                        : job->suspended  ? Mover::suspended
                                          : Mover::alive,
                        {}};
    if (monitor && job->retries > 0 && job->due) remembered.known.due = *job->due;
  }
  remembered.wait = remembered.known.mover == before
                        ? std::min<Clock::duration>(remembered.wait * 2, mover_for_at_most)
                        : Clock::duration{mover_for};
  remembered.until = now() + remembered.wait;
}

Bounds Session::bounds() const {
  auto bounds = failures_.bounds();
  bounds.push_back({"names of users", names_.size(), most_remembered});
  bounds.push_back({"rights", rights_.size(), most_remembered});
  bounds.push_back({"seed and monitor jobs", movers_.size(), most_remembered});
  bounds.push_back({"deleted batches", deleted_.size(), most_endings});
  bounds.push_back({"batches that stand still", standstill_.size(), Standstill::most});
  bounds.push_back({"plans", plans_.size(), Plans::most});
  bounds.push_back({"places of pages", bookmarks_.size(), Bookmarks::most});
  bounds.push_back({"courses", courses_->size(), Courses::most_courses});
  return bounds;
}

}  // namespace batch_view
