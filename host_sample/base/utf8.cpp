#include "base/utf8.hpp"

#include <algorithm>

namespace host {
namespace {

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

}  // namespace

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string_view first_characters(std::string_view text, std::size_t most) {
  std::size_t seen = 0;
  const auto end =
      std::find_if(text.begin(), text.end(), [&](char c) { return begins_character(c) && seen++ == most; });
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

std::string_view first_bytes(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && !begins_character(text[most])) --most;
  return text.substr(0, most);
}

}  // namespace host
