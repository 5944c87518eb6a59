// Who may sign in at the demo engine and what they may do with batches. Owned by the program, used on its one
// thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "id.hpp"

namespace demo_engine {

struct Person {
  std::string id;
  std::string first_name;
  std::string last_name;
  std::string email;
  std::string password;  ///< Empty: this person cannot sign in.
  bool admin = false;
};

/// Somebody who asks. Without authentication everybody is anonymous and may everything, as in real engines.
struct Caller {
  const Person* person = nullptr;
  bool may_everything() const { return person == nullptr || person->admin; }
};

class People {
 public:
  /// demo/demo may everything, mary/mary what grant() gives her; the others only have names.
  People();

  const std::vector<Person>& all() const { return people_; }
  const Person* find(std::string_view id) const;

  /// After a wrong password the right one is refused too for a while, as engines do. `now`: the engine's
  /// clock.
  const Person* sign_in(std::string_view id, std::string_view password, Instant now);

  void grant(std::string_view person, const Id& batch, std::set<std::string> permissions);
  std::set<std::string> granted(std::string_view person, const Id& batch) const;
  bool may(const Caller& caller, std::string_view permission, const std::optional<Id>& batch) const;
  /// Whether the caller sees the account: admins see all, others only themselves.
  static bool may_see(const Caller& caller, const Person& person);

  /// Forgets the grants of batches for which `is_known` says no.
  template <class IsKnown>
  void forget_grants_unless(IsKnown is_known) {
    std::erase_if(grants_, [&](const auto& grant) { return !is_known(grant.first.second); });
  }

 private:
  std::vector<Person> people_;
  std::map<std::string, Instant, std::less<>> refused_until_;
  std::map<std::pair<std::string, Id>, std::set<std::string>> grants_;
};

}  // namespace demo_engine
