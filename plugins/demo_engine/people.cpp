#include "people.hpp"

namespace demo_engine {
namespace {

constexpr Milliseconds kRefusalAfterWrongPassword{3'000};

}  // namespace

People::People()
    : people_{{"demo", "Demo", "Demo", "demo@localhost", "demo", true},
              {"mary", "Mary", "O'Neill-Şahin", "mary@localhost", "mary", false},
              {"john", "John", "<i>Doe</i>", "john@localhost", "", false},
              {"ops-nightly", "Nightly", "Operations", "ops@localhost", "", false}} {}

const Person* People::find(std::string_view id) const {
  for (const Person& person : people_)
    if (person.id == id) return &person;
  return nullptr;
}

const Person* People::sign_in(std::string_view id, std::string_view password, Instant now) {
  const Person* person = find(id);
  if (person == nullptr || person->password.empty()) return nullptr;
  const auto refused = refused_until_.find(id);
  if (refused != refused_until_.end() && now < refused->second) return nullptr;
  if (person->password != password) {
    refused_until_[person->id] = now + kRefusalAfterWrongPassword;
    return nullptr;
  }
  return person;
}

void People::grant(std::string_view person, const Id& batch, std::set<std::string> permissions) {
  grants_[{std::string(person), batch}] = std::move(permissions);
}

std::set<std::string> People::granted(std::string_view person, const Id& batch) const {
  const auto found = grants_.find({std::string(person), batch});
  return found == grants_.end() ? std::set<std::string>{} : found->second;
}

bool People::may(const Caller& caller, std::string_view permission, const std::optional<Id>& batch) const {
  if (caller.may_everything()) return true;
  if (!batch) return false;
  return granted(caller.person->id, *batch).contains(std::string(permission));
}

bool People::may_see(const Caller& caller, const Person& person) {
  return caller.may_everything() || caller.person->id == person.id;
}

}  // namespace demo_engine
