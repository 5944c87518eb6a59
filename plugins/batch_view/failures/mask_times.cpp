#include <algorithm>

#include "failures/mask_parts.hpp"
#include "failures/mask_words.hpp"

namespace batch_view {
namespace {

constexpr std::size_t longest_zone = 40;  // bytes
}  // namespace

std::size_t Times::timestamp() const {
  if (digit(before())) return 0;
  std::size_t date = 0;
  for (const std::string_view form : {"9999-99-99", "9999/99/99", "99.99.9999", "99/99/9999", "9.9.9999",
                                      "99.9.9999", "9.99.9999", "9999.99.99"})
    if (fits(at_, form) && !digit(at(at_ + form.size()))) date = form.size();
  return date == 0 ? clock(at_) : with_clock(date);
}
std::size_t Times::written_date() const {
  auto end = at_;
  const auto skip = [&](std::string_view signs) {
    while (at(end) != '\0' && signs.find(at(end)) != std::string_view::npos) ++end;
  };
  if (is_weekday(word_from(end))) {
    end = end_of_word(end);
    skip("., ");
  }
  const auto day = digits(end, 2);
  if (day > 0) {
    end += day;
    if (const auto ordinal = word_from(end);
        ordinal == "st" || ordinal == "nd" || ordinal == "rd" || ordinal == "th")
      end += 2;
    skip(". -");
  }
  if (!is_month(word_from(end))) return 0;
  end = end_of_word(end);
  skip(". -");
  if (day == 0) {
    const auto behind = digits(end, 2);
    if (behind == 0) return 0;
    end += behind;
    if (const auto ordinal = word_from(end);
        ordinal == "st" || ordinal == "nd" || ordinal == "rd" || ordinal == "th")
      end += 2;
    skip(", ");
  }
  if (const auto time = clock(end)) {
    end += time;
    skip(" ");
  }
  const auto year = digits(end, 4);
  if (year == 4) end += year;
  while (end > at_ && (at(end - 1) == ' ' || at(end - 1) == ',')) --end;
  return with_clock(end - at_);
}

std::size_t Times::iso_duration() const {
  if (at(at_) != 'P') return 0;
  auto end = at_ + 1;
  bool any = false;
  for (;;) {
    if (at(end) == 'T') ++end;
    auto digits_end = end;
    while (digit(at(digits_end)) ||
           ((at(digits_end) == '.' || at(digits_end) == ',') && digit(at(digits_end + 1))))
      ++digits_end;
    if (digits_end == end || at(digits_end) == '\0' ||
        std::string_view{"YMWDHS"}.find(at(digits_end)) == std::string_view::npos)
      break;
    end = digits_end + 1;
    any = true;
  }
  return any && ends_at(end) ? end - at_ : 0;
}
std::size_t Times::duration_units(std::size_t length) const {
  auto end = at_ + length;
  std::size_t found = 0;
  for (;;) {
    const auto gap = found == 0 && at(end) == ' ' ? 1U : 0U;
    auto unit_end = end + gap;
    while (letter(at(unit_end)) || beyond_ascii(at(unit_end))) ++unit_end;
    if (!is_time_unit(lowered(text_.substr(std::min(end + gap, text_.size()), unit_end - end - gap)))) break;
    found = end = unit_end;
    const auto more = digits(end, 6);
    if (more == 0) break;
    end += more;
  }
  return found > 0 && ends_at(found) ? found - at_ : 0;
}

std::size_t Times::clock(std::size_t from) const {
  auto end = from;
  if (fits(from, "99:99"))
    end += 5;
  else if (fits(from, "9:99"))
    end += 4;
  else
    return 0;
  if (fits(end, ":99")) end += 3;
  if ((at(end) == '.' || at(end) == ',') && digit(at(end + 1)))
    for (++end; digit(at(end));) ++end;
  if (at(end) == 'Z')
    ++end;
  else if (fits(end, "+99:99") || fits(end, "-99:99"))
    end += 6;
  else if (fits(end, "+9999") || fits(end, "-9999"))
    end += 5;
  // [Europe/Berlin], CET, PM
  if (at(end) == '[')
    if (const auto close = text_.find(']', end);
        close != std::string_view::npos && close - end < longest_zone)
      end = close + 1;
  const auto zone = at(end) == ' ' ? end_of_word(end + 1) - end - 1 : 0;
  const auto word = text_.substr(std::min(end + 1, text_.size()), zone);
  if (zone >= 2 && zone <= 4 && std::all_of(word.begin(), word.end(), upper)) end += zone + 1;
  return end - from;
}
std::size_t Times::with_clock(std::size_t length) const {
  for (const std::string_view between : {"T", " ", ", ", " um ", " at ", "  "})
    if (text_.substr(std::min(at_ + length, text_.size()), between.size()) == between)
      if (const auto time = clock(at_ + length + between.size())) return length + between.size() + time;
  return length;
}

}  // namespace batch_view
