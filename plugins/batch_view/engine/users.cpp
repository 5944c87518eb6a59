// The engine's calls about people: names by ids, and ids by names.
#include <utility>

#include "engine/listing.hpp"

namespace batch_view {
namespace {

constexpr std::size_t longest_query = 4000;  // bytes; servers take 8,000 with all fields
constexpr std::size_t most_namesakes = 20;
constexpr std::size_t most_splits = 4;  // of a name into first and last

struct Person {
  std::string id, name;
};

ReadRow<Person> person_of(const nlohmann::json& from) {
  const auto part = [&from](const char* member) {
    const auto at = from.find(member);
    return at != from.end() && at->is_string() ? at->get<std::string>() : std::string{};
  };
  if (!from.is_object() || part("id").empty()) return {std::nullopt, true};
  auto name = part("firstName");
  if (const auto last = part("lastName"); !last.empty()) name += (name.empty() ? "" : " ") + last;
  return {Person{part("id"), std::move(name)}, false};
}

}  // namespace

// Several questions one after the other, whose answers come as one.
struct Engine::People {
  struct Question {
    std::string query;
    std::size_t most;
  };
  std::vector<Question> questions;
  std::size_t at = 0;
  Names names;
  Then<Names> then;
};

void Engine::next_people(const std::shared_ptr<People>& people) {
  if (people->at == people->questions.size()) return people->then(std::move(people->names));
  const auto& question = people->questions[people->at++];
  const auto listing = std::make_shared<Listing<Person>>();
  listing->page.size = question.most;
  listing->read = person_of;
  listing->request = [query = question.query](const Page& part) {
    rest_client::Request request;
    request.target = "/user" + query + "&firstResult=" + std::to_string(part.first) +
                     "&maxResults=" + std::to_string(part.size);
    return request;
  };
  listing->then = [this, self = shared_from_this(), people](Got<RowsOf<Person>> got) {
    if (auto* problem = std::get_if<Problem>(&got)) return people->then(std::move(*problem));
    for (auto& person : std::get<0>(got))
      people->names.emplace_back(std::move(person.id), std::move(person.name));
    next_people(people);
  };
  list_on(listing);
}

// Engines split the list at commas, which the ids of some directories hold (cn=…,ou=…): these are asked for
// one by one.
void Engine::users(const std::vector<std::string>& ids, Then<Names> then) {
  const auto people = std::make_shared<People>();
  people->then = std::move(then);
  std::string joined;
  std::size_t count = 0;
  const auto add = [&] {
    if (count > 0) people->questions.push_back({"?idIn=" + joined, count});
    joined.clear();
    count = 0;
  };
  for (const auto& id : ids) {
    const auto encoded = rest_client::encode(id);
    if (encoded.size() > longest_query) continue;  // no server would read it
    if (id.find(',') != std::string::npos) {
      people->questions.push_back({"?id=" + encoded, 1});
      continue;
    }
    if (joined.size() + encoded.size() > longest_query) add();
    joined += (joined.empty() ? "" : "%2C") + encoded;
    ++count;
  }
  add();
  next_people(people);
}

void Engine::users_named(const std::string& name, Then<Names> then) {
  const auto people = std::make_shared<People>();
  people->then = std::move(then);
  const auto ask = [&](const std::string& first, const std::string& last) {
    Query query;
    query.add_if("firstName", first).add_if("lastName", last);
    if (query.text().size() <= longest_query) people->questions.push_back({query.text(), most_namesakes});
  };
  for (auto at = name.find(' '); at != std::string::npos && people->questions.size() < most_splits;
       at = name.find(' ', at + 1))
    if (at > 0 && at + 1 < name.size()) ask(name.substr(0, at), name.substr(at + 1));
  if (people->questions.empty() && !name.empty()) {
    ask(name, {});
    ask({}, name);
  }
  // A first or last name alone is a name only of who has no other.
  people->then = [name, then = std::move(people->then)](Got<Names> got) {
    if (auto* found = std::get_if<Names>(&got))
      std::erase_if(*found, [&name](const auto& one) { return one.second != name; });
    then(std::move(got));
  };
  if (people->questions.empty()) return environment_.post([people] { people->then(Names{}); });
  next_people(people);
}

}  // namespace batch_view
