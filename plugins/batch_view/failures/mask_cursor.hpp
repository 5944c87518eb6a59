// A place in a message and what stands around it. Inline, any thread; for the sources of the mask only.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace batch_view {

inline bool digit(char c) {
  return c >= '0' && c <= '9';
}
inline bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}
inline bool lower(char c) {
  return c >= 'a' && c <= 'z';
}
inline bool letter(char c) {
  return upper(c) || lower(c);
}
inline bool hex(char c) {
  return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
inline bool beyond_ascii(char c) {
  return (static_cast<unsigned char>(c) & 0x80) != 0;
}
// Bytes beyond ASCII are letters of some language.
inline bool of_word(char c) {
  return digit(c) || letter(c) || c == '_' || beyond_ascii(c);
}

inline std::string lowered(std::string_view word) {
  std::string out{word};
  for (char& c : out)
    if (upper(c)) c = static_cast<char>(c - 'A' + 'a');
  return out;
}

struct Cursor {
  std::string_view text_;
  std::size_t at_ = 0;

  char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  char before() const { return at_ == 0 ? '\0' : text_[at_ - 1]; }
  bool goes_on() const { return (static_cast<unsigned char>(text_[at_]) & 0xC0) == 0x80; }
  bool word_begins() const { return !of_word(before()); }
  bool ends_at(std::size_t end) const { return !of_word(at(end)); }
  std::size_t end_of_word(std::size_t from) const {
    while (of_word(at(from))) ++from;
    return from;
  }

  std::size_t digits(std::size_t from, std::size_t most) const {
    std::size_t count = 0;
    while (count <= most && digit(at(from + count))) ++count;
    return count <= most ? count : 0;
  }
  // Digits and signs as `form` says: 9 is a digit, anything else is itself.
  bool fits(std::size_t from, std::string_view form) const {
    for (std::size_t i = 0; i < form.size(); ++i)
      if (form[i] == '9' ? !digit(at(from + i)) : at(from + i) != form[i]) return false;
    return true;
  }
  // The word before `at_`, over what may stand between them, in lower case.
  std::string word_before(std::string_view over = " :=#'\"([{-–") const {
    auto end = at_;
    std::size_t skipped = 0;
    while (end > 0 && over.find(text_[end - 1]) != std::string_view::npos && skipped < 4) --end, ++skipped;
    auto begin = end;
    while (begin > 0 && of_word(text_[begin - 1])) --begin;
    return lowered(text_.substr(begin, end - begin));
  }
  std::string word_from(std::size_t from) const {
    return lowered(text_.substr(std::min(from, text_.size()), end_of_word(from) - from));
  }
};

}  // namespace batch_view
