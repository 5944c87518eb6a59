#include "model/time.hpp"

#include <chrono>
#include <cstdio>

namespace batch_view {
namespace {

struct Parts {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0, offset_minutes = 0;
};

bool digits(const std::string& text, std::size_t at, std::size_t count, int& into) {
  if (at + count > text.size()) return false;
  into = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    into = into * 10 + (text[i] - '0');
  }
  return true;
}

// yyyy-MM-ddTHH:mm[:ss[.SSS]] and Z, +hh, +hhmm or +hh:mm: an operator can make engines write their times in
// another of these forms than they do by themselves (…ssXXX).
std::optional<Parts> parse(const std::string& text) {
  Parts parts;
  if (!digits(text, 0, 4, parts.year) || !digits(text, 5, 2, parts.month) || !digits(text, 8, 2, parts.day) ||
      !digits(text, 11, 2, parts.hour) || !digits(text, 14, 2, parts.minute))
    return std::nullopt;
  if (text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ') || text[13] != ':')
    return std::nullopt;
  std::size_t at = 16;
  if (at < text.size() && text[at] == ':') {
    if (!digits(text, at + 1, 2, parts.second)) return std::nullopt;
    at += 3;
    if (at < text.size() && (text[at] == '.' || text[at] == ',')) {
      int scale = 100;
      for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10)
        parts.ms += (text[at] - '0') * scale;
    }
  }
  if (at == text.size() || (text[at] == 'Z' && at + 1 == text.size())) return parts;
  if (text[at] != '+' && text[at] != '-') return std::nullopt;
  int hours = 0;
  int minutes = 0;
  if (!digits(text, at + 1, 2, hours)) return std::nullopt;
  if (at + 3 == text.size()) {
    parts.offset_minutes = (text[at] == '-' ? -1 : 1) * hours * 60;
    return parts;
  }
  const std::size_t rest = at + 3 < text.size() && text[at + 3] == ':' ? at + 4 : at + 3;
  if (!digits(text, rest, 2, minutes) || rest + 2 != text.size()) return std::nullopt;
  parts.offset_minutes = (text[at] == '-' ? -1 : 1) * (hours * 60 + minutes);
  return parts;
}

std::optional<std::int64_t> ms_of(const Parts& parts) {
  using namespace std::chrono;
  const year_month_day date{year{parts.year}, month{static_cast<unsigned>(parts.month)},
                            day{static_cast<unsigned>(parts.day)}};
  if (!date.ok() || parts.hour > 23 || parts.minute > 59 || parts.second > 60) return std::nullopt;
  const auto time = sys_days{date} + hours{parts.hour} + minutes{parts.minute - parts.offset_minutes} +
                    seconds{parts.second};
  return duration_cast<milliseconds>(time.time_since_epoch()).count() + parts.ms;
}

}  // namespace

std::string iso(const std::string& engine_time) {
  const auto with_colon = [](const std::string& time) {
    return time.substr(0, time.size() - 2) + ":" + time.substr(time.size() - 2);
  };
  constexpr std::size_t usual = 28;  // 2026-11-23T16:08:03.430+0000
  const auto ms = ms_of(engine_time);
  if (!ms) return engine_time;
  if (engine_time.size() == usual && engine_time[10] == 'T' && engine_time[19] == '.')
    return with_colon(engine_time);
  return with_colon(*batch_view::engine_time(engine_time));
}

std::optional<std::int64_t> ms_of(const std::string& engine_time) {
  const auto parts = parse(engine_time);
  return parts ? ms_of(*parts) : std::nullopt;
}

std::optional<std::string> engine_time(const std::string& text) {
  const auto ms = ms_of(text);
  if (!ms) return std::nullopt;
  using namespace std::chrono;
  const sys_time<milliseconds> time{milliseconds{*ms}};
  const auto day_start = floor<days>(time);
  const year_month_day date{day_start};
  const hh_mm_ss clock{time - day_start};
  char out[64];
  std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d.%03d+0000", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return out;
}

}  // namespace batch_view
