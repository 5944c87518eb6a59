// Dates, times and durations in a message: each function answers how many bytes at the cursor are one, 0:
// none. Pure, any thread.
#pragma once

#include "failures/mask_cursor.hpp"

namespace batch_view {

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
