#include "session/user_names.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

namespace batch_view {
namespace {

// Room for so many more.
template <class Map>
void make_room(Map& map, std::size_t more = 1) {
  if (map.size() + more > UserNames::most_remembered) map.clear();
}

}  // namespace

std::string UserNames::name(const std::string& id) const {
  const auto at = names_.find(id);
  return at == names_.end() || at->second.second.empty() ? id : at->second.second;
}

void UserNames::learn(const std::set<std::string>& ids, std::function<void()> then) {
  const auto time = engine_->environment().now();
  std::vector<std::string> unknown;
  for (const auto& id : ids) {
    const auto at = names_.find(id);
    if ((at == names_.end() || at->second.first < time) && unknown.size() < most_at_once)
      unknown.push_back(id);
  }
  if (unknown.empty()) return then();
  make_room(names_, unknown.size());
  for (const auto& id : unknown)
    names_[id].first = time + remembered_for;  // asked now; what is not answered is not asked at once again
  const std::set<std::string> asked{unknown.begin(), unknown.end()};
  engine_->users(unknown, [self = shared_from_this(), this, asked, then = std::move(then)](
                              Got<std::vector<std::pair<std::string, std::string>>> got) {
    if (const auto* found = std::get_if<0>(&got))
      for (const auto& [id, name] : *found)
        if (asked.count(id) != 0) names_[id].second = name;  // and nobody else is kept
    then();
  });
}

void UserNames::ids_of(const std::string& name, std::function<void(std::set<std::string>)> then) {
  const auto same = [&name](const std::string& other) {
    return std::equal(name.begin(), name.end(), other.begin(), other.end(), [](char a, char b) {
      return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    });
  };
  std::set<std::string> known;
  for (const auto& [id, one] : names_)
    if (same(one.second)) known.insert(id);
  const auto at = ids_.find(name);
  if (at != ids_.end() && at->second.first > engine_->environment().now()) {
    known.insert(at->second.second.begin(), at->second.second.end());
    return then(std::move(known));
  }
  engine_->users_named(
      name, [self = shared_from_this(), this, name, known, then = std::move(then)](Got<Engine::Names> got) {
        auto ids = known;
        if (const auto* found = std::get_if<0>(&got)) {
          make_room(ids_);
          auto& remembered = ids_[name];
          remembered.first = engine_->environment().now() + remembered_for;
          for (const auto& [id, shown] : *found) remembered.second.insert(id);
          ids.insert(remembered.second.begin(), remembered.second.end());
        }
        then(std::move(ids));
      });
}

Bounds UserNames::bounds() const {
  return {{"names of users", names_.size(), most_remembered},
          {"users of a name", ids_.size(), most_remembered}};
}

}  // namespace batch_view
