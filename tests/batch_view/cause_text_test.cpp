// Failures read as causes: what differs from job to job is masked, what says the cause stays.
#include "cause_text.hpp"

#include "catch.hpp"

using namespace batch_view;

TEST_CASE("ids, numbers, timestamps and quoted parts are masked", "[causes]") {
  CHECK(masked("No job 112c24f6-e758-11f1-86f4-02fc00000001 found") == "No job ‹id› found");
  CHECK(masked("Read timed out after 30000 ms") == "Read timed out after ‹n› ms");
  CHECK(masked("30000ms, then 1.250,00 € and -3.5") == "‹n›ms, then ‹n› € and -‹n›");
  CHECK(masked("invoice INV-P-10017 refused") == "invoice INV-P-‹n› refused");
  CHECK(masked("sent 2026-11-24T00:35:26.044+0000, try") == "sent ‹time›, try");
  CHECK(masked("at 2026-11-24 00:35:26,044 and 00:35") == "at ‹time› and ‹time›");
  CHECK(masked("am 24.11.2026, 14:05:09 Uhr") == "am ‹time› Uhr");
  CHECK(masked("am 24.11.2026 um 14:05 Uhr") == "am ‹time› um ‹time› Uhr");
  CHECK(masked("'4711' and \"a b\" and `x`") == "‹…› and ‹…› and ‹…›");
  CHECK(masked("token Kq3x9TzB42p1 expired") == "token ‹id› expired");
}

TEST_CASE("German quotes are quotes, and an apostrophe is none", "[causes]") {
  CHECK(masked("Kunde „Müller & Søn“ fehlt") == "Kunde ‹…› fehlt");
  CHECK(masked("Kunde »Müller« fehlt") == "Kunde ‹…› fehlt");
  CHECK(masked("it's not there, don't ask") == "it's not there, don't ask");
  CHECK(masked("'it's \"paid\"' booked") == "‹…› booked");
  CHECK(masked("cut within 'a quo") == "cut within 'a quo");
}

TEST_CASE("hexadecimal ids are masked, words and plain numbers are not taken for them", "[causes]") {
  CHECK(masked("at 0x7f3a00 in Foo@6d06d69c") == "at ‹id› in Foo@‹id›");
  CHECK(masked("commit 3f9c2b7e1d failed") == "commit ‹id› failed");
  CHECK(masked("deadbeef and 12345678") == "deadbeef and ‹n›");
}

TEST_CASE("names of classes and codes of the engine stay", "[causes]") {
  CHECK(masked("org.h2.jdbc.JdbcSQLException: code 23505") == "org.h2.jdbc.JdbcSQLException: code ‹n›");
  CHECK(masked("ENGINE-03005 Execution of 'DELETE x[7]' failed.") == "ENGINE-03005 Execution of ‹…› failed.");
  CHECK(masked("com.example.V2Service.load(V2Service.java:88)") ==
        "com.example.V2Service.load(V2Service.java:‹n›)");
}

TEST_CASE("files are masked, the parts of a web address are not", "[causes]") {
  CHECK(masked("/var/data/in-7/a.xml (No such file)") == "‹path› (No such file)");
  CHECK(masked(R"(C:\data\in\a.xml: access denied)") == "‹path›: access denied");
  CHECK(masked("GET https://crm.example/customers/INV-7?view=full") ==
        "GET https://crm.example/customers/INV-‹n›?view=full");
  CHECK(masked("yes/no and <b>bold</b>") == "yes/no and <b>bold</b>");
}

TEST_CASE("two messages of one cause that the engine cut at different places are still one cause",
          "[causes]") {
  std::string one = "Refused for 7: ", other = "Refused for 123456789: ";
  while (one.size() < 660) one += "reason ";
  while (other.size() < 660) other += "reason ";
  CHECK(masked(one.substr(0, 666)) == masked(other.substr(0, 666)));
  CHECK(key_of_cause(masked(one)) == key_of_cause(masked(other)));
  CHECK(key_of_cause("a") != key_of_cause("b"));
  CHECK(key_of_cause("a").size() == 16);
}

TEST_CASE("no character is torn, whatever a message holds", "[causes]") {
  std::string long_one;
  for (int i = 0; i < 500; ++i) long_one += "東";
  CHECK(masked(long_one).size() == compared_characters * 3);
  CHECK(masked("") == "");
  CHECK(masked("\"") == "\"");
  CHECK(masked(std::string("a\0b", 3)) == std::string("a\0b", 3));
  CHECK(masked("\xff\xfe 7") == "\xff\xfe ‹n›");
}

TEST_CASE("the innermost exception is the last line that begins with Caused by", "[causes]") {
  CHECK(innermost_exception("a.b.Outer: words\n\tat a.b.C.d(C.java:1)\nCaused by: a.b.Middle: x\n"
                            "\t... 3 more\nCaused by: java.io.IOException: connection reset\n\tat x.y.Z\n") ==
        "java.io.IOException");
  CHECK(innermost_exception("a.b.Only\n\tat a.b.C.d(C.java:1)\n") == "a.b.Only");
  CHECK(innermost_exception("a.b.Outer: it said Caused by: nonsense.at.All: x\n\tat a.b.C") == "a.b.Outer");
  CHECK(innermost_exception("a.b.Outer: x\nCaused by: words that name no class\n") == "a.b.Outer");
  CHECK(innermost_exception("") == "");
  CHECK(innermost_exception("just words\nCaused by: ") == "");
}

TEST_CASE("an id in a message is found, but never the job's or the batch's own", "[causes]") {
  const std::string job = "112c24f6-e758-11f1-86f4-02fc00000001";
  const std::string other = "5f89dd50-e795-11f1-86f4-02fc00000001";
  CHECK(first_uuid("job " + job + " of instance " + other + ".", job, "") == other);
  CHECK(first_uuid("job " + job, job, "") == "");
  CHECK(first_uuid("no id here", "", "") == "");
}
