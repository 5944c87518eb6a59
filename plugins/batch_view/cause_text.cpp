#include "cause_text.hpp"

#include <array>
#include <cstdint>

namespace batch_view {
namespace {

constexpr std::size_t longest_quoted = 300;  // bytes; a quote that goes on for longer is none
constexpr std::size_t uuid_length = 36;
constexpr std::size_t shortest_hex_id = 8;
constexpr std::size_t shortest_mixed_id = 10;

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool hex(char c) {
  return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
// Bytes beyond ASCII are letters of some language.
bool of_word(char c) {
  return digit(c) || letter(c) || c == '_' || (static_cast<unsigned char>(c) & 0x80) != 0;
}

struct Quote {
  std::string_view open, close;
};
constexpr std::array<Quote, 9> quotes{{{"\"", "\""},
                                       {"„", "“"},
                                       {"“", "”"},
                                       {"«", "»"},
                                       {"»", "«"},
                                       {"‚", "‘"},
                                       {"‘", "’"},
                                       {"`", "`"},
                                       {"'", "'"}}};
constexpr std::array<std::string_view, 2> codes{"ENGINE-", "ORA-"};  // their numbers say what happened

// Reads a message from left to right; each function answers how many bytes at `at` are such a thing.
class Masking {
 public:
  explicit Masking(std::string_view text) : text_(text) {}

  std::string done() {
    while (at_ < text_.size() && (characters_ < compared_characters || goes_on())) step();
    return std::move(out_);
  }

 private:
  char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  char before() const { return at_ == 0 ? '\0' : text_[at_ - 1]; }
  bool goes_on() const { return (static_cast<unsigned char>(text_[at_]) & 0xC0) == 0x80; }
  bool word_begins() const { return !of_word(before()); }
  bool ends_at(std::size_t end) const { return !of_word(at(end)); }

  void step() {
    if (const auto length = quoted()) return replace(length, "‹…›");
    if (word_begins() || digit(at(at_)) != digit(before())) {
      if (const auto length = uuid()) return replace(length, "‹id›");
      if (const auto length = timestamp()) return replace(length, "‹time›");
    }
    if (word_begins()) {
      if (const auto length = path()) return replace(length, "‹path›");
      if (const auto length = code()) return keep(length);
      if (const auto length = java_name()) return keep(length);
      if (const auto length = hex_id()) return replace(length, "‹id›");
      if (const auto length = mixed_id()) return replace(length, "‹id›");
    }
    if (const auto length = number()) return replace(length, "‹n›");
    keep(1);
  }

  void replace(std::size_t length, std::string_view by) {
    out_ += by;
    characters_ += 3;
    at_ += length;
  }
  void keep(std::size_t length) {
    for (std::size_t i = 0; i < length; ++i, ++at_) {
      if (!goes_on() && ++characters_ > compared_characters) return;
      out_ += text_[at_];
    }
  }

  std::size_t quoted() const {
    for (const auto& quote : quotes) {
      if (text_.substr(at_, quote.open.size()) != quote.open) continue;
      const bool apostrophe = quote.open == "'" || quote.open == "‘";
      if (apostrophe && of_word(before())) continue;
      auto end = text_.find(quote.close, at_ + quote.open.size());
      // What ends a word goes on inside one: 'it's so'.
      while (apostrophe && end != std::string_view::npos && of_word(at(end + quote.close.size())))
        end = text_.find(quote.close, end + 1);
      if (end == std::string_view::npos || end - at_ > longest_quoted) continue;
      return end + quote.close.size() - at_;
    }
    return 0;
  }

  std::size_t uuid() const {
    for (std::size_t i = 0; i < uuid_length; ++i) {
      const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? at(at_ + i) != '-' : !hex(at(at_ + i))) return 0;
    }
    return hex(at(at_ + uuid_length)) ? 0 : uuid_length;
  }

  // Digits and signs as `form` says: 9 is a digit, anything else is itself.
  bool fits(std::size_t from, std::string_view form) const {
    for (std::size_t i = 0; i < form.size(); ++i)
      if (form[i] == '9' ? !digit(at(from + i)) : at(from + i) != form[i]) return false;
    return true;
  }
  std::size_t clock(std::size_t from) const {
    if (!fits(from, "99:99")) return 0;
    auto end = from + 5;
    if (fits(end, ":99")) end += 3;
    if ((at(end) == '.' || at(end) == ',') && digit(at(end + 1)))
      for (++end; digit(at(end));) ++end;
    if (at(end) == 'Z') return end + 1 - from;
    if (fits(end, "+9999") || fits(end, "-9999")) return end + 5 - from;
    if (fits(end, "+99:99") || fits(end, "-99:99")) return end + 6 - from;
    return end - from;
  }
  std::size_t timestamp() const {
    if (digit(before())) return 0;
    std::size_t date = 0;
    for (const std::string_view form : {"9999-99-99", "9999/99/99", "99.99.9999", "99/99/9999"})
      if (fits(at_, form) && !digit(at(at_ + form.size()))) date = form.size();
    if (date == 0) return clock(at_);
    for (const std::size_t gap : {1U, 2U}) {
      const auto between = text_.substr(at_ + date, gap);
      if (between != "T" && between != " " && between != ", ") continue;
      if (const auto time = clock(at_ + date + gap)) return date + gap + time;
    }
    return date;
  }

  // /var/data/x.xml, C:\data\x.xml; not a web address, whose parts say what was asked.
  std::size_t path() const {
    if (before() == '/' || before() == ':' || before() == '.' || before() == '<') return 0;
    const bool drive = letter(at(at_)) && at(at_ + 1) == ':' && at(at_ + 2) == '\\';
    if (!drive && at(at_) != '/') return 0;
    std::size_t parts = 0;
    auto end = at_;
    for (; end < text_.size(); ++end) {
      const char c = text_[end];
      if (c == '/' || c == '\\')
        ++parts;
      else if (!of_word(c) && c != '.' && c != '-' && c != ':' && c != '~' && c != '$')
        break;
    }
    while (end > at_ && (text_[end - 1] == '.' || text_[end - 1] == ':')) --end;
    return parts >= 2 || drive ? end - at_ : 0;
  }

  std::size_t code() const {
    for (const auto begin : codes) {
      if (text_.substr(at_, begin.size()) != begin) continue;
      auto end = at_ + begin.size();
      while (digit(at(end))) ++end;
      return end - at_;
    }
    return 0;
  }

  // org.h2.jdbc.JdbcSQLException, V2Service.load: words joined by dots, of which each begins with a letter.
  std::size_t java_name() const {
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
    return words >= 2 ? end - at_ : 0;
  }

  // 0x7f3a, 3f9c2b7e1d: but no plain number, and no word such as "deadbeef".
  std::size_t hex_id() const {
    const bool marked = at(at_) == '0' && (at(at_ + 1) == 'x' || at(at_ + 1) == 'X');
    auto end = at_ + (marked ? 2 : 0);
    bool digits = false, letters = false;
    for (; hex(at(end)); ++end) (digit(at(end)) ? digits : letters) = true;
    if (!ends_at(end)) return 0;
    if (marked || before() == '@') return end > at_ ? end - at_ : 0;  // Object@1b2c3d
    return digits && letters && end - at_ >= shortest_hex_id ? end - at_ : 0;
  }

  // Kq3x9TzB42p: letters with digits strewn in.
  std::size_t mixed_id() const {
    std::size_t runs = 0;
    auto end = at_;
    for (; digit(at(end)) || letter(at(end)); ++end)
      if (digit(at(end)) && (end == at_ || !digit(at(end - 1)))) ++runs;
    const bool all_digits = runs == 1 && digit(at(at_)) && digit(at(end - 1));
    return ends_at(end) && runs >= 3 && !all_digits && end - at_ >= shortest_mixed_id ? end - at_ : 0;
  }

  // 42, 1.250,00, 30000 of 30000ms.
  std::size_t number() const {
    auto end = at_;
    while (digit(at(end)) || ((at(end) == '.' || at(end) == ',') && end > at_ && digit(at(end + 1)))) ++end;
    return end - at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t characters_ = 0;
  std::string out_;
};

// The class that a line such as "Caused by: a.b.C: words" or "a.b.C" names; empty if it names none.
std::string_view class_of(std::string_view line) {
  std::size_t end = 0;
  bool dotted = false;
  for (; end < line.size() && (of_word(line[end]) || line[end] == '.' || line[end] == '$'); ++end)
    dotted = dotted || line[end] == '.';
  const bool whole = end == line.size() || line[end] == ':' || line[end] == '\r';
  return dotted && whole ? line.substr(0, end) : std::string_view{};
}

}  // namespace

std::string masked(std::string_view message) {
  return Masking{without_expression(message)}.done();
}

std::string key_of_cause(std::string_view masked) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;  // FNV-1a
  for (const char c : masked) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  std::string key;
  for (int shift = 60; shift >= 0; shift -= 4) key += "0123456789abcdef"[hash >> shift & 15U];
  return key;
}

std::string innermost_exception(std::string_view stack_trace) {
  constexpr std::string_view mark = "Caused by: ";
  const auto first_line = stack_trace.substr(0, stack_trace.find('\n'));
  std::string found{class_of(first_line)};
  // The last one that begins a line: messages may hold the words, too. Those of suppressed ones are indented.
  for (auto at = stack_trace.find(mark); at != std::string_view::npos;
       at = stack_trace.find(mark, at + mark.size())) {
    if (at > 0 && stack_trace[at - 1] != '\n') continue;
    const auto line = stack_trace.substr(at + mark.size(), stack_trace.find('\n', at) - at - mark.size());
    if (const auto name = class_of(line); !name.empty()) found = name;
  }
  return found;
}

std::string_view without_expression(std::string_view message) {
  constexpr std::string_view wrapper = "Error while evaluating expression: ", mark = "}. Cause: ";
  while (message.substr(0, wrapper.size()) == wrapper) {
    // The expression may hold texts of its own, but a brace that ends it has this behind it.
    const auto end = message.find(mark, wrapper.size());
    if (end == std::string_view::npos || end + mark.size() == message.size()) break;
    message.remove_prefix(end + mark.size());
  }
  return message;
}

std::string without_package(const std::string& whole) {
  const std::string message{without_expression(whole)};
  const auto colon = message.find(": ");
  const auto name_end = colon == std::string::npos ? message.size() : colon;
  if (message.find(' ') < name_end) return message;
  const auto dot = message.rfind('.', name_end);
  return dot == std::string::npos || dot + 1 >= name_end ? message : message.substr(dot + 1);
}

std::string first_uuid(std::string_view text, std::string_view known, std::string_view also_known) {
  for (std::size_t i = 0; i + uuid_length <= text.size(); ++i) {
    if (i > 0 && hex(text[i - 1])) continue;
    const auto part = text.substr(i, uuid_length);
    bool fits = i + uuid_length == text.size() || !hex(text[i + uuid_length]);
    for (std::size_t at = 0; fits && at < uuid_length; ++at)
      fits = at == 8 || at == 13 || at == 18 || at == 23 ? part[at] == '-' : hex(part[at]);
    if (fits && part != known && part != also_known) return std::string{part};
  }
  return {};
}

}  // namespace batch_view
