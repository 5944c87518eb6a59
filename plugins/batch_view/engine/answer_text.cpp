#include "engine/answer_text.hpp"

#include <nlohmann/json.hpp>
#include <string_view>

namespace batch_view {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr std::string_view escaped_replacement = "\\uFFFD";  // as long as what it replaces

// The unit that an escape such as \uD83D at `at` stands for; nothing where there is none.
std::optional<unsigned> escaped_unit(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  unsigned unit = 0;
  for (std::size_t i = at + 2; i < at + 6; ++i) {
    const char c = text[i];
    const auto digit = c >= '0' && c <= '9'   ? c - '0'
                       : c >= 'a' && c <= 'f' ? c - 'a' + 10
                       : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                              : -1;
    if (digit < 0) return std::nullopt;
    unit = unit * 16 + static_cast<unsigned>(digit);
  }
  return unit;
}

bool is_high(unsigned unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low(unsigned unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

// How many bytes the character at `at` has; 0: they are no UTF-8 (RFC 3629: neither longer than needed, nor a
// surrogate, nor above U+10FFFF).
std::size_t character_bytes(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead < 0xF0) {
    if ((lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) >= 0xA0)) return 0;
    return follows(1) && follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead < 0xF5) {
    if ((lead == 0xF0 && byte(1) < 0x90) || (lead == 0xF4 && byte(1) >= 0x90)) return 0;
    return follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

class Mending {
 public:
  explicit Mending(std::string text) : text_(std::move(text)) {}

  std::string done() {
    while (at_ < text_.size()) step();
    if (mended_.empty()) return std::move(text_);
    mended_.append(text_, kept_to_);
    return std::move(mended_);
  }

 private:
  void step() {
    const auto byte = static_cast<unsigned char>(text_[at_]);
    if (byte == '\\') return escape();
    if (byte == '"') in_text_ = !in_text_;
    if (byte < 0x20 && in_text_) return replace(1, replacement);
    if (byte < 0x80) {
      ++at_;
      return;
    }
    const auto bytes = character_bytes(text_, at_);
    if (bytes == 0) return replace(1, replacement);
    at_ += bytes;
  }

  void escape() {
    const auto unit = escaped_unit(text_, at_);
    if (!unit) {
      at_ += 2;  // "\\" or "\"": the second one begins nothing
      return;
    }
    if (is_high(*unit)) {
      const auto next = escaped_unit(text_, at_ + 6);
      if (next && is_low(*next)) {
        at_ += 12;
        return;
      }
    }
    if (is_high(*unit) || is_low(*unit)) return replace(6, escaped_replacement);
    at_ += 6;
  }

  void replace(std::size_t bytes, std::string_view by) {
    if (mended_.empty()) mended_.reserve(text_.size() + 64);
    mended_.append(text_, kept_to_, at_ - kept_to_).append(by);
    at_ += bytes;
    kept_to_ = at_;
  }

  std::string text_;
  std::string mended_;  // all before kept_to_; empty while nothing had to be replaced
  std::size_t at_ = 0, kept_to_ = 0;
  bool in_text_ = false;
};

}  // namespace

std::string readable_json(std::string text) {
  return Mending{std::move(text)}.done();
}

std::optional<nlohmann::json> read_json(std::string text) {
  auto body = nlohmann::json::parse(readable_json(std::move(text)), nullptr, false);
  if (body.is_discarded()) return std::nullopt;
  return body;
}

}  // namespace batch_view
