// Names that are made for one thing or one occasion: each function answers how many bytes at the cursor are
// one, 0: none. Pure, any thread.
#pragma once

#include "failures/mask_cursor.hpp"

namespace batch_view {

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

}  // namespace batch_view
