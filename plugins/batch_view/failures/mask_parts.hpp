// The parts of a message that a mask replaces or keeps. Each function answers how many bytes at the cursor
// are such a part; 0: none. Pure, any thread.
#pragma once

#include "failures/mask_cursor.hpp"

namespace batch_view {

// Names that are made for one thing or one occasion (mask_ids.cpp).
class Ids : private Cursor {
 public:
  explicit Ids(const Cursor& cursor) : Cursor(cursor) {}

  std::size_t uuid() const;
  std::size_t mail() const;
  // 10.42.3.17, and IPv6 with at least two colons, with its scope.
  std::size_t ip() const;
  // /var/data/x.xml, C:\data\x.xml; not a web address, whose parts say what was asked.
  std::size_t path() const;
  // What follows "token=" or "Bearer", where it is no plain word.
  std::size_t secret() const;
  // erp-7f8b9c6d5-x2k4q: what an orchestrator adds to a name. From the first of its two parts on.
  std::size_t pod() const;
  // DE89370400440532013000, also in groups of four.
  std::size_t iban() const;
  // 0x7f3a, 3f9c2b7e1d: but no plain number, and no word such as "deadbeef".
  std::size_t hex_id() const;
  // Kq3x9TzB42p: letters with digits strewn in.
  std::size_t mixed_id() const;
};

// What says the cause and stays: codes and names of classes; and what is quoted, which stays where it names a
// part of a program (mask_names.cpp).
class Names : private Cursor {
 public:
  explicit Names(const Cursor& cursor) : Cursor(cursor) {}

  std::size_t quoted() const;
  // (a, b)=(1, 2): what stands in the second pair.
  std::size_t key_value() const;
  // What says by a number or a few letters what went wrong: ORA-00060, HTTP/1.1 500, status 503, SQLState
  // 42S02, 404 Not Found, 550 5.1.1, error code -1.
  std::size_t code() const;
  // org.h2.jdbc.JdbcSQLException, V2Service.load: words joined by dots, of which each begins with a letter.
  std::size_t java_name() const;

 private:
  // A letter; but not the quote that may follow.
  bool of_word_at(std::size_t i) const;
  bool has_digit(std::size_t from, std::size_t to) const;
  std::size_t product_code() const;
};

// Dates, times and durations (mask_times.cpp).
class Times : private Cursor {
 public:
  explicit Times(const Cursor& cursor) : Cursor(cursor) {}

  std::size_t timestamp() const;
  // 26. November 2026, Nov 26, 2026, Thu Nov 26 18:00:32 CET 2026.
  std::size_t written_date() const;
  // PT30.001S, P1DT2H.
  std::size_t iso_duration() const;
  // 30s, 1m30s, 30000 ms: from the number of `length` on.
  std::size_t duration_units(std::size_t length) const;

 private:
  std::size_t clock(std::size_t from) const;
  // A time behind a date of `length`, with what stands between them.
  std::size_t with_clock(std::size_t length) const;
};

}  // namespace batch_view
