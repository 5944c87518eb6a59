#include "http/page_answer.hpp"

#include <algorithm>
#include <cstdlib>

#include "http/gzip_stream.hpp"
#include "http/page_files.hpp"

namespace host::http {
namespace {

// OpenCalls `see` with each member of a comma separated list, without the space around it.
template <class See>
void each_member(std::string_view list, See see) {
  for (std::size_t at = 0; at <= list.size();) {
    const auto end = std::min(list.find(',', at), list.size());
    auto one = list.substr(at, end - at);
    const auto first = one.find_first_not_of(" \t");
    if (first != std::string_view::npos) see(one.substr(first, one.find_last_not_of(" \t") - first + 1));
    at = end + 1;
  }
}

bool same_word(std::string_view one, std::string_view other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return lower(a) == lower(b);
  });
}

// "gzip;q=0.5": the weight, 1 where none is said.
double weight_of(std::string_view member) {
  const auto mark = member.find(';');
  if (mark == std::string_view::npos) return 1;
  const auto q = member.find_first_of("qQ", mark);
  const auto equals = member.find('=', mark);
  if (q == std::string_view::npos || equals == std::string_view::npos) return 1;
  return std::strtod(std::string{member.substr(equals + 1)}.c_str(), nullptr);
}

constexpr const char* page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'";

const PageFile* file_at(std::string_view path) {
  for (const auto& file : page_files())
    if (path.size() == file.path.size() + 1 && path.substr(1) == file.path) return &file;
  return nullptr;
}

}  // namespace

bool accepts_coding(std::string_view header, std::string_view coding) {
  const bool identity = coding == "identity";
  std::optional<double> named, any;
  each_member(header, [&](std::string_view member) {
    const auto name = member.substr(0, member.find_first_of("; \t"));
    if (same_word(name, coding))
      named = weight_of(member);
    else if (name == "*")
      any = weight_of(member);
  });
  if (named) return *named > 0;
  if (any) return *any > 0;
  return identity;
}

bool names_tag(std::string_view if_none_match, std::string_view etag) {
  bool found = false;
  each_member(if_none_match, [&](std::string_view member) {
    if (member.substr(0, 2) == "W/") member.remove_prefix(2);
    found = found || member == "*" || member == etag;
  });
  return found;
}

std::optional<Response> page_answer(const Request& request) {
  const auto* file = file_at(request.path);
  if (file == nullptr) return std::nullopt;
  Response response;
  response.headers = {{"Content-Type", std::string{file->content_type}},
                      {"ETag", std::string{file->etag}},
                      {"Cache-Control", file->immutable ? "public, max-age=31536000, immutable" : "no-cache"},
                      {"Vary", "Accept-Encoding"}};
  // Of use for a document: scripts and styles obey the page that loads them.
  if (!file->immutable) response.headers.emplace_back("Content-Security-Policy", page_policy);
  if (names_tag(request.header("if-none-match"), file->etag)) {
    response.status = 304;
    return response;
  }
  const auto accepted = request.header("accept-encoding");
  if (accepts_coding(accepted, "br")) {
    response.headers.emplace_back("Content-Encoding", "br");
    response.fixed = file->brotli;
  } else if (accepts_coding(accepted, "gzip")) {
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.fixed = file->gzip;
  } else {
    response.body = gunzip(file->gzip);  // a proxy may let no coding through, and some clients ask for none
  }
  return response;
}

}  // namespace host::http
