#include "session.hpp"

#include <utility>

namespace batch_view {
namespace {

// Room for one more: a cache that is full begins anew, which costs some calls and no memory.
template <class Map>
void make_room(Map& map) {
  if (map.size() >= Session::most_remembered) map.clear();
}

}  // namespace

Session::Session(boost::asio::io_context& io, std::string engine_id, rest_client::Options options,
                 bool person)
    : engine_(io, std::move(options)), engine_id_(std::move(engine_id)), person_(person) {}

std::string Session::name_of_user(const std::string& id) const {
  const auto at = names_.find(id);
  return at == names_.end() || at->second.second.empty() ? id : at->second.second;
}

void Session::learn_names(const std::set<std::string>& ids, std::function<void()> then) {
  constexpr std::size_t most_at_once = 100;  // ids in one query
  const auto now = Clock::now();
  std::vector<std::string> unknown;
  for (const auto& id : ids) {
    const auto at = names_.find(id);
    if ((at == names_.end() || at->second.first < now) && unknown.size() < most_at_once)
      unknown.push_back(id);
  }
  if (unknown.empty()) return then();
  make_room(names_);
  for (const auto& id : unknown)
    names_[id].first = now + names_for;  // asked now; what is not answered is not asked at once again
  engine_.users(unknown,
                [this, then = std::move(then)](Got<std::vector<std::pair<std::string, std::string>>> got) {
                  if (const auto* found = std::get_if<0>(&got))
                    for (const auto& [id, name] : *found) names_[id].second = name;
                  then();
                });
}

void Session::rights(const std::string& batch, bool fresh, Then<Rights> then) {
  if (!person_) return then(Rights{});
  const auto at = rights_.find(batch);
  if (!fresh && at != rights_.end() && at->second.first > Clock::now()) return then(at->second.second);
  struct Asking {
    Rights rights;
    int left = 3;
    std::optional<Problem> problem;
    Then<Rights> then;
  };
  auto asking = std::make_shared<Asking>();
  asking->then = std::move(then);
  const auto one = [this, asking, batch](bool Rights::*member) {
    return [this, asking, batch, member](Got<bool> got) {
      if (auto* problem = std::get_if<Problem>(&got))
        asking->problem = std::move(*problem);
      else
        asking->rights.*member = std::get<bool>(got);
      if (--asking->left != 0) return;
      if (asking->problem) return asking->then(std::move(*asking->problem));
      make_room(rights_);
      rights_[batch] = {Clock::now() + rights_for, asking->rights};
      asking->then(asking->rights);
    };
  };
  engine_.allowed(Permission::update, batch, one(&Rights::update));
  engine_.allowed(Permission::remove, batch, one(&Rights::remove));
  engine_.allowed(Permission::remove_history, batch, one(&Rights::remove_history));
}

Session::Known Session::mover(const Batch& batch) const {
  const auto definition = suspect_definition(batch);
  if (!definition) return {};
  const auto at = movers_.find(*definition);
  return at == movers_.end() ? Known{} : at->second.known;
}

void Session::look_at_suspects(const std::vector<Batch>& batches, std::size_t most,
                               std::function<void()> then) {
  std::vector<Batch> looked;
  const auto now = Clock::now();
  for (const auto& batch : batches) {
    const auto definition = suspect_definition(batch);
    if (!definition || looked.size() >= most) continue;
    const auto at = movers_.find(*definition);
    if (at == movers_.end() || at->second.until < now) looked.push_back(batch);
  }
  if (looked.empty()) return then();
  auto left = std::make_shared<std::size_t>(looked.size());
  auto all = std::make_shared<std::function<void()>>(std::move(then));
  for (const auto& batch : looked)
    look_at(batch, [left, all] {
      if (--*left == 0) (*all)();
    });
}

void Session::look_at(const Batch& batch, std::function<void()> then) {
  const auto definition = *suspect_definition(batch);
  const bool monitor = definition == batch.monitor_definition;
  make_room(movers_);
  movers_[definition].until = Clock::now() + mover_for;
  engine_.only_job(
      definition, [this, definition, monitor, then = std::move(then)](Got<std::optional<Job>> got) {
        auto& remembered = movers_[definition];
        if (const auto* job = std::get_if<0>(&got)) {
          if (!*job) {
            // Between two jobs there may be a moment without: it has to be missing twice.
            remembered.known = {remembered.missing_once ? Mover::missing : remembered.known.mover, {}};
            remembered.until = remembered.missing_once ? remembered.until : Clock::now();
            remembered.missing_once = true;
          } else {
            remembered.missing_once = false;
            const bool dead = (*job)->retries == 0;
            remembered.known = {dead ? Mover::without_retries : Mover::alive, {}};
            if (monitor && !dead && (*job)->due) remembered.known.due = *(*job)->due;
          }
        }
        then();  // a failed look leaves what was known; the list itself says that the engine is not there
      });
}

void Session::remember_retry(const std::string& job, const std::string& batch) {
  const auto now = Clock::now();
  std::erase_if(retried_, [now](const auto& one) { return one.second.first + retries_for < now; });
  make_room(retried_);
  retried_[job] = {now, batch};
}

std::vector<std::string> Session::retried(const std::string& batch) const {
  std::vector<std::string> jobs;
  for (const auto& [job, one] : retried_)
    if (one.second == batch && jobs.size() < most_retries_followed) jobs.push_back(job);
  return jobs;
}

void Session::deleted_early(const Batch& ended, Then<bool> then) {
  if (const auto at = deleted_.find(ended.id); at != deleted_.end()) return then(at->second);
  const auto remember = [this, id = ended.id, then](bool deleted) {
    make_room(deleted_);
    deleted_[id] = deleted;
    then(deleted);
  };
  engine_.deletions(ended.monitor_definition,
                    [this, seed = ended.seed_definition, remember, then](Got<std::int64_t> got) {
                      if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
                      if (std::get<std::int64_t>(got) > 0) return remember(true);
                      engine_.deletions(seed, [remember, then](Got<std::int64_t> seeds) {
                        if (auto* problem = std::get_if<Problem>(&seeds)) return then(std::move(*problem));
                        remember(std::get<std::int64_t>(seeds) > 0);
                      });
                    });
}

}  // namespace batch_view
