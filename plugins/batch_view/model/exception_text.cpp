#include "model/exception_text.hpp"

namespace batch_view {
namespace {

constexpr std::size_t uuid_length = 36;

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
