// Reads a message from left to right and replaces what differs from job to job. In doubt a word is kept:
// causes that were split too finely join again where they are many (shared_sentences), what was thrown
// together never parts.
#include "failures/message_mask.hpp"

#include <algorithm>
#include <cstdint>

#include "failures/mask_parts.hpp"
#include "model/exception_text.hpp"

namespace batch_view {
namespace {

class Masking : private Cursor {
 public:
  explicit Masking(std::string_view text) : Cursor{text} {}

  std::string done() {
    while (at_ < text_.size() && (characters_ < compared_characters || goes_on())) step();
    return std::move(out_);
  }

 private:
  void step() {
    const Names names{*this};
    const Ids ids{*this};
    const Times times{*this};
    if (const auto length = names.quoted()) return replace(length, "‹…›");
    if (const auto length = names.key_value()) return replace(length, "‹…›");
    if (word_begins() || digit(at(at_)) != digit(before())) {
      if (const auto length = ids.uuid()) return replace(length, "‹id›");
      if (const auto length = times.timestamp()) return replace(length, "‹time›");
    }
    if (word_begins()) {
      if (const auto length = times.written_date()) return replace(length, "‹time›");
      if (const auto length = ids.mail()) return replace(length, "‹mail›");
      if (const auto length = ids.ip()) return replace(length, "‹ip›");
      if (const auto length = ids.path()) return replace(length, "‹path›");
      if (const auto length = names.code()) return keep(length);
      if (const auto length = ids.secret()) return replace(length, "‹id›");
      if (const auto length = times.iso_duration()) return replace(length, "‹duration›");
      if (const auto length = ids.pod()) return replace(length, "‹id›");
      if (const auto length = names.java_name()) return keep(length);
      if (const auto length = ids.iban()) return replace(length, "‹id›");
      if (const auto length = ids.hex_id()) return replace(length, "‹id›");
      if (const auto length = ids.mixed_id()) return replace(length, "‹id›");
    }
    if (const auto length = number()) {
      const auto unit = word_begins() ? times.duration_units(length) : 0;
      return unit > 0 ? replace(unit, "‹duration›") : replace(length + rest_of_reference(length), "‹n›");
    }
    keep(1);
  }

  // The same again, as the next of a list or a part of one number, says nothing more: 4711, 4712.
  void replace(std::size_t length, std::string_view by) {
    at_ += length;
    const auto behind = out_.substr(0, out_.find_last_not_of(" ,/;") + 1);
    const bool again = behind.size() < out_.size() && out_.size() - behind.size() <= 2 &&
                       behind.size() >= by.size() &&
                       behind.compare(behind.size() - by.size(), by.size(), by) == 0;
    if (again) {
      characters_ -= std::min(characters_, out_.size() - behind.size());
      out_.resize(behind.size());
      return;
    }
    out_ += by;
    characters_ += 3;
  }
  void keep(std::size_t length) {
    for (std::size_t i = 0; i < length; ++i, ++at_) {
      if (!goes_on() && ++characters_ > compared_characters) return;
      out_ += text_[at_];
    }
  }

  // 42, 1.250,00, 30000 of 30000ms.
  std::size_t number() const {
    auto end = at_;
    while (digit(at(end)) || ((at(end) == '.' || at(end) == ',') && end > at_ && digit(at(end + 1)))) ++end;
    return end - at_;
  }
  // The further parts of a reference such as ORD-2024-000123/AB, from its first number on.
  std::size_t rest_of_reference(std::size_t length) const {
    const bool reference = before() == '-' || before() == '_' || before() == '/' || letter(before());
    auto end = at_ + length;
    while (at(end) == '-' || at(end) == '_' || at(end) == '/') {
      auto part = end + 1;
      bool number = false;
      for (; digit(at(part)) || upper(at(part)); ++part) number = number || digit(at(part));
      if (part == end + 1 || of_word(at(part)) || (!reference && !number)) break;
      end = part;
    }
    return end - at_ - length;
  }

  std::size_t characters_ = 0;
  std::string out_;
};

}  // namespace

std::string masked(std::string_view message) {
  auto text = Masking{without_expression(message)}.done();
  // What is nothing but space is no message.
  return text.find_first_not_of(" \t\r\n") == std::string::npos ? std::string{} : text;
}

std::string key_of_cause(std::string_view masked) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;  // FNV-1a
  for (const char c : masked) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  std::string key;
  for (int shift = 60; shift >= 0; shift -= 4) key += "0123456789abcdef"[hash >> shift & 15U];
  return key;
}

}  // namespace batch_view
