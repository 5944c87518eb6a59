// Failures read as causes: what differs from job to job is masked, what says the cause stays.
#include "failures/message_mask.hpp"

#include "catch.hpp"
#include "model/exception_text.hpp"

using namespace batch_view;

TEST_CASE("ids, numbers, timestamps and quoted parts are masked", "[causes]") {
  CHECK(masked("No job 112c24f6-e758-11f1-86f4-02fc00000001 found") == "No job ‹id› found");
  CHECK(masked("Read timed out after 30000 ms") == "Read timed out after ‹duration›");
  CHECK(masked("30000ms, then 1.250,00 € and -3.5") == "‹duration›, then ‹n› € and -‹n›");
  CHECK(masked("invoice INV-P-10017 refused") == "invoice INV-P-‹n› refused");
  CHECK(masked("sent 2026-11-24T00:35:26.044+0000, try") == "sent ‹time›, try");
  CHECK(masked("at 2026-11-24 00:35:26,044 and 00:35") == "at ‹time› and ‹time›");
  CHECK(masked("am 24.11.2026, 14:05:09 Uhr") == "am ‹time› Uhr");
  CHECK(masked("am 24.11.2026 um 14:05 Uhr") == "am ‹time› Uhr");
  CHECK(masked("'4711' and \"a b\" and `Weber`") == "‹…› and ‹…› and ‹…›");
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
  CHECK(masked("org.h2.jdbc.JdbcSQLException: code 23505") == "org.h2.jdbc.JdbcSQLException: code 23505");
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

namespace {
struct Pair {
  const char* one;
  const char* other;
};
}  // namespace

TEST_CASE("messages that differ in what is made for one job or one occasion are one cause", "[causes]") {
  const Pair pairs[] = {
      {"Connect to erp-7f8b9c6d5-x2k4q.prod.svc:8443 [erp/10.42.3.17] failed: Connection refused",
       "Connect to erp-6c9d8b7f4-p9m2z.prod.svc:8443 [erp/10.42.1.9] failed: Connection refused"},
      {"550 5.1.1 no mailbox here: jane.roe@mail.example", "550 5.1.1 no mailbox here: a.b+c@other.example"},
      {"Host fe80::1ff:fe23:4567:890a unreachable", "Host 2001:db8::8a2e:370:7334 unreachable"},
      {"Vertrag vom 26. November 2026 fehlt", "Vertrag vom 3. Januar 2025 fehlt"},
      {"ERROR: duplicate key value violates unique constraint \"uk_a\"  Detail: Key (proc_id)=(aa1) already "
       "exists.",
       "ERROR: duplicate key value violates unique constraint \"uk_a\"  Detail: Key (proc_id)=(bb2) already "
       "exists."},
      {"Order ORD-2024-000123/AB not found", "Order ORD-2025-9/CD not found"},
      {"Timeout after PT30.001S", "Timeout after PT1M2.5S"},
      {"Cannot parse ’O’Brien’ as number", "Cannot parse ’D’Arcy’ as number"},
      {"Betrag 1.234,56 EUR überschreitet das Limit", "Betrag 987,00 EUR überschreitet das Limit"},
      {"HTTP 500 from https://erp.example/api/orders/4711?x=1",
       "HTTP 500 from https://erp.example/api/orders/815?x=2"},
      {"Pod payment-api-5d4f8c7b9-abcde is not ready", "Pod payment-api-6b9c8d7f5-x7k2p is not ready"},
      {"User jane@corp.example has no rights", "User bob.x@other.example.org has no rights"},
      {"Call from 192.168.1.4 refused", "Call from 10.0.0.17 refused"},
      {"Call from [::1]:8080 refused", "Call from [2001:db8::1]:443 refused"},
      {"Expired on Nov 26, 2026 at 14:05", "Expired on Jan 3, 2025 at 09:30"},
      {"Thu Nov 26 18:00:32 UTC 2026: no answer", "Fri Dec 4 08:10:02 CET 2026: no answer"},
      {"am 3. März 2026 um 14:05 Uhr abgelaufen", "am 17. Dezember 2025 um 9:15 Uhr abgelaufen"},
      {"valid until 2026-11-26T18:00:00+01:00[Europe/Berlin]", "valid until 2025-01-02T03:04:05Z"},
      {"took 1m30s", "took 45s"},
      {"took 30000 ms, limit 5 s", "took 31234 ms, limit 5 s"},
      {"after P1DT2H", "after PT5M"},
      {"IBAN DE89370400440532013000 is invalid", "IBAN FR7630006000011234567890189 is invalid"},
      {"IBAN DE89 3704 0044 0532 0130 00 is invalid", "IBAN DE12 5001 0517 0648 4898 90 is invalid"},
      {"Key (a, b)=(1, Weber) exists", "Key (a, b)=(2, Bauer und Sohn) exists"},
      {"token=Ab3dE9fGh1 expired", "token=Zz8yX7wVu2 expired"},
      {"Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-DEF refused",
       "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI5OTkifQ.xyz_123 refused"},
      {"Object Foo@1b2c3d not serializable", "Object Foo@7e8f not serializable"},
      {"ids 4711, 4712, 4713 not found", "ids 1, 2 not found"},
      {"Kunde 'Weber' fehlt", "Kunde 'Müller' fehlt"},
      {"Customer \"Weber & Sons\" unknown", "Customer \"Acme\" unknown"},
      {"file '/data/in/a.xml' missing", "file '/data/in/b.xml' missing"},
      {"Cannot read 'report-7.pdf'", "Cannot read 'offer.pdf'"},
      {"Order INV-P-10017 refused", "Order INV-P-7 refused"},
      {"line 17, column 3: unexpected token", "line 4, column 88: unexpected token"},
      {"phone +49 170 1234567 invalid", "phone +1 555 123 4567 invalid"},
      {"Timeout waiting for 127.0.0.1:5432", "Timeout waiting for 127.0.0.2:5433"},
      {"Message <abc.123@mail.example> bounced", "Message <def.9@mx.example> bounced"}};
  for (const auto& [one, other] : pairs) {
    CAPTURE(one, other);
    CHECK(masked(one) == masked(other));
  }
}

TEST_CASE("messages that differ in what went wrong or in a part of the program are two causes", "[causes]") {
  const Pair pairs[] = {
      {"HTTP 401 Unauthorized", "HTTP 500 Internal Server Error"},
      {"Server returned HTTP response code: 401 for URL: https://erp.example/api/orders/4711",
       "Server returned HTTP response code: 503 for URL: https://erp.example/api/orders/815"},
      {"SQLState 40001", "SQLState 23505"},
      {"Missing field \"iban\"", "Missing field \"bic\""},
      {"No bean named 'erpService' available", "No bean named 'mailService' available"},
      {"ORA-00060: deadlock", "ORA-00001: unique"},
      {"error code -1", "error code 1"},
      {"HTTP status 404", "HTTP status 500"},
      {"status=404 for /x", "status=503 for /x"},
      {"status code: 401", "status code: 403"},
      {"statusCode=404", "statusCode=409"},
      {"HTTP/1.1 404 Not Found", "HTTP/1.1 502 Bad Gateway"},
      {"404 Not Found: [no body]", "403 Forbidden: [no body]"},
      {"[401] during [GET] to [https://x/y]", "[503] during [GET] to [https://x/y]"},
      {"SQLState: 42S02", "SQLState: 23505"},
      {"SQLSTATE[23000]: x", "SQLSTATE[42S22]: x"},
      {"SQL error 1062", "SQL error 1451"},
      {"SQLCODE=-803, SQLSTATE=23505", "SQLCODE=-911, SQLSTATE=40001"},
      {"Unknown column 'customer_id' in 'field list'", "Unknown column 'order_id' in 'field list'"},
      {"null value in column \"name\" violates not-null constraint",
       "null value in column \"street\" violates not-null constraint"},
      {"Property 'Name' is required", "Property 'Street' is required"},
      {"Feld „Straße“ fehlt", "Feld „Ort“ fehlt"},
      {"No bean of type 'com.example.ErpService'", "No bean of type 'com.example.MailService'"},
      {"Unknown property used in expression: ${orderId}",
       "Unknown property used in expression: ${customerId}"},
      {"Cannot invoke \"com.x.Order.getId()\" because \"order\" is null",
       "Cannot invoke \"com.x.Order.getName()\" because \"order\" is null"},
      {"violates foreign key constraint \"fk_order_customer\"",
       "violates foreign key constraint \"fk_order_item\""},
      {"exit code 1", "exit code 137"},
      {"exited with 1", "exited with code 2"},
      {"errno 13", "errno 2"},
      {"error code -1", "error code 2"},
      {"550 5.1.1 no mailbox", "552 5.2.2 mailbox full"},
      {"TNS-12541: x", "TNS-12154: x"},
      {"DB error ORA-01017", "DB error ORA-28000"},
      {"SQL0803N x", "SQL0911N x"},
      {"ENGINE-03005 x", "ENGINE-09005 x"},
      {"No enum constant com.x.Color.RED", "No enum constant com.x.Color.BLUE"},
      {"java.lang.NullPointerException", "java.lang.IllegalStateException"},
      {"Fehlercode 17", "Fehlercode 18"},
      {"rc=8", "rc=12"},
      {"returned HTTP response code: 401", "returned HTTP response code: 500"},
      {"GET https://erp.example/api/orders/4711 failed", "POST https://erp.example/api/orders/4711 failed"},
      {"Process 'invoice' not found", "Process 'orderApproval' not found"},
      {"received fault code soap:Client", "received fault code soap:Server"}};
  for (const auto& [one, other] : pairs) {
    CAPTURE(one, other);
    CHECK(masked(one) != masked(other));
  }
}

TEST_CASE("what is nothing but space is no message", "[causes]") {
  for (const auto* message : {"", " ", "  \t", "\r\n"}) CHECK(masked(message).empty());
}
