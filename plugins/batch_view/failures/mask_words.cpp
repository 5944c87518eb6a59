#include "failures/mask_words.hpp"

#include <algorithm>
#include <iterator>

namespace batch_view {
namespace {

template <std::size_t Count>
bool among(std::string_view word, const std::string_view (&words)[Count]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

bool ends_with(std::string_view word, std::string_view ending) {
  return word.size() >= ending.size() && word.substr(word.size() - ending.size()) == ending;
}

constexpr std::string_view months[] = {
    "january",  "february", "march",  "april",   "may",  "june", "july",  "august", "september", "october",
    "november", "december", "januar", "februar", "märz", "mai",  "juni",  "juli",   "oktober",   "dezember",
    "jan",      "feb",      "mar",    "apr",     "jun",  "jul",  "aug",   "sep",    "sept",      "oct",
    "nov",      "dec",      "mrz",    "mär",     "okt",  "dez",  "jänner"};
constexpr std::string_view weekdays[] = {
    "monday",   "tuesday",    "wednesday", "thursday", "friday",   "saturday", "sunday", "mon",
    "tue",      "wed",        "thu",       "fri",      "sat",      "sun",      "montag", "dienstag",
    "mittwoch", "donnerstag", "freitag",   "samstag",  "sonntag",  "mo",       "di",     "mi",
    "do",       "fr",         "sa",        "so",       "sonnabend"};
constexpr std::string_view code_words[] = {
    "http",       "status", "code",   "sqlstate",  "sqlcode",    "errno",      "exit",       "rc",
    "error",      "err",    "fehler", "errorcode", "fehlercode", "statuscode", "returncode", "retcode",
    "vendorcode", "fault",  "reason", "errno",     "abend",      "signal"};
constexpr std::string_view name_words[] = {
    "field",    "column",     "property", "bean",      "named",       "attribute", "parameter", "param",
    "variable", "var",        "element",  "key",       "constraint",  "index",     "table",     "type",
    "class",    "method",     "function", "tag",       "header",      "topic",     "queue",     "script",
    "template", "activity",   "step",     "service",   "connector",   "operation", "endpoint",  "resource",
    "relation", "schema",     "sequence", "view",      "enum",        "constant",  "process",   "definition",
    "delegate", "expression", "feld",     "spalte",    "eigenschaft", "tabelle",   "typ",       "klasse",
    "methode",  "funktion",   "namens",   "schlüssel", "dienst",      "skript",    "vorlage",   "aktivität",
    "schritt",  "prozess"};
constexpr std::string_view secret_words[] = {"token",   "bearer", "password",  "passwort",
                                             "secret",  "apikey", "signature", "nonce",
                                             "session", "jwt",    "cookie"};
constexpr std::string_view reasons[] = {
    "bad",     "unauthorized", "payment",     "forbidden",     "not",    "method",
    "proxy",   "request",      "conflict",    "gone",          "length", "precondition",
    "payload", "uri",          "unsupported", "unprocessable", "locked", "failed",
    "too",     "internal",     "service",     "gateway",       "http",   "content"};
constexpr std::string_view units[] = {
    "ns",  "us",   "µs",     "ms",      "msec",  "msecs",    "millis", "milliseconds", "s",
    "sec", "secs", "second", "seconds", "m",     "min",      "mins",   "minute",       "minutes",
    "h",   "hr",   "hrs",    "hour",    "hours", "sekunden", "minuten"};
constexpr std::string_view products[] = {"engine", "ora",  "tns", "pls",      "sql",  "sp2",  "rman",
                                         "jdbc",   "hv",   "hhh", "cam",      "jbas", "wfly", "wflyejb",
                                         "amq",    "amqp", "bea", "srve",     "cwwk", "dsn",  "weld",
                                         "arjuna", "http", "err", "sqlstate", "kafka"};
constexpr std::string_view endings[] = {"xml", "json", "csv", "pdf",  "txt", "zip", "gz",  "docx",
                                        "doc", "xlsx", "xls", "html", "htm", "png", "jpg", "jpeg",
                                        "tif", "tiff", "eml", "log",  "dat", "yaml"};

}  // namespace

bool is_month(std::string_view word) {
  return among(word, months);
}
bool is_weekday(std::string_view word) {
  return among(word, weekdays);
}
bool announces_code(std::string_view word) {
  return among(word, code_words) || ends_with(word, "code") || ends_with(word, "status");
}
bool announces_name(std::string_view word) {
  return among(word, name_words);
}
bool announces_secret(std::string_view word) {
  return among(word, secret_words) || ends_with(word, "token") || ends_with(word, "password");
}
bool begins_reason(std::string_view word) {
  return among(word, reasons);
}
bool is_time_unit(std::string_view word) {
  return among(word, units);
}
bool begins_product_code(std::string_view letters) {
  return among(letters, products);
}
bool is_file_ending(std::string_view word) {
  return among(word, endings);
}

}  // namespace batch_view
