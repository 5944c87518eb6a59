#include "loader/body_scan.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "base/utf8.hpp"
#include "loader/shape_check.hpp"

namespace host::loader {
namespace {

using nlohmann::json;

// Follows the parser and keeps nothing but what the check keeps.
class Scan final : public nlohmann::json_sax<json> {
 public:
  Scan(std::size_t limit, const BodyShape& shape) : limit_(limit), check_(shape) {}
  const std::string& reason() const { return reason_.empty() ? check_.reason() : reason_; }
  ShapeCheck& check() { return check_; }

  bool null() override { return check_.value(ValueType::null, {}); }
  bool boolean(bool) override { return check_.value(ValueType::boolean, {}); }
  bool number_integer(number_integer_t) override { return check_.value(ValueType::number, {}); }
  bool number_unsigned(number_unsigned_t) override { return check_.value(ValueType::number, {}); }
  bool number_float(number_float_t, const string_t&) override { return check_.value(ValueType::number, {}); }
  bool string(string_t& text) override { return check_.value(ValueType::text, text); }
  bool binary(binary_t&) override { return true; }
  bool key(string_t& name) override { return check_.key(name); }
  bool start_object(std::size_t) override { return check_.value(ValueType::object, {}) && deeper(); }
  bool start_array(std::size_t) override { return check_.value(ValueType::array, {}) && deeper(); }
  bool end_object() override { return --depth_, check_.close(); }
  bool end_array() override { return --depth_, check_.close(); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    reason_ = "it is not JSON at byte " + std::to_string(position);
    return false;
  }

 private:
  bool deeper() {
    check_.open();
    if (++depth_ <= limit_) return true;
    reason_ = "it is nested deeper than " + std::to_string(limit_) + " levels";
    return false;
  }

  std::size_t limit_;
  std::size_t depth_ = 0;
  ShapeCheck check_;
  std::string reason_;
};

// A text that is known to be JSON, from one value to the next.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}
  char peek() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  void skip() { peek(), ++at_; }
  std::string_view value() {
    peek();
    const auto begin = at_;
    std::size_t depth = 0;
    do {
      const char c = text_[at_];
      if (c == '"') {
        for (++at_; text_[at_] != '"'; ++at_)
          if (text_[at_] == '\\') ++at_;
        ++at_;
      } else if (c == '{' || c == '[') {
        ++depth, ++at_;
      } else if (c == '}' || c == ']') {
        --depth, ++at_;
      } else if (depth > 0) {
        ++at_;
      } else {
        at_ = std::min(text_.find_first_of(",]} \t", at_), text_.size());
      }
    } while (depth > 0 && at_ < text_.size());
    return text_.substr(begin, at_ - begin);
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

std::string quoted(const std::string& text) {
  return json_text(json(text));
}

std::string without_rows(std::string_view rows, const std::vector<std::size_t>& bad) {
  Cursor cursor{rows};
  std::string kept = "[";
  cursor.skip();
  for (std::size_t row = 1; cursor.peek() != ']'; ++row) {
    const auto value = cursor.value();
    if (!std::binary_search(bad.begin(), bad.end(), row)) {
      if (kept.size() > 1) kept += ',';
      kept += value;
    }
    if (cursor.peek() == ',') cursor.skip();
  }
  return kept + ']';
}

// The same body without what is wrong in it, and with a warning for each of it. Text by text: a tree would
// ask for memory when it is taken down, too.
std::string mended(std::string_view line, const ShapeCheck& check) {
  std::string warnings;
  for (const auto& note : check.notes()) warnings += (warnings.empty() ? "" : ",") + quoted(note);
  std::string kept = "{";
  Cursor cursor{line};
  cursor.skip();
  while (cursor.peek() != '}') {
    const auto name = cursor.value();
    cursor.skip();
    const auto value = cursor.value();
    if (cursor.peek() == ',') cursor.skip();
    const auto member = known_json(name).get<std::string>();
    if (check.bad_members().count(member) != 0) continue;
    if (member == "warnings") {  // a list, or nothing
      const auto own = value.substr(1, value.size() - 2);
      if (value.front() == '[' && own.find_first_not_of(" \t") != std::string_view::npos)
        warnings += "," + std::string{own};
      continue;
    }
    kept += name;
    kept += ':';
    if (member == check.rows_member())
      kept += without_rows(value, check.bad_rows());
    else
      kept += value;
    kept += ',';
  }
  return kept + "\"warnings\":[" + warnings + "]}";
}

}  // namespace

Result<ScannedBody> scanned(std::string_view body, std::size_t depth, const BodyShape& shape) {
  constexpr std::size_t longest_reason = 300;
  Scan scan{depth, shape};
  if (!json::sax_parse(body.begin(), body.end(), &scan) || !scan.check().end())
    return Result<ScannedBody>::failed(std::string{first_bytes(scan.reason(), longest_reason)});
  ScannedBody made{std::string{body}, scan.check().notes()};
  std::replace_if(
      made.line.begin(), made.line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  if (!made.notes.empty()) made.line = mended(made.line, scan.check());
  return Result<ScannedBody>::of(std::move(made));
}

Result<std::string> on_one_line(std::string_view body, std::size_t depth) {
  auto made = scanned(body, depth, {});
  return made ? Result<std::string>::of(std::move(made->line)) : Result<std::string>::failed(made.reason);
}

}  // namespace host::loader
