// Answers that a strict reader of JSON would refuse whole.
#include "engine/answer_text.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"

using namespace batch_view;

namespace {

std::string read(const std::string& json_text) {
  const auto body = read_json("[" + json_text + ",\"next\"]");
  REQUIRE(body);
  CHECK(body->at(1) == "next");
  return body->at(0).get<std::string>();
}

const std::string kMark = "\xEF\xBF\xBD";

}  // namespace

TEST_CASE("half of a surrogate pair is a replacement character, wherever it stands", "[answers]") {
  CHECK(read(R"("cut \uD83D")") == "cut " + kMark);
  CHECK(read(R"("\udbff then")") == kMark + " then");
  CHECK(read(R"("\uDE00")") == kMark);
  CHECK(read(R"("\uDE00\uD83D")") == kMark + kMark);
  CHECK(read(R"("\uD83D\uD83D\uDE00")") == kMark + "\xF0\x9F\x98\x80");
  CHECK(read(R"("\uD83D\n")") == kMark + "\n");
  CHECK(read(R"("\uD83D\\uDE00")") == kMark + "\\uDE00");
  CHECK(read(R"("\uD83Dx\uDE00")") == kMark + "x" + kMark);
  CHECK(read("\"\\uD83D\xF0\x9F\x98\x80\"") == kMark + "\xF0\x9F\x98\x80");
  const auto body = read_json(R"({"\uD83D":{"deep":["\uDC00",1]}})");
  REQUIRE(body);
  CHECK(body->at(kMark).at("deep").at(0) == kMark);
}

TEST_CASE("what can be read stays as it is", "[answers]") {
  CHECK(read(R"("\uD83D\uDE00 \u00e4 \" \\ \\uD83D \/ ü €")") == "\xF0\x9F\x98\x80 ä \" \\ \\uD83D / ü €");
  const std::string good = R"([{"a":"b\\"},{"c":"\\\uD83D\uDE00"}])";
  CHECK(readable_json(good) == good);
  CHECK(readable_json("").empty());
  for (const char* text : {"[1,\n\t2]", "{\"a\" : \"\"}", "\xEF\xBB\xBF[]"})
    CHECK(readable_json(text) == text);
}

TEST_CASE("bytes that are no UTF-8 and raw control characters in texts are replacement characters",
          "[answers]") {
  CHECK(read("\"a\xFF"
             "b\"") == "a" + kMark + "b");
  CHECK(read("\"Gr\xFC\xDF"
             "e\"") == "Gr" + kMark + kMark + "e");                      // Latin-1
  CHECK(read("\"\xED\xA0\xBD\"") == kMark + kMark + kMark);              // a surrogate in bytes
  CHECK(read("\"\xC0\xAF\"") == kMark + kMark);                          // longer than needed
  CHECK(read("\"\xF4\x90\x80\x80\"") == kMark + kMark + kMark + kMark);  // above U+10FFFF
  CHECK(read("\"\xE2\x82\"") == kMark + kMark);                          // cut
  CHECK(read("\"a\nb\x01\"") == "a" + kMark + "b" + kMark);
}

TEST_CASE("what is cut or no JSON at all is none", "[answers]") {
  for (const char* text :
       {"", "[", R"(["\u)", R"(["\uD8)", R"(["\uD83D)", R"(["\)", "<html>", "[\"a\xE2", "{]"})
    CHECK_FALSE(read_json(text));
}

TEST_CASE("a long text of nothing but damage is read in one pass", "[answers]") {
  std::string text = "[\"";
  for (int i = 0; i < 100'000; ++i) text += i % 2 == 0 ? "\\uD83D" : "\xFF";
  const auto body = read_json(text + "\"]");
  REQUIRE(body);
  CHECK(body->at(0).get<std::string>().size() == 300'000);
}
