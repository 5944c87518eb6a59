#include "retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace rest_client {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Takes a text apart from the left; once something does not fit, everything after fails too.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int number(std::size_t digits) {
    int value = 0;
    const std::string_view text = take(digits);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0) good_ = false;
    return value;
  }

  unsigned month() {
    const auto found = std::find(month_names.begin(), month_names.end(), take(3));
    if (found == month_names.end()) good_ = false;
    return static_cast<unsigned>(found - month_names.begin()) + 1;
  }

  void expect(std::string_view text) {
    if (take(text.size()) != text) good_ = false;
  }

  bool next_is(char c) const { return !rest_.empty() && rest_.front() == c; }
  bool finished() const { return good_ && rest_.empty(); }

 private:
  std::string_view take(std::size_t count) {
    if (rest_.size() < count) {
      good_ = false;
      return {};
    }
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  std::string_view rest_;
  bool good_ = true;
};

struct Moment {
  int year = 0;
  unsigned month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

void read_time(Reader& reader, Moment& moment) {
  moment.hour = reader.number(2);
  reader.expect(":");
  moment.minute = reader.number(2);
  reader.expect(":");
  moment.second = reader.number(2);
}

std::optional<sys_seconds> to_time(const Moment& moment) {
  const year_month_day date{year{moment.year}, month{moment.month}, day{static_cast<unsigned>(moment.day)}};
  if (!date.ok() || moment.hour > 23 || moment.minute > 59 || moment.second > 60) return std::nullopt;
  return sys_days{date} + hours{moment.hour} + minutes{moment.minute} + seconds{moment.second};
}

// After the comma of "Sun, 06 Nov 1994 08:49:37 GMT", or of "Sunday, 06-Nov-94 08:49:37 GMT" (RFC 850).
std::optional<sys_seconds> parse_comma_date(std::string_view text, bool of_rfc850) {
  Reader reader(text);
  Moment moment;
  const char* separator = of_rfc850 ? "-" : " ";
  moment.day = reader.number(2);
  reader.expect(separator);
  moment.month = reader.month();
  reader.expect(separator);
  moment.year = reader.number(of_rfc850 ? 2 : 4);
  if (of_rfc850) moment.year += moment.year < 70 ? 2000 : 1900;
  reader.expect(" ");
  read_time(reader, moment);
  reader.expect(" GMT");
  return reader.finished() ? to_time(moment) : std::nullopt;
}

// Sun Nov  6 08:49:37 1994 (after the day's name)
std::optional<sys_seconds> parse_asctime_date(std::string_view text) {
  Reader reader(text);
  Moment moment;
  moment.month = reader.month();
  reader.expect(" ");
  if (reader.next_is(' ')) {
    reader.expect(" ");
    moment.day = reader.number(1);
  } else {
    moment.day = reader.number(2);
  }
  reader.expect(" ");
  read_time(reader, moment);
  reader.expect(" ");
  moment.year = reader.number(4);
  return reader.finished() ? to_time(moment) : std::nullopt;
}

}  // namespace

std::optional<sys_seconds> parse_http_date(std::string_view text) {
  text = trimmed(text);
  const std::size_t comma = text.find(", ");
  if (comma == std::string_view::npos)
    return text.size() > 4 ? parse_asctime_date(text.substr(4)) : std::nullopt;
  return parse_comma_date(text.substr(comma + 2), comma != 3);
}

std::optional<seconds> parse_retry_after(std::string_view text, std::string_view date_field,
                                         sys_seconds now) {
  text = trimmed(text);
  if (text.empty()) return std::nullopt;
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    long long value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range) return longest_retry_after;
    return std::min(seconds{value}, longest_retry_after);
  }
  const std::optional<sys_seconds> date = parse_http_date(text);
  if (!date) return std::nullopt;
  const seconds distance = *date - parse_http_date(date_field).value_or(now);
  return std::clamp(distance, seconds{0}, longest_retry_after);
}

}  // namespace rest_client
