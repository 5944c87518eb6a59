#include "answer_reader.hpp"

#include <algorithm>
#include <boost/beast/core/buffer_traits.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "retry_after.hpp"
#include "whole_body.hpp"

namespace rest_client {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

// Bounded, or an endless chunk extension would fill the memory; reserved, or each read would allocate.
constexpr std::size_t buffer_bytes = 65536;
constexpr std::size_t reserved_bytes = 16384;
constexpr std::size_t most_interim_answers = 10;

bool is_json(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find_first_of("; \t"));
  return beast::iequals(type, "application/json") ||
         (type.size() > 5 && beast::iequals(type.substr(type.size() - 5), "+json"));
}

// What can stand in a sentence for a person.
std::string printable(std::string text) {
  constexpr std::size_t longest = 2000;
  if (text.size() > longest) text.resize(longest);
  std::erase_if(text, [](char c) {
    return static_cast<unsigned char>(c) < 0x21 || static_cast<unsigned char>(c) > 0x7E;
  });
  return text;
}

std::string text_of(beast::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

struct AnswerReader::Parts {
  using Parser = http::response_parser<http::string_body>;

  Parts(std::string origin_, std::size_t max_header_) : origin(std::move(origin_)), max_header(max_header_) {
    buffer.reserve(reserved_bytes);
  }

  void new_parser() {
    parser.emplace();
    parser->header_limit(static_cast<std::uint32_t>(max_header));
    parser->body_limit(expectation.max_body);
    parser->skip(!expectation.body_expected);
    head_checked = false;
  }

  bool fail(FailureKind kind, const std::string& words) {
    answer = make_failure(kind, origin + " " + words);
    return true;
  }

  bool read();
  bool check_head();
  bool fail_for(const beast::error_code& error);
  void finish(bool possibly_cut);
  std::string problem_of_framing() const;

  const std::string origin;
  const std::size_t max_header;
  beast::flat_buffer buffer{buffer_bytes};
  std::optional<Parser> parser;
  Expectation expectation;
  std::size_t interim_answers = 0;
  bool head_checked = false;
  bool zipped = false;
  bool stays = false;
  std::optional<Answer> answer;
};

AnswerReader::AnswerReader(std::string origin, std::size_t max_header)
    : parts_(std::make_unique<Parts>(std::move(origin), max_header)) {}

AnswerReader::~AnswerReader() = default;

void AnswerReader::begin(const Expectation& expectation) {
  parts_->expectation = expectation;
  parts_->interim_answers = 0;
  parts_->stays = false;
  parts_->answer.reset();
  parts_->new_parser();
}

std::span<char> AnswerReader::room() {
  beast::flat_buffer& buffer = parts_->buffer;
  const auto space = buffer.prepare(std::min(reserved_bytes, buffer.max_size() - buffer.size()));
  return {static_cast<char*>(space.data()), space.size()};
}

bool AnswerReader::received(std::size_t count) {
  parts_->buffer.commit(count);
  return parts_->read();
}

bool AnswerReader::Parts::read() {
  while (buffer.size() > 0) {
    beast::error_code error;
    const std::size_t used = parser->put(buffer.data(), error);
    buffer.consume(used);
    const bool starved = error == http::error::need_more;
    if (error && !starved) return fail_for(error);
    if (parser->is_header_done() && !head_checked) {
      head_checked = true;
      if (parser->get().result_int() / 100 == 1) {
        if (parser->get().result_int() == 101)
          return fail(FailureKind::malformed, "switched the protocol unasked");
        if (++interim_answers > most_interim_answers) {
          return fail(FailureKind::malformed, "sent interim answers without end");
        }
        new_parser();
        continue;
      }
      if (check_head()) return true;
    }
    if (parser->is_done()) {
      finish(false);
      return true;
    }
    if (starved || used == 0) break;
  }
  if (buffer.size() == buffer.max_size()) {
    return fail(FailureKind::malformed, "sent a line or field that is too long");
  }
  return false;
}

bool AnswerReader::Parts::check_head() {
  const auto& head = parser->get();
  if (head.result_int() < 200) return fail(FailureKind::malformed, "answered with an impossible status");
  if (const std::string problem = problem_of_framing(); !problem.empty()) {
    return fail(FailureKind::malformed, problem);
  }
  const auto encoding = head[http::field::content_encoding];
  // Some proxies compress though they are asked not to.
  zipped = beast::iequals(encoding, "gzip") || beast::iequals(encoding, "x-gzip");
  if (!encoding.empty() && !zipped && !beast::iequals(encoding, "identity")) {
    return fail(FailureKind::malformed,
                "compressed its answer (" + text_of(encoding.substr(0, 40)) + ") unasked");
  }
  const bool json = is_json(text_of(head[http::field::content_type]));
  if (parser->need_eof() && (head.result_int() < 300 || json) && !(json && expectation.may_be_unframed)) {
    return fail(FailureKind::malformed,
                "answered " + std::to_string(head.result_int()) +
                    " without declaring the length of its body: a truncated one would look complete");
  }
  return false;
}

// Where the parser is lenient, two readers may see two different ends of one body.
std::string AnswerReader::Parts::problem_of_framing() const {
  const auto& head = parser->get();
  const std::size_t lengths = head.count(http::field::content_length);
  const std::size_t codings = head.count(http::field::transfer_encoding);
  if (lengths > 1 || codings > 1 || (lengths == 1 && codings == 1))
    return "said more than once how long its answer is";
  if (codings == 1 && !beast::iequals(head[http::field::transfer_encoding], "chunked")) {
    return "used a transfer encoding other than chunked";
  }
  if (codings == 1 && head.version() < 11) return "used chunks in HTTP/1.0";
  return {};
}

bool AnswerReader::Parts::fail_for(const beast::error_code& error) {
  if (error == http::error::body_limit || error == http::error::buffer_overflow) {
    return fail(FailureKind::too_large,
                "sends an answer of more than " + std::to_string(expectation.max_body) + " bytes");
  }
  if (error == http::error::header_limit) {
    return fail(FailureKind::malformed,
                "sends more than " + std::to_string(max_header) + " bytes of header in its answer");
  }
  return fail(FailureKind::malformed, "does not answer in valid HTTP (" + error.message() + ")");
}

void AnswerReader::ended(bool cleanly, const std::string& how) {
  Parts& parts = *parts_;
  if (!parts.parser->got_some()) {
    parts.fail(FailureKind::cut, how + " before it answered");
    return;
  }
  beast::error_code error;
  if (cleanly) parts.parser->put_eof(error);
  if (cleanly && !error && parts.head_checked) {
    parts.finish(true);
    return;
  }
  parts.fail(FailureKind::cut, how + " in the middle of its answer");
}

void AnswerReader::Parts::finish(bool possibly_cut) {
  auto& message = parser->get();
  Response response;
  response.status = static_cast<int>(message.result_int());
  response.content_type = text_of(message[http::field::content_type]);
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  response.retry_after =
      parse_retry_after(text_of(message[http::field::retry_after]), text_of(message[http::field::date]), now);
  response.date = parse_http_date(text_of(message[http::field::date]));
  response.location = printable(text_of(message[http::field::location]));
  response.body = std::move(message.body());
  if (zipped) {
    auto whole = unzipped(response.body, expectation.max_body);
    if (const auto* problem = std::get_if<UnzipProblem>(&whole)) {
      if (*problem == UnzipProblem::too_large)
        fail(FailureKind::too_large,
             "sends an answer of more than " + std::to_string(expectation.max_body) + " bytes");
      else
        fail(possibly_cut ? FailureKind::cut : FailureKind::malformed,
             possibly_cut ? "closed the connection in the middle of its answer"
                          : "sends a compressed answer that is damaged");
      return;
    }
    response.body = std::move(std::get<std::string>(whole));
  }
  // By its grammar a JSON value that is whole cannot be the beginning of a longer one; digits alone can.
  const bool whole_json = possibly_cut && is_json(response.content_type);
  if (whole_json && !is_whole_json(response.body)) {
    fail(FailureKind::cut, "closed the connection in the middle of its answer");
    return;
  }
  response.possibly_cut = possibly_cut && !whole_json;
  stays = !possibly_cut && parser->keep_alive() && buffer.size() == 0;
  answer = std::move(response);
}

Answer AnswerReader::take() {
  parts_->parser.reset();
  return *std::exchange(parts_->answer, std::nullopt);
}

bool AnswerReader::connection_stays() const {
  return parts_->stays;
}

}  // namespace rest_client
