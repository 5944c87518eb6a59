#include "plugins/body_scan.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace host::plugins {
namespace {

// Follows the parser, counts the depth and keeps nothing.
class Depth final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Depth(std::size_t limit) : limit_(limit) {}
  const std::string& reason() const { return reason_; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool key(string_t&) override { return true; }
  bool start_object(std::size_t) override { return deeper(); }
  bool start_array(std::size_t) override { return deeper(); }
  bool end_object() override { return --depth_, true; }
  bool end_array() override { return --depth_, true; }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    reason_ = "not JSON at byte " + std::to_string(position) + ": " + error.what();
    return false;
  }

 private:
  bool deeper() {
    if (++depth_ <= limit_) return true;
    reason_ = "nested deeper than " + std::to_string(limit_) + " levels";
    return false;
  }

  std::size_t limit_;
  std::size_t depth_ = 0;
  std::string reason_;
};

}  // namespace

Result<std::string> on_one_line(std::string_view body, std::size_t depth) {
  Depth scan{depth};
  if (!nlohmann::json::sax_parse(body.begin(), body.end(), &scan)) {
    constexpr std::size_t longest_reason = 300;
    return Result<std::string>::failed(scan.reason().substr(0, longest_reason));
  }
  std::string line{body};
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return Result<std::string>::of(std::move(line));
}

}  // namespace host::plugins
