// Many messages that differ at one place are one cause, few stay apart.
#include "failures/shared_sentences.hpp"

#include <algorithm>

#include "catch.hpp"

using namespace batch_view;

namespace {

std::vector<std::string_view> views_of(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

std::string word(std::size_t i) {
  std::string made = "N";
  for (auto rest = i + 1; rest > 0; rest /= 26) made += static_cast<char>('a' + rest % 26);
  return made;
}

std::string name(std::size_t i) {
  return i % 3 == 0 ? word(i) + " & Sons" : word(i);
}

}  // namespace

TEST_CASE("one sentence with many names in it is found, whatever the names look like", "[causes]") {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < 1000; ++i) texts.push_back("Customer " + name(i) + " has no contract");
  const auto found = shared_sentences(views_of(texts));
  REQUIRE(found.size() == 1);
  CHECK(found.front().text() == "Customer … has no contract");
  for (const auto& text : texts) CHECK(found.front().fits(text));
  CHECK(found.front().fits("Customer Somebody Else Entirely has no contract"));
  CHECK_FALSE(found.front().fits("Customer has no contract"));
  CHECK_FALSE(found.front().fits("Customer Weber has no address"));
  CHECK_FALSE(found.front().fits("Customer one two three four five six seven has no contract"));
}

TEST_CASE("the place may be at the beginning or the end, and there may be several sentences", "[causes]") {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < 20; ++i) {
    texts.push_back(name(i) + " is not known here");
    texts.push_back("Nothing is known of " + name(i));
    texts.push_back("Customer " + name(i) + " has no address");
    texts.push_back("Customer " + name(i) + " has no contract");
  }
  std::vector<std::string> found;
  for (const auto& one : shared_sentences(views_of(texts))) found.push_back(one.text());
  std::sort(found.begin(), found.end());
  CHECK(found == std::vector<std::string>{"Customer … has no address", "Customer … has no contract",
                                          "Nothing is known of …", "… is not known here"});
}

TEST_CASE("few different words stay causes of their own, and so does what shares too little", "[causes]") {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i + 1 < fewest_joined; ++i) texts.push_back("Missing field " + word(i));
  CHECK(shared_sentences(views_of(texts)).empty());
  texts.clear();
  for (std::size_t i = 0; i < 100; ++i) texts.push_back("Refused: " + word(i));  // one word in common
  CHECK(shared_sentences(views_of(texts)).empty());
  texts.clear();
  for (std::size_t i = 0; i < 100; ++i) texts.push_back(word(i));
  texts.emplace_back("");
  texts.emplace_back("   ");
  CHECK(shared_sentences(views_of(texts)).empty());
}

TEST_CASE("a message of endless words is not joined and does no harm", "[causes]") {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < 100; ++i) {
    std::string text = "Customer " + word(i);
    for (int word = 0; word < 200; ++word) text += " a";
    texts.push_back(text);
  }
  CHECK(shared_sentences(views_of(texts)).empty());
}
