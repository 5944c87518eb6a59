#include "model/long_text.hpp"

#include <nlohmann/json.hpp>

namespace batch_view {

using nlohmann::json;

std::string beginning_of(const std::string& text, std::size_t longest) {
  if (text.size() <= longest) return text;
  auto end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

json cut(const std::string& text, std::size_t longest) {
  if (text.size() <= longest) return text;
  return {{"text", beginning_of(text, longest)}, {"cut", text.size()}};
}

json trace_of(const std::string& text) {
  constexpr std::size_t room = 1'000'000;  // of the 1 MiB of an update
  auto longest = room;
  auto shown = cut(text, longest);
  // Line ends, quotes and signs take more bytes in JSON than in the text.
  for (auto size = shown.dump(-1, ' ', false, json::error_handler_t::replace).size(); size > room;
       size = shown.dump(-1, ' ', false, json::error_handler_t::replace).size()) {
    longest = longest * room / size * 99 / 100;
    shown = cut(text, longest);
  }
  return shown;
}

}  // namespace batch_view
