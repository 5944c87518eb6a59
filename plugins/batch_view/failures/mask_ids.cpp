#include <algorithm>
#include <utility>

#include "failures/mask_parts.hpp"
#include "failures/mask_words.hpp"

namespace batch_view {
namespace {

constexpr std::size_t uuid_length = 36;
constexpr std::size_t shortest_hex_id = 8;
constexpr std::size_t shortest_mixed_id = 10;
constexpr std::size_t shortest_secret = 6;

}  // namespace

std::size_t Ids::uuid() const {
  for (std::size_t i = 0; i < uuid_length; ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? at(at_ + i) != '-' : !hex(at(at_ + i))) return 0;
  }
  return hex(at(at_ + uuid_length)) ? 0 : uuid_length;
}

std::size_t Ids::mail() const {
  auto end = at_;
  while (of_word(at(end)) ||
         (at(end) != '\0' && std::string_view{".+-%"}.find(at(end)) != std::string_view::npos))
    ++end;
  if (end == at_ || at(end) != '@') return 0;
  const auto host = ++end;
  std::size_t dots = 0;
  while (of_word(at(end)) || at(end) == '-' || (at(end) == '.' && of_word(at(end + 1))))
    dots += at(end++) == '.' ? 1U : 0U;
  return dots > 0 && letter(at(host)) ? end - at_ : 0;
}

std::size_t Ids::ip() const {
  auto end = at_;
  std::size_t parts = 0;
  for (; parts < 4; ++parts) {
    const auto count = digits(end, 3);
    if (count == 0 || (parts > 0 && at(end - 1) != '.')) break;
    end += count;
    if (parts < 3 && at(end) == '.') ++end;
  }
  if (parts == 4 && ends_at(end) && !(at(end) == '.' && digit(at(end + 1)))) return end - at_;
  end = at_;
  std::size_t colons = 0, count = 0;
  bool twice = false;
  while (hex(at(end)) || at(end) == ':') {
    if (at(end) == ':') {
      twice = twice || at(end + 1) == ':';
      ++colons;
      count = 0;
    } else if (++count > 4) {
      return 0;
    }
    ++end;
  }
  if (colons < 2 || colons > 7 || (!twice && colons != 7) || before() == ':') return 0;
  if (at(end - 1) == ':' && at(end - 2) != ':') --end;
  if (at(end) == '%') end = end_of_word(end + 1);
  return ends_at(end) && end - at_ > 2 ? end - at_ : 0;
}

std::size_t Ids::path() const {
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

std::size_t Ids::secret() const {
  auto end = at_;
  while (of_word(at(end)) ||
         (at(end) != '\0' && std::string_view{"+/=._-~"}.find(at(end)) != std::string_view::npos))
    ++end;
  while (end > at_ && (at(end - 1) == '.' || at(end - 1) == '-')) --end;
  const auto part = text_.substr(at_, end - at_);
  if (part.size() >= 20 && part.substr(0, 3) == "eyJ") return end - at_;  // a JSON Web Token
  const bool plain = std::all_of(part.begin(), part.end(), lower);
  return part.size() >= shortest_secret && !plain && announces_secret(word_before(" :=")) ? end - at_ : 0;
}

std::size_t Ids::pod() const {
  if (before() != '-') return 0;
  const auto part = [this](std::size_t from, std::size_t least, std::size_t most) {
    std::size_t count = 0;
    bool number = false;
    for (; lower(at(from + count)) || digit(at(from + count)); ++count)
      number = number || digit(at(from + count));
    return std::pair{count >= least && count <= most ? count : 0, number};
  };
  const auto [first, first_number] = part(at_, 7, 10);
  if (first == 0 || at(at_ + first) != '-') return 0;
  const auto [second, second_number] = part(at_ + first + 1, 5, 5);
  const auto end = at_ + first + 1 + second;
  return second > 0 && first_number && (second_number || ends_at(end)) && ends_at(end) ? end - at_ : 0;
}

std::size_t Ids::iban() const {
  if (!upper(at(at_)) || !upper(at(at_ + 1)) || !digit(at(at_ + 2)) || !digit(at(at_ + 3))) return 0;
  auto end = at_ + 4;
  std::size_t signs = 4;
  for (;; ++end) {
    if (digit(at(end)) || upper(at(end)))
      ++signs;
    else if (at(end) != ' ' || signs % 4 != 0 ||
             !(digit(at(end + 1)) || (upper(at(end + 1)) && digit(at(end + 2)))))
      break;
  }
  return signs >= 15 && signs <= 34 && ends_at(end) ? end - at_ : 0;
}

std::size_t Ids::hex_id() const {
  const bool marked = at(at_) == '0' && (at(at_ + 1) == 'x' || at(at_ + 1) == 'X');
  auto end = at_ + (marked ? 2 : 0);
  bool number = false, letters = false;
  for (; hex(at(end)); ++end) (digit(at(end)) ? number : letters) = true;
  if (!ends_at(end)) return 0;
  if (marked || before() == '@') return end > at_ ? end - at_ : 0;  // Object@1b2c3d
  return number && letters && end - at_ >= shortest_hex_id ? end - at_ : 0;
}

std::size_t Ids::mixed_id() const {
  std::size_t runs = 0;
  auto end = at_;
  for (; digit(at(end)) || letter(at(end)); ++end)
    if (digit(at(end)) && (end == at_ || !digit(at(end - 1)))) ++runs;
  const bool all_digits = runs == 1 && digit(at(at_)) && digit(at(end - 1));
  const bool long_enough = end - at_ >= shortest_mixed_id;
  return ends_at(end) && !all_digits && long_enough && (runs >= 3 || (runs == 2 && end - at_ >= 16))
             ? end - at_
             : 0;
}

}  // namespace batch_view
