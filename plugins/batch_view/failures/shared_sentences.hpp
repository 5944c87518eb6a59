// Causes whose messages differ only in words at one place, joined where there are many of them: 2,000 names
// in one sentence are one cause. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace batch_view {

// A sentence with one place that differs: what stands before and behind it, word by word.
struct Sentence {
  std::vector<std::string> before, behind;
  // "Customer … has no contract".
  std::string text() const;
  // Whether a masked message is this sentence with something else at that place.
  bool fits(std::string_view masked) const;
};

inline constexpr std::size_t fewest_joined =
    8;  // different words at one place; fewer stay causes of their own
inline constexpr std::size_t longest_place = 6;  // words
inline constexpr std::size_t most_sentences = 50;

// The sentences that at least `fewest_joined` of the messages share, those that explain most first. At least
// two words of each are fixed. Looks at `most` messages.
std::vector<Sentence> shared_sentences(const std::vector<std::string_view>& masked, std::size_t most = 1000);

}  // namespace batch_view
