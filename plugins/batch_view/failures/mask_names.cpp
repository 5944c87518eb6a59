#include <algorithm>
#include <array>

#include "failures/mask_parts.hpp"
#include "failures/mask_words.hpp"

namespace batch_view {
namespace {

constexpr std::size_t longest_quoted = 300;  // bytes; a quote that goes on for longer is none
constexpr std::size_t longest_name = 40;     // bytes, of a part of a program
constexpr std::size_t longest_code = 5;      // digits

struct Quote {
  std::string_view open, close;
};
constexpr std::array<Quote, 10> quotes{{{"\"", "\""},
                                        {"„", "“"},
                                        {"“", "”"},
                                        {"«", "»"},
                                        {"»", "«"},
                                        {"‚", "‘"},
                                        {"‘", "’"},
                                        {"’", "’"},
                                        {"`", "`"},
                                        {"'", "'"}}};

// "iban", "erpService", "uk_a", "com.example.Foo", "ACTIVE": what programs are made of; not "Weber", "a b",
// "4711" or "a.xml".
bool is_name_of_program(std::string_view text, bool announced) {
  // com.example.Order.getId(long)
  const auto call = text.find('(');
  if (call != std::string_view::npos && call > 0 && text.back() == ')' &&
      text.find_first_of(" '\"") == std::string_view::npos)
    text = text.substr(0, call);
  if (text.empty() || text.size() > longest_name) return false;
  std::size_t digits = 0, capitals = 0, small = 0, marks = 0, spaces = 0;
  for (const char c : text) {
    digits += digit(c) ? 1U : 0U;
    capitals += upper(c) ? 1U : 0U;
    small += lower(c) ? 1U : 0U;
    spaces += c == ' ' ? 1U : 0U;
    const bool mark = c == '_' || c == '.' || c == '-' || c == '$' || c == '[' || c == ']';
    marks += mark ? 1U : 0U;
    if (!of_word(c) && !mark && c != ' ') return false;
    if (beyond_ascii(c) && !announced) return false;
  }
  if (announced) return digits <= 2 && spaces <= 2 && small + capitals > 0;
  const auto dot = text.rfind('.');
  if (dot != std::string_view::npos && is_file_ending(lowered(text.substr(dot + 1)))) return false;
  if (spaces > 0 || digits > 2 || !(letter(text.front()) || text.front() == '_')) return false;
  if (capitals == 0 || small == 0) return digits == 0 || lower(text.front());
  const bool camel = lower(text.front()) || capitals > 1;
  return camel || marks > 0;
}

}  // namespace

std::size_t Names::quoted() const {
  for (const auto& quote : quotes) {
    if (text_.substr(at_, quote.open.size()) != quote.open) continue;
    const bool apostrophe = quote.close == "'" || quote.close == "’";
    if (apostrophe && of_word(before())) continue;
    auto end = text_.find(quote.close, at_ + quote.open.size());
    // What ends a word goes on inside one: 'it's so'.
    while (apostrophe && end != std::string_view::npos && of_word_at(end + quote.close.size()))
      end = text_.find(quote.close, end + 1);
    if (end == std::string_view::npos || end - at_ > longest_quoted) continue;
    const auto inside = text_.substr(at_ + quote.open.size(), end - at_ - quote.open.size());
    if (is_name_of_program(inside, announces_name(word_before(" :=('\"")))) return 0;
    return end + quote.close.size() - at_;
  }
  return 0;
}
std::size_t Names::key_value() const {
  if (at_ < 3 || text_.substr(at_ - 3, 3) != ")=(") return 0;
  const auto end = text_.find(')', at_);
  return end == std::string_view::npos || end == at_ || end - at_ > longest_quoted ? 0 : end - at_;
}

std::size_t Names::code() const {
  if (const auto length = product_code()) return length;
  auto end = at_ + (at(at_) == '-' && digit(at(at_ + 1)) ? 1U : 0U);
  const auto first = end;
  while (digit(at(end))) ++end;
  const auto count = end - first;
  if (count == 3 && at(first) >= '1' && at(first) <= '5') {
    if (at(end) == ' ' && begins_reason(word_from(end + 1)) && upper(at(end + 1))) return end - at_;
    if (fits(end, " 9.9.9") || fits(end, "-9.9.9")) return end + 6 - at_;  // of mail servers
    // "[503] during [GET]" at the beginning, or behind the name of a class
    const bool begins = at_ == 1 || (at_ >= 4 && text_.substr(at_ - 3, 3) == ": [");
    if (before() == '[' && at(end) == ']' && begins) return end - at_;
  }
  const auto word = word_before();
  if (!announces_code(word)) return 0;
  if (word.rfind("sqlstate", 0) == 0 || (word.size() > 4 && word.substr(word.size() - 4) == "code")) {
    const auto whole = end_of_word(first);
    if (whole > first && whole - first <= longest_code && has_digit(first, whole)) return whole - at_;
  }
  return count > 0 && count <= longest_code && ends_at(end) && !(at(end) == '.' && digit(at(end + 1)))
             ? end - at_
             : 0;
}
std::size_t Names::java_name() const {
  std::size_t words = 0;
  auto end = at_;
  while (letter(at(end))) {
    auto word_end = end;
    while (of_word(at(word_end)) || at(word_end) == '$') ++word_end;
    ++words;
    end = word_end;
    if (at(end) != '.' || !letter(at(end + 1))) break;
    ++end;
  }
  return words >= 2 && at(end) != '-' ? end - at_ : 0;
}

bool Names::of_word_at(std::size_t i) const {
  return of_word(at(i)) && text_.substr(i, 3) != "“" && text_.substr(i, 3) != "”";
}

bool Names::has_digit(std::size_t from, std::size_t to) const {
  return std::any_of(text_.begin() + static_cast<std::ptrdiff_t>(from),
                     text_.begin() + static_cast<std::ptrdiff_t>(to), digit);
}
std::size_t Names::product_code() const {
  auto end = at_;
  while (letter(at(end)) || (end > at_ && digit(at(end)) && letter(at(end + 1)))) ++end;
  if (end == at_) return 0;
  const auto letters = lowered(text_.substr(at_, end - at_));
  if (letters == "http" && at(end) == '/') {  // HTTP/1.1 500
    ++end;
    while (digit(at(end)) || at(end) == '.') ++end;
    const auto count = at(end) == ' ' ? digits(end + 1, 3) : 0;
    return count == 3 ? end + 1 + count - at_ : 0;
  }
  if (!begins_product_code(letters)) return 0;
  if (at(end) == '-') ++end;
  const auto first = end;
  while (digit(at(end))) ++end;
  if (end == first || end - first > 6) return 0;
  while (letter(at(end))) ++end;  // SQL0803N
  return ends_at(end) ? end - at_ : 0;
}

}  // namespace batch_view
