// What every room of the host uses: texts cut without breaking a character, digests, secrets, deep JSON.
#include <array>
#include <nlohmann/json.hpp>

#include "base/hash.hpp"
#include "base/secret.hpp"
#include "base/strict_json.hpp"
#include "base/utf8.hpp"
#include "catch.hpp"

TEST_CASE("a text is counted and cut by characters") {
  const std::string text = "aü東𝄞z";  // of 1, 2, 3, 4 and 1 bytes
  CHECK(host::characters_in(text) == 5);
  CHECK(host::first_characters(text, 0).empty());
  CHECK(host::first_characters(text, 3) == "aü東");
  CHECK(host::first_characters(text, 5) == text);
  for (std::size_t most = 0; most <= text.size() + 1; ++most) {
    const auto cut = host::first_bytes(text, most);
    CAPTURE(most);
    CHECK(cut.size() <= most);
    CHECK(most - cut.size() < 4);
    CHECK(host::first_characters(text, host::characters_in(cut)) == cut);
  }
}

TEST_CASE("bytes that are no characters are cut all the same") {
  const std::string broken(10, '\x80');
  CHECK(host::first_bytes(broken, 4).empty());
  CHECK(host::characters_in(broken) == 0);
}

TEST_CASE("a digest is written in hexadecimal digits") {
  CHECK(host::hex_text(std::array<unsigned char, 3>{0x00, 0x7f, 0xff}) == "007fff");
  CHECK(host::sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("a secret that is wiped leaves nothing in its memory") {
  std::string secret = "a password that does not fit into the string itself";
  const auto* bytes = secret.data();
  const auto size = secret.size();
  host::wipe(secret);
  CHECK(secret.empty());
  for (std::size_t i = 0; i < size; ++i) REQUIRE(bytes[i] == '\0');
}

TEST_CASE("JSON that is nested too deeply, or has a name twice, is refused") {
  CHECK(host::parse_strict("[[1]]", 2));
  CHECK_THAT(host::parse_strict("[[[1]]]", 2).reason, ContainsSubstring("deeper than 2"));
  CHECK_THAT(host::parse_strict(std::string(200'000, '['), 32).reason, ContainsSubstring("deeper than 32"));
  CHECK_THAT(host::parse_strict(R"({"a":{"b":{"c":1}}})", 2).reason, ContainsSubstring("deeper"));
  CHECK_THAT(host::parse_strict(R"({"a":1,"a":2})", 2).reason, ContainsSubstring("twice"));
  CHECK(host::parse_strict(R"([{"a":1},{"a":2}])", 2));
  CHECK_FALSE(host::parse_strict("[1", 2));
}
