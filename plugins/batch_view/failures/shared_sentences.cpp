#include "failures/shared_sentences.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_map>

namespace batch_view {
namespace {

constexpr std::size_t fewest_fixed = 2;  // words
constexpr std::size_t most_words = 80;   // of a message; what is longer is not joined

using Words = std::vector<std::string_view>;

Words words_of(std::string_view text) {
  Words words;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    if (end > at) words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

std::uint64_t mixed(std::uint64_t hash, std::string_view word) {
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return (hash ^ 0x1F) * 0x9E3779B97F4A7C15ULL;
}

// A sentence of some messages: so many words before the place and behind it, as in the first of them.
struct Candidate {
  std::size_t before = 0, behind = 0;
  std::vector<std::uint32_t> messages;

  std::size_t fixed() const { return before + behind; }
  // What many messages share in many words explains most.
  std::size_t weight() const { return messages.size() * fixed() * fixed(); }
};

// Every sentence of every message, by what is fixed in it; those that few share are left out.
std::vector<Candidate> candidates_of(const std::vector<Words>& messages) {
  std::unordered_map<std::uint64_t, Candidate> found;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const auto& words = messages[i];
    if (words.size() > most_words) continue;
    std::vector<std::uint64_t> head{0xCBF29CE484222325ULL}, tail{0x84222325CBF29CE4ULL};
    for (const auto word : words) head.push_back(mixed(head.back(), word));
    for (auto at = words.rbegin(); at != words.rend(); ++at) tail.push_back(mixed(tail.back(), *at));
    for (std::size_t before = 0; before < words.size(); ++before)
      for (std::size_t place = 1; place <= longest_place && before + place <= words.size(); ++place) {
        const auto behind = words.size() - before - place;
        if (before + behind < fewest_fixed) continue;
        auto& one = found[head[before] ^ (tail[behind] * 0xD6E8FEB86659FD93ULL)];
        one.before = before;
        one.behind = behind;
        one.messages.push_back(static_cast<std::uint32_t>(i));
      }
  }
  std::vector<Candidate> shared;
  for (auto& [hash, one] : found)
    if (one.messages.size() >= fewest_joined) shared.push_back(std::move(one));
  // The same choice in every run, whatever the order of a hash map.
  std::sort(shared.begin(), shared.end(), [](const Candidate& one, const Candidate& other) {
    if (one.weight() != other.weight()) return one.weight() > other.weight();
    if (one.before != other.before) return one.before > other.before;
    return one.messages < other.messages;
  });
  return shared;
}

Sentence sentence_of(const Candidate& candidate, const Words& words) {
  Sentence made;
  for (std::size_t i = 0; i < candidate.before; ++i) made.before.emplace_back(words[i]);
  for (auto i = words.size() - candidate.behind; i < words.size(); ++i) made.behind.emplace_back(words[i]);
  return made;
}

}  // namespace

std::string Sentence::text() const {
  std::string out;
  for (const auto& word : before) out += word + " ";
  out += "…";
  for (const auto& word : behind) out += " " + word;
  return out;
}

bool Sentence::fits(std::string_view masked) const {
  const auto words = words_of(masked);
  const auto fixed = before.size() + behind.size();
  return words.size() > fixed && words.size() - fixed <= longest_place &&
         std::equal(before.begin(), before.end(), words.begin()) &&
         std::equal(behind.rbegin(), behind.rend(), words.rbegin());
}

std::vector<Sentence> shared_sentences(const std::vector<std::string_view>& masked, std::size_t most) {
  std::vector<Words> messages;
  for (std::size_t i = 0; i < masked.size() && i < most; ++i) messages.push_back(words_of(masked[i]));
  auto candidates = candidates_of(messages);
  std::vector<Sentence> chosen;
  std::vector<bool> taken(messages.size());
  while (!candidates.empty() && chosen.size() < most_sentences) {
    const auto best = std::max_element(
        candidates.begin(), candidates.end(),
        [](const Candidate& one, const Candidate& other) { return one.weight() < other.weight(); });
    chosen.push_back(sentence_of(*best, messages[best->messages.front()]));
    for (const auto message : best->messages) taken[message] = true;
    for (auto& one : candidates)
      std::erase_if(one.messages, [&taken](std::uint32_t message) { return taken[message]; });
    std::erase_if(candidates, [](const Candidate& one) { return one.messages.size() < fewest_joined; });
  }
  return chosen;
}

}  // namespace batch_view
