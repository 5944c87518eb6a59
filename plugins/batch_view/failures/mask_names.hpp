// What says the cause and stays: codes, names of classes; and what is quoted, which stays where it names a
// part of a program. Each function answers how many bytes at the cursor are one, 0: none. Pure, any thread.
#pragma once

#include "failures/mask_cursor.hpp"

namespace batch_view {

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

}  // namespace batch_view
