#include "whole_body.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <memory>

namespace rest_client {
namespace {

constexpr std::size_t part_bytes = 65536;
constexpr std::size_t deepest = 10'000;  // brackets within brackets

struct EndInflation {
  void operator()(z_stream* stream) const { ::inflateEnd(stream); }
};

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

}  // namespace

std::variant<std::string, UnzipProblem> unzipped(std::string_view body, std::size_t most) {
  constexpr int gzip_only = 15 + 16;
  z_stream stream{};
  if (body.size() > std::numeric_limits<uInt>::max() || ::inflateInit2(&stream, gzip_only) != Z_OK)
    return UnzipProblem::damaged;
  const std::unique_ptr<z_stream, EndInflation> end{&stream};
  std::string input{body};  // zlib wants what it may change
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  std::string out;
  std::string part(part_bytes, '\0');
  for (;;) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = static_cast<uInt>(part.size());
    const int done = ::inflate(&stream, Z_NO_FLUSH);
    const std::size_t made = part.size() - stream.avail_out;
    if (out.size() + made > most) return UnzipProblem::too_large;
    out.append(part, 0, made);
    if (done == Z_STREAM_END) {
      if (stream.avail_in == 0) return out;
      if (::inflateReset(&stream) != Z_OK) return UnzipProblem::damaged;
    } else if (done != Z_OK || (made == 0 && stream.avail_in == 0)) {
      return UnzipProblem::damaged;
    }
  }
}

bool is_whole_json(std::string_view body) {
  while (!body.empty() && is_blank(body.front())) body.remove_prefix(1);
  while (!body.empty() && is_blank(body.back())) body.remove_suffix(1);
  if (body.empty() || (body.front() != '{' && body.front() != '[')) return false;
  std::string open;  // the brackets that wait for their ends
  bool in_text = false;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const char c = body[i];
    if (in_text) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '{' || c == '[') {
      if (open.size() == deepest) return false;
      open += c == '{' ? '}' : ']';
    } else if (c == '}' || c == ']') {
      if (open.empty() || open.back() != c) return false;
      open.pop_back();
      if (open.empty()) return i + 1 == body.size();
    }
  }
  return false;
}

}  // namespace rest_client
