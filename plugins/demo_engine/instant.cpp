#include "instant.hpp"

#include <array>
#include <cstdio>

namespace demo_engine {
namespace {

struct Fields {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<Milliseconds> time;
};

Fields split(Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  return {std::chrono::year_month_day{day}, std::chrono::hh_mm_ss<Milliseconds>{at - day}};
}

std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
  int value = 0;
  for (std::size_t i = from; i < from + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

std::string to_engine_date(Instant at) {
  const Fields f = split(at);
  std::array<char, 48> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02ld:%02ld:%02ld.%03ld+0000",
                    static_cast<int>(f.date.year()), static_cast<unsigned>(f.date.month()),
                    static_cast<unsigned>(f.date.day()), static_cast<long>(f.time.hours().count()),
                    static_cast<long>(f.time.minutes().count()), static_cast<long>(f.time.seconds().count()),
                    static_cast<long>(f.time.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

std::optional<Instant> parse_engine_date(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd.ddd?dddd";
  if (text.size() != kShape.size()) return std::nullopt;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    const bool fits = kShape[i] == 'd'   ? is_digit
                      : kShape[i] == '?' ? text[i] == '+' || text[i] == '-'
                                         : text[i] == kShape[i];
    if (!fits) return std::nullopt;
  }
  const auto number = [&](std::size_t from, std::size_t count) {
    return digits(text, from, count).value_or(0);
  };
  const std::chrono::year_month_day date{std::chrono::year{number(0, 4)},
                                         std::chrono::month{static_cast<unsigned>(number(5, 2))},
                                         std::chrono::day{static_cast<unsigned>(number(8, 2))}};
  if (!date.ok()) return std::nullopt;
  const Milliseconds of_day = std::chrono::hours{number(11, 2)} + std::chrono::minutes{number(14, 2)} +
                              std::chrono::seconds{number(17, 2)} + Milliseconds{number(20, 3)};
  const Milliseconds offset = std::chrono::hours{number(24, 2)} + std::chrono::minutes{number(26, 2)};
  const Instant local = Instant{std::chrono::sys_days{date}} + of_day;
  return text[23] == '+' ? local - offset : local + offset;
}

std::string to_http_date(Instant at) {
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Fields f = split(at);
  const std::chrono::weekday weekday{std::chrono::floor<std::chrono::days>(at)};
  std::array<char, 48> text{};
  const int length = std::snprintf(
      text.data(), text.size(), "%s, %02u %s %04d %02ld:%02ld:%02ld GMT", kDays[weekday.c_encoding()],
      static_cast<unsigned>(f.date.day()), kMonths[static_cast<unsigned>(f.date.month()) - 1],
      static_cast<int>(f.date.year()), static_cast<long>(f.time.hours().count()),
      static_cast<long>(f.time.minutes().count()), static_cast<long>(f.time.seconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace demo_engine
